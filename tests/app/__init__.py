"""Tests of the whole product: a platform that runs as its own processes, asked and hurt from outside."""
