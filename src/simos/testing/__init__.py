"""In-memory twins, factories and clocks; shipped, so that other people's modules are testable."""
