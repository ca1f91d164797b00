"""A module as a stranger would write it, for the tests of the web floor."""
