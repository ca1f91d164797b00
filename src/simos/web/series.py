"""Measured values over time, as charts and tables take them. Pure: no Django, no words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest


@dataclass(frozen=True, slots=True)
class Point:
    """A value from the aware time `at` on; None says that from then on nothing is known."""

    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """Points in order of time under a title. ValueError if a time is naive or goes back."""

    title: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        for point in self.points:
            if point.at.tzinfo is None:
                raise ValueError(f"series {self.title!r}: {point.at} has no time zone")
        for before, after in pairwise(self.points):
            if after.at < before.at:
                raise ValueError(f"series {self.title!r}: {after.at} comes after {before.at}")

    def values(self) -> Iterator[float]:
        return (point.value for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a series holds in one span of time."""

    since: datetime
    until: datetime
    lowest: float | None
    highest: float | None
    last: float | None


def with_gaps(points: Sequence[Point], silent_after: timedelta | None) -> tuple[Point, ...]:
    """`points` with a None put in where the next value comes later than `silent_after`; as they are if that is None."""
    if silent_after is None:
        return tuple(points)
    filled: list[Point] = []
    for point, following in zip_longest(points, points[1:]):
        filled.append(point)
        if following and point.value is not None and following.at - point.at > silent_after:
            filled.append(Point(point.at + silent_after, None))
    return tuple(filled)


def thinned(points: Sequence[Point], columns: int) -> tuple[Point, ...]:
    """At most five points for each of `columns` equal spans of time: first, last, both extremes and the first gap.

    In order, a part of what was given.
    """
    if len(points) <= 5 * columns:
        return tuple(points)
    start, whole = points[0].at, points[-1].at - points[0].at
    kept: set[int] = set()
    for indexes in _columns(points, start, whole, columns):
        known = [index for index in indexes if points[index].value is not None]
        kept |= {indexes[0], indexes[-1]}
        if known:
            kept.add(min(known, key=lambda index: points[index].value or 0.0))
            kept.add(max(known, key=lambda index: points[index].value or 0.0))
        if len(known) < len(indexes):
            kept |= {next(index for index in indexes if points[index].value is None)}
    return tuple(points[index] for index in sorted(kept))


def _columns(points: Sequence[Point], start: datetime, whole: timedelta, columns: int) -> Iterable[list[int]]:
    found: dict[int, list[int]] = {}
    for index, point in enumerate(points):
        column = min(columns - 1, int((point.at - start) / whole * columns)) if whole else 0
        found.setdefault(column, []).append(index)
    return found.values()


def summaries(points: Sequence[Point], edges: Sequence[datetime]) -> tuple[Summary, ...]:
    """One summary for each span between two neighbouring `edges`, the value held from before it counting in."""
    found: list[Summary] = []
    held: float | None = None
    place = 0
    for since, until in pairwise(edges):
        while place < len(points) and points[place].at < since:
            held = points[place].value
            place += 1
        told_at_once = place < len(points) and points[place].at == since
        inside = [] if held is None or told_at_once else [held]
        while place < len(points) and points[place].at < until:
            held = points[place].value
            place += 1
            if held is not None:
                inside.append(held)
        found.append(Summary(since, until, min(inside, default=None), max(inside, default=None), held))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is forecast for the aware time `at`: the middle, and bounds between which it will be with a known chance.

    ValueError unless low <= middle <= high.
    """

    at: datetime
    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:
            raise ValueError(f"a forecast of {self.middle} is not between {self.low} and {self.high}")
