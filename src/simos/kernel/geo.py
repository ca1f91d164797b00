"""Places on the Earth: WGS 84, longitude before latitude as GeoJSON has it (RFC 7946). Distances in metres."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG)."""
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}([.,][0-9]{0,20})?")


def degrees_within(limit: int) -> Callable[[str], float | None]:
    """Reads degrees from -limit to limit as people write them, None from an empty text; ValueError says what is wrong.

    The decimal sign may be a comma, as spreadsheets here write it.
    """

    def read(text: str) -> float | None:
        if not text:
            return None
        if not _DEGREES.fullmatch(text) or abs(degrees := float(text.replace(",", "."))) > limit:
            raise ValueError(f"degrees from -{limit} to {limit}, such as 46.23")
        return degrees

    return read


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (isfinite(self.longitude) and -180 <= self.longitude <= 180):
            raise ValueError(f"longitude is between -180 and 180 degrees, not {self.longitude!r}")
        if not (isfinite(self.latitude) and -90 <= self.latitude <= 90):
            raise ValueError(f"latitude is between -90 and 90 degrees, not {self.latitude!r}")

    def metres_to(self, other: "Point") -> float:
        """Great-circle distance (haversine), good to 0.5 %."""
        north, other_north = radians(self.latitude), radians(other.latitude)
        half_up = sin((other_north - north) / 2) ** 2
        half_along = sin(radians(other.longitude - self.longitude) / 2) ** 2
        return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half_up + cos(north) * cos(other_north) * half_along)))

    def as_geojson(self) -> dict[str, Any]:
        return {"type": "Point", "coordinates": [self.longitude, self.latitude]}


@dataclass(frozen=True, slots=True)
class Box:
    """The smallest upright rectangle around something; does not cross the date line."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: "Box") -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists lie around one position, by kind of GeoJSON geometry."""


def positions_of(geometry: Any) -> list[Point]:
    """Every position of a GeoJSON geometry; ValueError says what is wrong with it."""
    if not isinstance(geometry, dict):
        raise ValueError("a geometry is an object with 'type' and 'coordinates'")
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _DEPTH:
        raise ValueError(f"a geometry's type is one of {', '.join(_DEPTH)}, not {kind!r}")
    coordinates = geometry.get("coordinates")
    level: list[Any] = [coordinates]
    for _ in range(_DEPTH[kind]):
        if not all(isinstance(part, list) and part for part in level):
            raise ValueError(f"coordinates of a {kind} are {_DEPTH[kind]} lists deep and not empty")
        level = [inner for part in level for inner in part]
    _check_shape(kind, coordinates)
    return [_position(part) for part in level]


def _position(part: Any) -> Point:
    numbers = isinstance(part, list) and len(part) in (2, 3)
    if not numbers or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in part):
        raise ValueError(f"a position is [longitude, latitude], not {part!r}")
    try:
        return Point(float(part[0]), float(part[1]))
    except OverflowError:
        raise ValueError("a position is in degrees, not in numbers past counting") from None


def _check_shape(kind: str, coordinates: Any) -> None:
    lines = {"LineString": [coordinates], "MultiLineString": coordinates}.get(kind, [])
    if any(len(line) < 2 for line in lines):
        raise ValueError("a line has two positions or more")
    rings = {"Polygon": coordinates, "MultiPolygon": [r for p in coordinates for r in p] if _DEPTH[kind] == 3 else []}
    for ring in rings.get(kind, []):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("a polygon's ring has four positions or more and ends where it begins")


def box_of(geometry: Any) -> Box:
    """The box around a GeoJSON geometry; ValueError as `positions_of`."""
    points = positions_of(geometry)
    longitudes = [point.longitude for point in points]
    latitudes = [point.latitude for point in points]
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def within_ring(point: Point, ring: Sequence[Sequence[float]]) -> bool:
    """Whether `point` lies inside a closed ring of [longitude, latitude] (even-odd rule; the edge may count or not)."""
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        if (y1 > point.latitude) != (y2 > point.latitude):
            crossing = x1 + (point.latitude - y1) * (x2 - x1) / (y2 - y1)
            inside ^= point.longitude < crossing
    return inside
