"""The officers' side at /office/: Wagtail's admin behind the city's wall, registers and desks. Closed by default."""
