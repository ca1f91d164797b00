"""The open-data catalogue: what each city gives away, and how to take it."""
