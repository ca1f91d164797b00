"""The module mobility/guidance: panels at the roads that lead drivers to free spaces; module.py says what it is."""
