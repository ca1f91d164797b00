"""How a city is doing: the indicators of all its modules, on pages, for programs and at a desk of the office."""
