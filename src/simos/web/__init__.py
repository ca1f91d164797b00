"""The design system and the kinds of page."""
