"""Django apps that modules stand on: the building blocks."""
