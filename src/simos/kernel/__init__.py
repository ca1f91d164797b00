"""Pure values and contracts that everything else stands on. No I/O, no Django."""
