"""The log of who did what to what, when and why: append-only, hash-chained. Knows no city rows and no accounts."""
