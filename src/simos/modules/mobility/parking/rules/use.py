"""How facilities are used: occupancy by hour and weekday, and how long they are full. Pure, and without numpy, as pages
ask it; reads what `days` has packed.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

PERMILLE = 1000
HOURS, WEEK_HOURS = 24, 7 * 24
WHOLE_DAY = range(24)


@dataclass(frozen=True, slots=True)
class Hours:
    """A UTC day's hours: in each so many quarters known, their occupied shares summed in permille, and how many of them
    were at least 90 and 95 % full."""

    known: "array[int]"
    occupied: "array[int]"
    over_90: "array[int]"
    over_95: "array[int]"


def hours_in(packed: bytes) -> Hours:
    """What `days.packed` has packed. ValueError for another length."""
    numbers = array("H", packed)
    if len(numbers) != 4 * HOURS:
        raise ValueError(f"a day has four numbers for each hour, not {len(numbers)} in all")
    return Hours(*(numbers[first : first + HOURS] for first in range(0, 4 * HOURS, HOURS)))


@dataclass(slots=True)
class Use:
    """Sums over days and facilities, by hour of the local week (Monday's first hour is 0)."""

    known: list[int] = field(default_factory=lambda: [0] * WEEK_HOURS)
    occupied: list[int] = field(default_factory=lambda: [0] * WEEK_HOURS)
    over_90: list[int] = field(default_factory=lambda: [0] * WEEK_HOURS)
    over_95: list[int] = field(default_factory=lambda: [0] * WEEK_HOURS)
    arrivals: int = 0
    days: int = 0

    def add(self, packed: bytes, day: date, zone: tzinfo, *, arrivals: int = 0) -> None:
        """A facility's UTC day is added. Its hours go to the local hours in which they begin."""
        hours = hours_in(packed)
        self.arrivals += arrivals
        self.days += any(hours.known)
        mine = zip(_week_hours(day, zone), hours.known, hours.occupied, hours.over_90, hours.over_95, strict=True)
        known, occupied, over_90, over_95 = self.known, self.occupied, self.over_90, self.over_95
        for place, quarters, shares, nearly, hardly in mine:
            if quarters:
                known[place] += quarters
                occupied[place] += shares
                if nearly:
                    over_90[place] += nearly
                    over_95[place] += hardly

    def occupancy(self, hours: Iterable[int] = range(WEEK_HOURS)) -> float | None:
        """The occupied share (0 to 1) in these hours of the week; None where nothing is known of them."""
        return _share(self.occupied, self.known, hours, PERMILLE)

    def saturated(self, hours: Iterable[int] = range(WEEK_HOURS), *, at_95: bool = False) -> float | None:
        """The share of the known time in which it was at least 90 (95) % full."""
        return _share(self.over_95 if at_95 else self.over_90, self.known, hours, 1)

    def by_weekday(self) -> list[tuple[float | None, ...]]:
        """For each weekday from Monday the occupied share in each hour."""
        return [tuple(self.occupancy([24 * weekday + hour]) for hour in WHOLE_DAY) for weekday in range(7)]


def merged(uses: Iterable[Use]) -> Use:
    """All of them as one: hours weigh as much as is known of them, whatever the size of a facility."""
    whole = Use()
    for use in uses:
        for mine, theirs in (
            (whole.known, use.known),
            (whole.occupied, use.occupied),
            (whole.over_90, use.over_90),
            (whole.over_95, use.over_95),
        ):
            mine[:] = map(sum, zip(mine, theirs, strict=True))
        whole.arrivals += use.arrivals
        whole.days += use.days
    return whole


def week_hours_of(hours: Iterable[int]) -> list[int]:
    """These hours of the day on every weekday, as hours of the week."""
    chosen = list(hours)
    return [24 * weekday + hour for weekday in range(7) for hour in chosen]


def _share(sums: list[int], known: list[int], hours: Iterable[int], unit: int) -> float | None:
    chosen = list(hours)
    quarters = sum(known[hour] for hour in chosen)
    return sum(sums[hour] for hour in chosen) / quarters / unit if quarters else None


@lru_cache(maxsize=2000)
def _week_hours(day: date, zone: tzinfo) -> tuple[int, ...]:
    """For each hour of the UTC day the hour of the local week in which it begins."""
    begins = (datetime(day.year, day.month, day.day, hour, tzinfo=UTC).astimezone(zone) for hour in range(HOURS))
    return tuple(24 * local.weekday() + local.hour for local in begins)
