"""Older days of history, in Parquet files that everybody can read: written, asked, kept in order."""
