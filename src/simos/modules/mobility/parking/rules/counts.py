"""What a count of free spaces means to a driver, and how long it is worth anything. Pure."""

from datetime import datetime, timedelta

from simos.modules.mobility.parking.values import Count, State

FRESH = timedelta(hours=6)
"""A count older than this is not shown as the present. Sources send changes only, and at night little changes."""

OVER_SHARE, OVER_SPACES = 0.1, 2
"""More free than built, by more than this, cannot be: the capacity in the register may be a little off, not more."""

FEW_SHARE, FEW_SPACES = 0.1, 10
"""Few: at most a tenth of the capacity; where that is unknown, at most ten spaces."""


def state_of(count: Count | None, capacity: int | None, now: datetime) -> State:
    """What to tell a driver. A count from the future is trusted as far as one from the past; one that cannot be true,
    or whose source is doubted, not at all."""
    if count is None:
        return State.UNKNOWN
    if count.doubted or abs(now - count.observed_at) > (count.holds or FRESH) or out_of_reason(count.free, capacity):
        return State.STALE
    if count.free <= 0:
        return State.FULL
    return State.FEW if count.free <= few_for(capacity) else State.FREE


def out_of_reason(free: int, capacity: int | None) -> bool:
    """Whether so many free spaces cannot be: fewer than none, or clearly more than were built."""
    return free < 0 or (capacity is not None and free > most_for(capacity))


def most_for(capacity: int) -> int:
    """The number of free spaces up to which a count can be true."""
    return int(capacity * (1 + OVER_SHARE)) + OVER_SPACES


def few_for(capacity: int | None) -> int:
    """The number of free spaces from which down they count as few."""
    return FEW_SPACES if capacity is None else max(1, round(capacity * FEW_SHARE))


def occupancy_of(count: Count | None, capacity: int | None) -> float | None:
    """The occupied share from 0 to 1; None where it cannot be known. More free than built counts as empty."""
    if count is None or not capacity:
        return None
    return min(1.0, max(0.0, 1 - count.free / capacity))
