"""One language's formats."""
