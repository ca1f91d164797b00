"""What can be wrong with source files, seen by reading them. Nothing here runs the code that it looks at."""
