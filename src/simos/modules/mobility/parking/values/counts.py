"""What is known of a facility just now: the count, and what it means to a driver."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What a driver needs to know of a facility."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"  # outside its hours, or closed by the office
    STALE = "stale"  # there is a count, but too old to be trusted
    UNKNOWN = "unknown"  # nothing was ever counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Free spaces, and when they were counted (aware UTC)."""

    free: int
    observed_at: datetime
