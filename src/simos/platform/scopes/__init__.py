"""The cities, what is switched on in them, and the wall between them. Everything above stands behind that wall."""
