"""Wiring only: settings, urls, front, processes, command line."""
