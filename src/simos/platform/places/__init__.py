"""Public places of the country: who and where they are, not whose. Federation-wide facts, before the wall."""
