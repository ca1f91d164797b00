"""Where a query looks: georel, geometry and geoproperty of NGSI-LD (ETSI GS CIM 009, 4.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import cos, hypot, inf, radians
from typing import Any

import orjson

from simos.hub.contexts import Context
from simos.hub.ngsild import attribute_name
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query.geometry import Place, Segment, Shape, equals, intersects, overlaps, shape_of, within
from simos.hub.values import Entity
from simos.kernel.geo import EARTH_RADIUS_M, Box, Point, positions_of

_POSITIONS = 1000
_METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M
_SLACK = 1.001
"""By how much a box is made wider than counted, so that rounding leaves nothing out."""


class GeoRelation(StrEnum):
    """How an entity's geometry lies to the query's."""

    NEAR = "near"
    WITHIN = "within"
    CONTAINS = "contains"
    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    EQUALS = "equals"
    OVERLAPS = "overlaps"


_RELATES: Mapping[GeoRelation, Callable[[Shape, Shape], bool]] = {
    GeoRelation.WITHIN: within,
    GeoRelation.CONTAINS: lambda entity, asked: within(asked, entity),
    GeoRelation.INTERSECTS: intersects,
    GeoRelation.DISJOINT: lambda entity, asked: not intersects(entity, asked),
    GeoRelation.EQUALS: equals,
    GeoRelation.OVERLAPS: overlaps,
}


@dataclass(frozen=True, kw_only=True)
class GeoCondition:
    """The GeoProperty named (expanded) lies in `relation` to `geometry` (GeoJSON, checked). Distances in metres, for
    NEAR only: at most `max_distance`, or at least `min_distance`."""

    relation: GeoRelation
    geometry: dict[str, Any]
    geoproperty: str
    max_distance: float | None = None
    min_distance: float | None = None

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.geometry)

    def holds(self, entity: Entity) -> bool:
        """Whether one of the entity's geometries (of several datasets) lies so. One without geometry never does."""
        instances = entity.attributes.get(self.geoproperty, ())
        return any(self.holds_for(each["value"]) for each in instances if each["type"] == "GeoProperty")

    def holds_for(self, geometry: dict[str, Any]) -> bool:
        """Whether a geometry as the hub keeps it lies so."""
        shape = shape_of(geometry)
        if self.relation is not GeoRelation.NEAR:
            return _RELATES[self.relation](shape, self.shape)
        metres = metres_between(shape, self.shape)
        if self.max_distance is not None and metres > self.max_distance:
            return False
        return self.min_distance is None or metres >= self.min_distance

    def box(self) -> Box | None:
        """Only geometries whose own box meets this can lie so, for an index; None where any can."""
        if self.relation is GeoRelation.DISJOINT or (self.relation is GeoRelation.NEAR and self.max_distance is None):
            return None
        box = self.shape.box
        if self.max_distance is None:
            return box
        reach = self.max_distance / _METRES_A_DEGREE * _SLACK + 1e-9
        south, north = max(-90.0, box.south - reach), min(90.0, box.north + reach)
        shrunk = cos(radians(max(abs(south), abs(north))))
        aside = reach / shrunk if shrunk > 1e-6 else 360.0
        west, east = box.west - aside, box.east + aside
        if west < -180 or east > 180:
            west, east = -180.0, 180.0
        return Box(west, south, east, north)


def parse_geo(*, georel: str, geometry: str, coordinates: Any, geoproperty: str = "", context: Context) -> GeoCondition:
    """The condition that the four parameters state; BadRequestData says which is wrong. `coordinates`: JSON or text."""
    if not (georel and geometry and coordinates):
        raise BadRequestData("georel, geometry and coordinates go together")
    relation, distances = _relation_of(georel)
    if isinstance(coordinates, str):
        try:
            coordinates = orjson.loads(coordinates)
        except orjson.JSONDecodeError:
            raise BadRequestData("coordinates: an array as in GeoJSON, such as [13.64,45.95]") from None
    asked = {"type": geometry, "coordinates": coordinates}
    try:
        positions = positions_of(asked)
    except ValueError as error:
        raise BadRequestData(f"geometry: {error}") from None
    if len(positions) > _POSITIONS:
        raise TooComplexQuery(f"geometry: {_POSITIONS} positions at most")
    return GeoCondition(
        relation=relation,
        geometry=asked,
        geoproperty=attribute_name(geoproperty or "location", context),
        **distances,
    )


def _relation_of(georel: str) -> tuple[GeoRelation, dict[str, float]]:
    name, *modifiers = georel.split(";")
    if name not in set(GeoRelation):
        raise BadRequestData(f"georel: one of {', '.join(GeoRelation)}, not {name[:40]!r}")
    relation = GeoRelation(name)
    if relation is not GeoRelation.NEAR:
        if modifiers:
            raise BadRequestData(f"georel: {name} takes no {modifiers[0][:40]!r}")
        return relation, {}
    named = {"maxDistance": "max_distance", "minDistance": "min_distance"}
    distances: dict[str, float] = {}
    for modifier in modifiers:
        key, _, number = modifier.partition("==")
        try:
            metres = float(number)
        except ValueError:
            metres = -1.0
        if len(modifiers) > 1 or key not in named or not 0 < metres < inf:
            raise BadRequestData("georel: near;maxDistance==2000 or near;minDistance==2000, in metres, more than 0")
        distances[named[key]] = metres
    if not distances:
        raise BadRequestData("georel: near needs maxDistance or minDistance, such as near;maxDistance==2000")
    return relation, distances


def metres_between(one: Shape, other: Shape) -> float:
    """The shortest way between two geometries in metres, 0 where they meet; good to 0.5 % up to some 100 km."""
    if one.dimension == 0 and other.dimension == 0:
        return min(_metres(a, b) for a in one.points for b in other.points)
    if intersects(one, other):
        return 0.0
    return min(_metres_to(one, other), _metres_to(other, one))


def _metres_to(one: Shape, other: Shape) -> float:
    """From the corners of `one` to `other`."""
    corners = {*one.points, *(place for segment in one.segments for place in segment)}
    to_points = min((_metres(a, b) for a in corners for b in other.points), default=inf)
    to_lines = min((_metres(a, _nearest(a, each)) for a in corners for each in other.segments), default=inf)
    return min(to_points, to_lines)


def _metres(a: Place, b: Place) -> float:
    return Point(*a).metres_to(Point(*b))


def _nearest(place: Place, segment: Segment) -> Place:
    """The place on the segment next to `place`, on the plane that touches the Earth there."""
    (x1, y1), (x2, y2) = segment
    shrunk = cos(radians(place[1]))
    along, up = (x2 - x1) * shrunk, y2 - y1
    length = hypot(along, up)
    if length == 0:
        return segment[0]
    part = ((place[0] - x1) * shrunk * along + (place[1] - y1) * up) / length**2
    part = min(1.0, max(0.0, part))
    return (x1 + part * (x2 - x1), y1 + part * (y2 - y1))
