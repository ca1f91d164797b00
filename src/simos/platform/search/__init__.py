"""One search across what modules export: an index in the register, the same on both databases."""
