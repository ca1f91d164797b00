"""What an office, and the platform for it, does with panels: one file for each concern."""
