"""Parties (people, companies, units) and the accounts by which they come in. Knows no sign-in pages and no rights."""
