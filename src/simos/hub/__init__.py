"""The city's things, live and over time. Knows things, never people. No Django."""
