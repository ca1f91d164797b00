"""Parties (people, companies, units), their identifiers and accounts. Knows no sign-in pages and no rights."""
