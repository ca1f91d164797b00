"""What an area holds, and its outline with fewer corners. Pure; GeoJSON polygons in WGS 84 (RFC 7946)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from simos.kernel.geo import Point, positions_of, within_ring

METRES_A_DEGREE = 111_320.0
DECIMALS = 6
"""Of a degree, as outlines are kept: a tenth of a metre."""

Position = Sequence[float]
Ring = Sequence[Position]


def polygons_of(geometry: Mapping[str, Any]) -> Sequence[Sequence[Ring]]:
    """The polygons of an area, each its outer ring and then its holes. ValueError for what is no area."""
    polygons: dict[Any, Any] = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}
    kind = geometry.get("type")
    if kind not in polygons:
        raise ValueError(f"an area is a Polygon or a MultiPolygon, not {kind!r}")
    found: Sequence[Sequence[Ring]] = polygons[kind]
    return found


def checked(geometry: Any) -> Mapping[str, Any]:
    """`geometry`, if it is a well-formed area; else ValueError says what is wrong."""
    positions_of(geometry)
    polygons_of(geometry)
    found: Mapping[str, Any] = geometry
    return found


def holds(geometry: Mapping[str, Any], point: Point) -> bool:
    """Whether `point` lies in the area: in one of its polygons and in none of that one's holes. An edge may count."""
    return any(
        within_ring(point, outer) and not any(within_ring(point, hole) for hole in holes)
        for outer, *holes in polygons_of(geometry)
    )


def simplified(geometry: Mapping[str, Any], metres: float) -> dict[str, Any]:
    """The area with fewer corners: no corner that was left out lies further than `metres` from its outline.

    By Douglas and Peucker (1973), ring by ring. A ring too small for that stays as it is.
    """
    polygons = [[_thinned(ring, metres) for ring in polygon] for polygon in polygons_of(geometry)]
    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _thinned(ring: Ring, metres: float) -> list[list[float]]:
    """Both halves of the ring, from its first corner to the one that lies farthest from it and back."""
    plane = _in_metres(ring)
    (x, y), last = plane[0], len(plane) - 1
    far = max(range(len(plane)), key=lambda i: hypot(plane[i][0] - x, plane[i][1] - y))
    kept = {0, far, last} | _corners(plane, 0, far, metres) | _corners(plane, far, last, metres)
    rounded = [[round(number, DECIMALS) for number in ring[i][:2]] for i in sorted(kept)]
    thin = [rounded[0], *(b for a, b in pairwise(rounded) if a != b)]
    return thin if len(thin) >= 4 else [list(position[:2]) for position in ring]


def _in_metres(ring: Ring) -> list[tuple[float, float]]:
    """The ring in a plane, true enough over some hundred kilometres."""
    shrink = cos(radians(ring[0][1])) * METRES_A_DEGREE
    return [(position[0] * shrink, position[1] * METRES_A_DEGREE) for position in ring]


def _corners(plane: Sequence[tuple[float, float]], first: int, last: int, metres: float) -> set[int]:
    kept: set[int] = set()
    stretches = [(first, last)]
    while stretches:
        begin, end = stretches.pop()
        if end - begin < 2:
            continue
        distances = [distance_to(plane[i], plane[begin], plane[end]) for i in range(begin + 1, end)]
        farthest = max(range(len(distances)), key=distances.__getitem__)
        if distances[farthest] > metres:
            corner = begin + 1 + farthest
            kept.add(corner)
            stretches += [(begin, corner), (corner, end)]
    return kept


def distance_to(point: tuple[float, float], begin: tuple[float, float], end: tuple[float, float]) -> float:
    """How far a point of a plane is from the stretch between two others."""
    across, up = end[0] - begin[0], end[1] - begin[1]
    length = across * across + up * up
    along = ((point[0] - begin[0]) * across + (point[1] - begin[1]) * up) / length if length else 0.0
    share = min(1.0, max(0.0, along))
    return hypot(point[0] - begin[0] - share * across, point[1] - begin[1] - share * up)
