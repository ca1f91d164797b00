"""The lake: history in files, moved, asked, kept."""
