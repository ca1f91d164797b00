"""What is known of a facility just now: the count, and what it means to a driver."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """What a driver needs to know of a facility."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"  # outside its hours, or closed by the office
    STALE = "stale"  # there is a count, but too old to be trusted, or of a source that is doubted
    UNKNOWN = "unknown"  # nothing was ever counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Free spaces, and when they were counted (aware UTC).

    `holds`: how long it stands for the present; None: as long as counts commonly do. `doubted`: its source was found to
    be silent or faulty, so that it is not to be shown as the present.
    """

    free: int
    observed_at: datetime
    holds: timedelta | None = None
    doubted: bool = False
