"""Indicators: what modules measure of their own work, kept with where each value comes from. Knows no page, no hub."""
