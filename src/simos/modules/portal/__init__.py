"""The way in: the consortium's and the cities' homes, and what is a person's own."""
