"""Where to park: which facilities fit a driver's needs, in what order, and why. Pure.

What is closed, too low, without the wanted spaces or without a place on arrival is never recommended; that of which
nobody knows anything is not either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WALK_METRES_A_MINUTE = 75
"""An unhurried walk (4.5 km/h)."""

DETOUR = 1.3
"""Streets are longer than the line through the air by so much, as is usual in towns."""

FARTHEST_METRES = 2500
"""Nobody walks farther from a car park."""

EURO_IN_MINUTES = 6.0
"""Paying one euro more weighs as much as walking six minutes more: an hour's time at ten euros."""

RISK_IN_MINUTES = 20.0
"""Driving on to the next car park, and back, where there is no space after all."""


class Ruled(StrEnum):
    """Why a facility is not recommended."""

    CLOSED = "closed"
    TOO_LOW = "too-low"
    NOT_KEPT = "not-kept"  # it has no such spaces
    FULL = "full"
    UNKNOWN = "unknown"
    FAR = "far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the driver needs; `height_cm` of the vehicle."""

    disabled: bool = False
    charging: bool = False
    covered: bool = False
    height_cm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A facility as it will be on arrival. `low`, `middle`, `high`: free spaces then, None where nobody knows.

    `few`: from so many free spaces down they count as few. `fee_cents`: for the stay, None where it is not known.
    """

    code: str
    walk_metres: float
    open: bool = True
    low: int | None = None
    middle: int | None = None
    high: int | None = None
    few: int = 10
    disabled: int = 0
    charging: int = 0
    covered: bool = False
    height_cm: int | None = None
    fee_cents: int | None = None


def walk_of(air_metres: float) -> float:
    """Metres on foot for so many through the air."""
    return air_metres * DETOUR


def minutes_on_foot(metres: float) -> int:
    """Whole minutes, at least one."""
    return max(1, round(metres / WALK_METRES_A_MINUTE))


def why_not(candidate: Candidate, wanted: Wanted) -> Ruled | None:
    """What speaks against recommending it at all; None where nothing does."""
    if not candidate.open:
        return Ruled.CLOSED
    if candidate.height_cm is not None and (wanted.height_cm or 0) > candidate.height_cm:
        return Ruled.TOO_LOW
    kept = (
        (wanted.disabled, candidate.disabled > 0),
        (wanted.charging, candidate.charging > 0),
        (wanted.covered, candidate.covered),
    )
    if any(asked and not there for asked, there in kept):
        return Ruled.NOT_KEPT
    if candidate.walk_metres > FARTHEST_METRES:
        return Ruled.FAR
    if candidate.middle is None:
        return Ruled.UNKNOWN
    return Ruled.FULL if candidate.middle <= 0 else None


def cost_of(candidate: Candidate) -> float:
    """Minutes: the walk, the money as time, and the chance that one has to drive on. Less is better in each of them.

    A price that is not known counts as nothing, for everybody alike where no tariffs are known; else as the dearest.
    """
    walk = candidate.walk_metres / WALK_METRES_A_MINUTE
    money = (candidate.fee_cents or 0) / 100 * EURO_IN_MINUTES
    return walk + money + RISK_IN_MINUTES * risk_of(candidate)


def risk_of(candidate: Candidate) -> float:
    """From 0 (plenty) to 1 (none): by the lower end of what is expected, which is what a careful driver counts on."""
    enough = 2 * max(1, candidate.few)
    least = candidate.low if candidate.low is not None else candidate.middle or 0
    middle = candidate.middle or 0
    short = [1 - min(enough, max(0, each)) / enough for each in (least, middle)]
    return sum(short) / len(short)


def ranked(candidates: Sequence[Candidate], wanted: Wanted) -> Sequence[Candidate]:
    """Those that may be recommended, the best first; of equals the nearer one, then by code."""
    fit = [each for each in candidates if why_not(each, wanted) is None]
    dearest = max((each.fee_cents for each in fit if each.fee_cents is not None), default=0)

    def key(each: Candidate) -> tuple[float, float, str]:
        unknown = dearest / 100 * EURO_IN_MINUTES if each.fee_cents is None else 0.0
        return (cost_of(each) + unknown, each.walk_metres, each.code)

    return sorted(fit, key=key)
