"""Data that comes in another's words: mappings to entities, feeds that bring it, and bulk loads. No Django."""
