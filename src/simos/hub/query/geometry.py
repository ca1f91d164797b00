"""How two GeoJSON geometries lie to each other: the relations of OGC Simple Features (ISO 19125-1), in plain degrees.

Each geometry's lines are cut where they meet the other's; what the pieces lie in decides. Two places closer than
`_NEAR` degrees (a hundredth of a millimetre) are one. Geometries must have been checked by `simos.kernel.geo`.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simos.kernel.geo import Box, box_of

_NEAR = 1e-10

Place = tuple[float, float]
Segment = tuple[Place, Place]

OUTSIDE, EDGE, INSIDE = -1, 0, 1


@dataclass(frozen=True)
class Shape:
    """A geometry taken apart: points, lines, and areas (each a list of rings, the outer one first)."""

    dimension: int
    points: tuple[Place, ...]
    lines: tuple[tuple[Place, ...], ...]
    areas: tuple[tuple[tuple[Place, ...], ...], ...]
    box: Box

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        rings = (ring for area in self.areas for ring in area)
        return tuple(pair for line in (*self.lines, *rings) for pair in itertools.pairwise(line))

    @cached_property
    def ends(self) -> frozenset[Place]:
        """Ends of lines that an odd number of lines share: the edge of a line (4.2 of the standard)."""
        odd: set[Place] = set()
        for line in self.lines:
            odd ^= {line[0]} ^ {line[-1]}
        return frozenset(odd)

    def where_is(self, place: Place) -> int:
        """Whether a place is INSIDE this, on its EDGE, or OUTSIDE."""
        found = OUTSIDE
        for area in self.areas:
            found = max(found, _in_area(place, area))
        if self.lines and any(_on_segment(place, segment) for segment in self.segments):
            found = max(found, EDGE if any(_same(place, end) for end in self.ends) else INSIDE)
        return INSIDE if any(_same(place, point) for point in self.points) else found


def shape_of(geometry: dict[str, Any]) -> Shape:
    """The parts of a GeoJSON geometry."""
    kind, inner = geometry["type"], geometry["coordinates"]
    many = inner if kind.startswith("Multi") else [inner]
    points: tuple[Place, ...] = ()
    lines: tuple[tuple[Place, ...], ...] = ()
    areas: tuple[tuple[tuple[Place, ...], ...], ...] = ()
    if kind.endswith("Point"):
        points = _line(many)
    elif kind.endswith("LineString"):
        lines = tuple(_line(each) for each in many)
    else:
        areas = tuple(tuple(_line(ring) for ring in each) for each in many)
    return Shape(0 if points else 1 if lines else 2, points, lines, areas, box_of(geometry))


def _line(positions: Sequence[Sequence[float]]) -> tuple[Place, ...]:
    return tuple((float(position[0]), float(position[1])) for position in positions)


def intersects(one: Shape, other: Shape) -> bool:
    """They have a place in common."""
    if not one.box.meets(other.box):
        return False
    return any(other.where_is(place) > OUTSIDE for place in _samples(one, other)) or any(
        one.where_is(place) > OUTSIDE for place in _samples(other, one)
    )


def within(one: Shape, other: Shape) -> bool:
    """No place of `one` is outside `other`, and their insides meet: a point on the edge alone is not within."""
    if one.dimension > other.dimension or not one.box.meets(other.box):
        return False
    met = False
    for place in _samples(one, other):
        where = other.where_is(place)
        if where == OUTSIDE:
            return False
        met = met or (where == INSIDE and one.where_is(place) == INSIDE)
    if one.dimension == 2:
        return all(one.where_is(place) != INSIDE for place in _middles(other, one))
    return met


def equals(one: Shape, other: Shape) -> bool:
    """They are the same set of places."""
    return one.dimension == other.dimension and within(one, other) and within(other, one)


def overlaps(one: Shape, other: Shape) -> bool:
    """Of one dimension, they share a part of that dimension, and each has places that the other has not."""
    if one.dimension != other.dimension or not one.box.meets(other.box):
        return False
    if one.dimension == 2:
        share = any(other.where_is(place) == INSIDE for place in _middles(one, other)) or any(
            one.where_is(place) == INSIDE for place in _middles(other, one)
        )
        return share and not within(one, other) and not within(other, one)
    own, others = (
        [b.where_is(place) > OUTSIDE for place in (_middles(a, b) if a.lines else a.points)]
        for a, b in ((one, other), (other, one))
    )
    return any(own) and not all(own) and not all(others)


def _samples(one: Shape, other: Shape) -> Iterator[Place]:
    """Places of `one` such that, whatever part of it lies otherwise to `other`, one of them lies in that part."""
    yield from one.points
    for segment in one.segments:
        cuts = _cuts(segment, other)
        yield from cuts
        yield from (_middle(a, b) for a, b in itertools.pairwise(cuts))
    yield from (_place_in(area) for area in one.areas)


def _middles(one: Shape, other: Shape) -> Iterator[Place]:
    """The middle of each piece of the lines of `one`, cut by `other`."""
    for segment in one.segments:
        cuts = _cuts(segment, other)
        yield from (_middle(a, b) for a, b in itertools.pairwise(cuts) if not _same(a, b))


def _middle(a: Place, b: Place) -> Place:
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _same(a: Place, b: Place) -> bool:
    return abs(a[0] - b[0]) <= _NEAR and abs(a[1] - b[1]) <= _NEAR


def _cuts(segment: Segment, other: Shape) -> list[Place]:
    """Both ends of the segment, and where `other` meets it, along the way."""
    (x1, y1), (x2, y2) = segment
    along = {0.0, 1.0}
    for each in other.segments:
        along.update(_crossings(segment, each))
    for point in other.points:
        if _on_segment(point, segment):
            along.add(_along(point, segment))
    return [(x1 + part * (x2 - x1), y1 + part * (y2 - y1)) for part in sorted(along)]


def _along(place: Place, segment: Segment) -> float:
    (x1, y1), (x2, y2) = segment
    square = (x2 - x1) ** 2 + (y2 - y1) ** 2
    if square == 0:
        return 0.0
    return min(1.0, max(0.0, ((place[0] - x1) * (x2 - x1) + (place[1] - y1) * (y2 - y1)) / square))


def _crossings(segment: Segment, other: Segment) -> Iterator[float]:
    """How far along `segment` (0 to 1) `other` meets it."""
    (x1, y1), (x2, y2) = segment
    (x3, y3), (x4, y4) = other
    if max(x3, x4) < min(x1, x2) - _NEAR or max(x1, x2) < min(x3, x4) - _NEAR:
        return
    if max(y3, y4) < min(y1, y2) - _NEAR or max(y1, y2) < min(y3, y4) - _NEAR:
        return
    for end in other:
        if _on_segment(end, segment):
            yield _along(end, segment)
    turn = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
    if turn:
        part = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / turn
        part_of_other = ((x3 - x1) * (y2 - y1) - (y3 - y1) * (x2 - x1)) / turn
        if 0 <= part <= 1 and 0 <= part_of_other <= 1:
            yield part


def _on_segment(place: Place, segment: Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    part = _along(place, segment)
    return _same(place, (x1 + part * (x2 - x1), y1 + part * (y2 - y1)))


def _in_ring(place: Place, ring: tuple[Place, ...]) -> int:
    x, y = place
    inside = False
    for a, b in itertools.pairwise(ring):
        if min(a[1], b[1]) - _NEAR <= y <= max(a[1], b[1]) + _NEAR:
            if _on_segment(place, (a, b)):
                return EDGE
            if (a[1] > y) != (b[1] > y):
                inside ^= x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
    return INSIDE if inside else OUTSIDE


def _in_area(place: Place, area: tuple[tuple[Place, ...], ...]) -> int:
    outer, *holes = area
    where = _in_ring(place, outer)
    for hole in holes if where == INSIDE else ():
        where = min(where, -_in_ring(place, hole))
    return where


def _place_in(area: tuple[tuple[Place, ...], ...]) -> Place:
    """A place inside the area: on a level between two corners, in the widest gap between edges."""
    levels = sorted({y for ring in area for _, y in ring})
    best, width = area[0][0], 0.0
    for low, high in itertools.pairwise(levels):
        y = (low + high) / 2
        crossed = sorted(
            a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            for ring in area
            for a, b in itertools.pairwise(ring)
            if (a[1] > y) != (b[1] > y)
        )
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            if right - left > width:
                best, width = ((left + right) / 2, y), right - left
    return best
