"""Counts on a grid of 15 minutes: what was known at each instant, as shares of each facility's capacity. Pure.

A point of the grid holds the last count up to it, at most six hours old, and nothing that came later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from simos.modules.mobility.parking.rules.counts import FRESH

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STEP = 900
"""Seconds between two points. All grids lie at full quarters of an hour since 1970."""

DAY, WEEK = 96, 672
"""Points."""

CAPACITY_PERCENTILE = 99.9
UNKNOWN = np.float32(np.nan)

Counted = tuple[Ints, Ints]
"""A facility's counts in order of time: seconds since 1970, free spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The part of the day (UTC) in which forecasts are made and judged: instants of [first, last], minutes."""

    first: int = 0
    last: int = 24 * 60

    def among(self, start: int, points: int) -> Flags:
        """Which points of the grid lie in them."""
        minute = (start // 60 + np.arange(points, dtype=np.int64) * (STEP // 60)) % (24 * 60)
        return (minute >= self.first) & (minute <= self.last)


ALL_DAY = Hours()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Facilities by row, instants by column from `start` (seconds since 1970). `shares`: free spaces by capacity, may
    be above 1; `ages`: seconds since the count. NaN: nothing known."""

    codes: tuple[str, ...]
    places: tuple[str, ...]
    capacities: Doubles
    start: int
    shares: Floats
    ages: Floats

    @property
    def points(self) -> int:
        return int(self.shares.shape[1])

    def column_of(self, at: datetime) -> int:
        """The column of the grid's last instant up to `at`."""
        return int((int(at.timestamp()) - self.start) // STEP)

    def only(self, keep: Flags) -> "Panel":
        """The facilities that are to be kept."""
        return replace(
            self,
            codes=tuple(code for code, kept in zip(self.codes, keep, strict=True) if kept),
            places=tuple(place for place, kept in zip(self.places, keep, strict=True) if kept),
            capacities=self.capacities[keep],
            shares=self.shares[keep],
            ages=self.ages[keep],
        )


def grid_start(at: datetime) -> int:
    """The last full quarter of an hour up to `at`, in seconds since 1970."""
    return int(at.astimezone(UTC).timestamp()) // STEP * STEP


def on_grid(counted: Counted, *, start: int, points: int, fresh: timedelta = FRESH) -> tuple[Floats, Floats]:
    """Free spaces and their ages in seconds at each point; NaN where the last count is too old or there is none."""
    times, free = counted
    instants = start + STEP * np.arange(points, dtype=np.int64)
    last = np.searchsorted(times, instants, side="right") - 1
    values, ages = np.full(points, UNKNOWN), np.full(points, UNKNOWN)
    known = np.flatnonzero(last >= 0)
    age = instants[known] - times[last[known]]
    known, age = known[age <= fresh.total_seconds()], age[age <= fresh.total_seconds()]
    values[known], ages[known] = free[last[known]], age
    return values, ages


def capacity_of(counted: Counted, *, until: datetime) -> float:
    """What free spaces came to at most before `until`, but for a thousandth that may be faults; 0 without counts."""
    times, free = counted
    before = free[times < until.timestamp()]
    return float(np.percentile(before, CAPACITY_PERCENTILE)) if len(before) else 0.0


def panel_of(
    counts: Mapping[str, Counted],
    capacities: Mapping[str, float],
    places: Mapping[str, str],
    *,
    start: int,
    points: int,
) -> Panel:
    """The facilities that have a capacity above zero, by code."""
    codes: Sequence[str] = sorted(code for code in counts if capacities.get(code, 0) > 0)
    shares, ages = (np.full((len(codes), points), UNKNOWN, dtype=np.float32) for _ in range(2))
    for row, code in enumerate(codes):
        values, ages[row] = on_grid(counts[code], start=start, points=points)
        shares[row] = values / np.float32(capacities[code])
    return Panel(
        codes=tuple(codes),
        places=tuple(places.get(code, "") for code in codes),
        capacities=np.array([capacities[code] for code in codes], dtype=np.float64),
        start=start,
        shares=shares,
        ages=ages,
    )
