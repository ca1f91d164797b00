"""Tests of the platform's building blocks, on whichever database the settings name."""
