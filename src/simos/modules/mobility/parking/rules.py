"""Parking's rules: what a row of a facilities file must hold, and what a count means to a driver. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simos.kernel.errors import RowError
from simos.kernel.geo import Point
from simos.modules.mobility.parking.values import Count, FacilityFacts, Kind, State

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
CAPACITY_LIMIT = 100_000
FRESH = timedelta(hours=6)
"""A count older than this is not shown as the present. Sources send changes only, and at night little changes."""

FEW_SHARE, FEW_SPACES = 0.1, 10
"""Few: at most a tenth of the capacity; where that is unknown, at most ten spaces."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "place_id"),
    "name": ("name", "place_name"),
    "kind": ("kind",),
    "capacity": ("capacity", "num_all", "totalspotnumber"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "address": ("address",),
}
"""The columns of a facilities file, each by the names under which it is understood."""

REQUIRED = ("code", "name")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a facilities file: its facts, or what is wrong with it."""

    number: int
    facts: FacilityFacts | None
    errors: tuple[RowError, ...] = ()


def columns_in(header: Iterable[str]) -> Mapping[str, str]:
    """Which column of the file holds which fact. ValueError names the columns that are missing."""
    there = {name.strip().lower(): name for name in header if name}
    found = {
        field: there[alias]
        for field, aliases in COLUMNS.items()
        if (alias := next((a for a in aliases if a in there), ""))
    }
    if missing := [field for field in REQUIRED if field not in found]:
        raise ValueError(
            f"the file has no column {' and no column '.join(missing)}; it has {', '.join(there) or 'none'}. "
            f"Needed: {', '.join(REQUIRED)}; understood: {', '.join(COLUMNS)}."
        )
    return found


def facts_of(row: Mapping[str, str | None], columns: Mapping[str, str], number: int) -> Row:
    """One row as facts, or every error in it, each with its field."""
    texts = {field: " ".join((row.get(column) or "").split()) for field, column in columns.items()}
    errors: list[RowError] = []

    def wrong(field: str, message: str) -> None:
        errors.append(RowError(number, columns.get(field, field), message, texts.get(field, "")))

    if not CODE.fullmatch(texts["code"]):
        wrong("code", "a code is letters, digits, '-', '_' and '.', at most 80")
    if not texts["name"] or len(texts["name"]) > 200:
        wrong("name", "a name is needed, of at most 200 signs")
    kind = texts.get("kind", "").lower() or Kind.LOT
    if kind not in set(Kind):
        wrong("kind", f"one of {', '.join(Kind)}")
    capacity = _capacity(texts.get("capacity", ""))
    if capacity == -1:
        wrong("capacity", f"a whole number from 0 to {CAPACITY_LIMIT}, or empty")
    place = _place(texts.get("latitude", ""), texts.get("longitude", ""))
    if isinstance(place, str):
        wrong("latitude" if texts.get("latitude") else "longitude", place)
    if errors or isinstance(place, str):
        return Row(number, None, tuple(errors))
    facts = FacilityFacts(
        code=texts["code"],
        name=texts["name"],
        kind=Kind(kind),
        capacity=capacity,
        place=place,
        address=texts.get("address", ""),
    )
    return Row(number, facts)


def _capacity(text: str) -> int | None:
    """None for empty, -1 for what is not a capacity."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or int(text) > CAPACITY_LIMIT:
        return -1
    return int(text)


def _place(latitude: str, longitude: str) -> Point | str | None:
    """None where both are empty; words where they are no place."""
    if not latitude and not longitude:
        return None
    try:
        return Point(float(longitude), float(latitude))
    except ValueError as error:
        return f"latitude and longitude are degrees such as 46.23 and 15.27, both or neither: {error}"


def state_of(count: Count | None, capacity: int | None, now: datetime) -> State:
    """What to tell a driver. A count from the future is trusted as far as one from the past."""
    if count is None:
        return State.UNKNOWN
    if abs(now - count.observed_at) > FRESH:
        return State.STALE
    if count.free <= 0:
        return State.FULL
    return State.FEW if count.free <= few_for(capacity) else State.FREE


def few_for(capacity: int | None) -> int:
    """The number of free spaces from which down they count as few."""
    return FEW_SPACES if capacity is None else max(1, round(capacity * FEW_SHARE))


def occupancy_of(count: Count | None, capacity: int | None) -> float | None:
    """The occupied share from 0 to 1; None where it cannot be known. More free than built counts as empty."""
    if count is None or not capacity:
        return None
    return min(1.0, max(0.0, 1 - count.free / capacity))
