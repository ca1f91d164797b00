"""Pure values and contracts that everything else stands on. No Django; no I/O, except that `checking` reads files."""
