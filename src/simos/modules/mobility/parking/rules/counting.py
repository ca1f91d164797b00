"""How many spaces are free, from what gates have counted or what sensors see of single spaces. Pure.

A gate tells running totals: each car is the total's next number. So a message that is lost, repeated or late does no
harm, and the count is a function of what is known, in whatever order it came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate's totals of cars that came in and went out: now, and at the instant from which is counted."""

    entered: int = 0
    left: int = 0
    entered_before: int = 0
    left_before: int = 0

    @property
    def began_anew(self) -> bool:
        """Whether a total has fallen, as it does where the device was exchanged or lost its memory."""
        return self.entered < self.entered_before or self.left < self.left_before


class SpotStatus(StrEnum):
    """What a sensor says of one space, in Smart Data Models' words."""

    FREE = "free"
    OCCUPIED = "occupied"
    UNKNOWN = "unknown"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """Spaces that are free. `astray`: how far the sum lies below none (less than zero) or above all (more).

    `unknown`: spaces of which nobody knows; they are not counted as free.
    """

    free: int
    astray: int = 0
    unknown: int = 0


def free_by_gates(gates: Iterable[Gate], *, capacity: int, free_before: int) -> Reckoned | None:
    """What was free at the instant from which is counted, and what has come and gone since; from none to all.

    None where a gate began anew: what it has counted is lost, and only somebody who looks can say what is free.
    """
    free = free_before
    for gate in gates:
        if gate.began_anew:
            return None
        free += (gate.left - gate.left_before) - (gate.entered - gate.entered_before)
    within = min(capacity, max(0, free))
    return Reckoned(free=within, astray=free - within)


def free_by_spots(statuses: Iterable[str]) -> Reckoned:
    """The sum of single spaces. A word that is not in the list of statuses is as good as none."""
    known = {SpotStatus.FREE, SpotStatus.OCCUPIED, SpotStatus.CLOSED}
    free = unknown = 0
    for status in statuses:
        free += status == SpotStatus.FREE
        unknown += status not in known
    return Reckoned(free=free, unknown=unknown)
