"""A module with an API, as a stranger would write it: notes that visitors read and officers write."""
