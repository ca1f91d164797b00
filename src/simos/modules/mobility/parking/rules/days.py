"""A facility's UTC day as it is kept: the counts on the grid, packed, and what the day's hours came to. Pure.

Unpacked by forecasts with numpy; `hours` alone also without (see `use`), for pages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from simos.modules.mobility.parking.rules.grid import (
    CAPACITY_PERCENTILE,
    DAY,
    STEP,
    UNKNOWN,
    Counted,
    Floats,
    Panel,
    on_grid,
)
from simos.modules.mobility.parking.rules.use import PERMILLE

FREE, AGES, HOURS = np.dtype("<i4"), np.dtype("<u2"), np.dtype("<u2")
NO_COUNT, NO_AGE = -1, 65_535
DAY_SECONDS = DAY * STEP
QUARTERS = 4
NEARLY, HARDLY = 0.90, 0.95
"""Occupied shares from which on a facility counts as nearly full, and as full for all that drivers can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedDay:
    """`free`: spaces at each quarter of the hour, `ages` of the counts in seconds. `hours`: see `use.hours_in`.
    `arrivals`: so many vehicles at least came, by how far the counts fell. `points`: counts of this day."""

    free: bytes
    ages: bytes
    hours: bytes
    points: int
    arrivals: int


def packed(counted: Counted, *, start: int, until: int, capacity: float) -> PackedDay:
    """The day that begins at `start` (seconds since 1970), as known at `until`; what comes later is left unknown.
    `counted` reaches back far enough to know what held at midnight. `capacity` 0: not known."""
    values, ages = on_grid(counted, start=start, points=DAY)
    instants = start + STEP * np.arange(DAY, dtype=np.int64)
    values[instants > until], ages[instants > until] = UNKNOWN, UNKNOWN
    times, free = counted
    today = (times >= start) & (times < start + DAY_SECONDS) & (times <= until)
    falls = -np.diff(free)[today[1:]]
    return PackedDay(
        free=np.nan_to_num(values, nan=NO_COUNT).astype(FREE).tobytes(),
        ages=np.nan_to_num(ages, nan=NO_AGE).astype(AGES).tobytes(),
        hours=_hours(values, capacity),
        points=int(today.sum()),
        arrivals=int(falls[falls > 0].sum()),
    )


def _hours(values: Floats, capacity: float) -> bytes:
    occupied = np.clip(1 - values / capacity, 0, 1) if capacity > 0 else np.full(DAY, UNKNOWN)
    known = ~np.isnan(occupied)
    shares = np.where(known, occupied, 0)

    def by_hour(quarters: object) -> list[int]:
        numbers: list[int] = np.asarray(quarters).reshape(-1, QUARTERS).sum(axis=1).round().astype(int).tolist()
        return numbers

    rows = (known, shares * PERMILLE, known & (shares >= NEARLY), known & (shares >= HARDLY))
    return np.array([by_hour(row) for row in rows], dtype=HOURS).tobytes()


def panel_from(
    days: Iterable[tuple[str, int, bytes, bytes]],
    capacities: Mapping[str, float],
    *,
    place: str,
    start: int,
    points: int,
) -> Panel:
    """The kept days (code, beginning in seconds since 1970, `free`, `ages`) of one city on one grid. A facility whose
    capacity nobody has told has what was free at most; one that was never counted is left out."""
    codes = sorted(capacities)
    row_of = {code: row for row, code in enumerate(codes)}
    free, ages = (np.full((len(codes), points), UNKNOWN, dtype=np.float32) for _ in range(2))
    for code, begins, free_then, ages_then in days:
        row, first = row_of.get(code), (begins - start) // STEP
        if row is None or first + DAY <= 0 or first >= points:
            continue
        here, there = slice(max(first, 0), min(first + DAY, points)), slice(max(-first, 0), min(DAY, points - first))
        counts, old = np.frombuffer(free_then, FREE)[there], np.frombuffer(ages_then, AGES)[there]
        free[row, here] = np.where(counts == NO_COUNT, UNKNOWN, counts.astype(np.float32))
        ages[row, here] = np.where(old == NO_AGE, UNKNOWN, old.astype(np.float32))
    spaces = np.array([capacities[code] or _most(free[row]) for row, code in enumerate(codes)], dtype=np.float64)
    shares = (free / np.maximum(spaces, 1)[:, None]).astype(np.float32)
    whole = Panel(
        codes=tuple(codes), places=(place,) * len(codes), capacities=spaces, start=start, shares=shares, ages=ages
    )
    return whole.only((spaces > 0) & ~np.isnan(free).all(axis=1))


def _most(free: Floats) -> float:
    known = free[~np.isnan(free)]
    return float(np.percentile(known, CAPACITY_PERCENTILE)) if len(known) else 0.0
