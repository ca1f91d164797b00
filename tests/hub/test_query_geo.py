"""Where things are: relations of geometries against a plain oracle on a grid, distances, and the box for an index."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simos.hub.contexts import CORE, context_of
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query import GeoCondition, GeoRelation, parse_geo
from simos.hub.query.geometry import equals, intersects, overlaps, shape_of, within
from simos.kernel.geo import Point, box_of
from tests.hub.documents import entity_with

LOCATION = CORE.expand("location")


def at(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def line(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(place) for place in places]}


def rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring(west, south, east, north)]}


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


HOLED = {"type": "Polygon", "coordinates": [ring(0, 0, 10, 10), ring(3, 3, 7, 7)]}
TWO = {"type": "MultiPolygon", "coordinates": [[ring(0, 0, 1, 1)], [ring(5, 5, 6, 6)]]}
BENT = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4], [0, 0]]]}


@pytest.mark.parametrize(
    ("one", "other", "relations"),
    [
        (at(1, 1), at(1, 1), "equals within contains intersects"),
        (at(1, 1), at(1, 2), "disjoint"),
        (at(5, 1), rectangle(0, 0, 10, 10), "within intersects"),
        (at(0, 1), rectangle(0, 0, 10, 10), "intersects"),
        (at(5, 5), HOLED, "disjoint"),
        (at(3, 5), HOLED, "intersects"),
        (at(1, 5), HOLED, "within intersects"),
        (at(5.5, 5.5), TWO, "within intersects"),
        (at(3, 3), BENT, "disjoint"),
        (at(0.5, 3), BENT, "within intersects"),
        (at(1, 1), line((0, 0), (2, 2)), "within intersects"),
        (at(0, 0), line((0, 0), (2, 2)), "intersects"),
        (at(1, 1.1), line((0, 0), (2, 2)), "disjoint"),
        ({"type": "MultiPoint", "coordinates": [[1, 1], [2, 2]]}, at(1, 1), "contains intersects"),
        (
            {"type": "MultiPoint", "coordinates": [[1, 1], [2, 2]]},
            {"type": "MultiPoint", "coordinates": [[2, 2], [3, 3]]},
            "overlaps intersects",
        ),
        (line((0, 0), (2, 2)), line((0, 2), (2, 0)), "intersects"),
        (line((0, 0), (2, 0)), line((1, 0), (3, 0)), "overlaps intersects"),
        (line((1, 0), (2, 0)), line((0, 0), (3, 0)), "within intersects"),
        (line((0, 0), (3, 0)), line((3, 0), (1, 0), (0, 0)), "equals within contains intersects"),
        (line((1, 1), (2, 2)), rectangle(0, 0, 10, 10), "within intersects"),
        (line((1, 1), (12, 1)), rectangle(0, 0, 10, 10), "intersects"),
        (line((0, 0), (10, 0)), rectangle(0, 0, 10, 10), "intersects"),
        (line((1, 5), (9, 5)), HOLED, "intersects"),
        (line((4, 5), (6, 5)), HOLED, "disjoint"),
        (line((0.5, 0.5), (5.5, 5.5)), TWO, "intersects"),
        (line((3.5, 0.5), (0.5, 3.5)), BENT, "intersects"),
        (rectangle(1, 1, 2, 2), rectangle(0, 0, 10, 10), "within intersects"),
        (rectangle(0, 0, 2, 2), rectangle(0, 0, 10, 10), "within intersects"),
        (rectangle(-1, -1, 11, 11), rectangle(0, 0, 10, 10), "contains intersects"),
        (rectangle(5, 5, 15, 15), rectangle(0, 0, 10, 10), "overlaps intersects"),
        (rectangle(10, 0, 20, 10), rectangle(0, 0, 10, 10), "intersects"),
        (rectangle(4, 4, 6, 6), HOLED, "disjoint"),
        (rectangle(2, 2, 8, 8), HOLED, "overlaps intersects"),
        (rectangle(0, 0, 10, 10), HOLED, "contains intersects"),
        (rectangle(3, -1, 4, 11), rectangle(0, 0, 10, 10), "overlaps intersects"),
        (rectangle(0, 0, 1, 1), TWO, "within intersects"),
        (TWO, rectangle(-1, -1, 7, 7), "within intersects"),
    ],
)
def test_each_relation_as_simple_features_has_it(one: Any, other: Any, relations: str) -> None:
    a, b = shape_of(one), shape_of(other)
    found = {
        "equals": equals(a, b),
        "within": within(a, b),
        "contains": within(b, a),
        "overlaps": overlaps(a, b),
        "intersects": intersects(a, b),
        "disjoint": not intersects(a, b),
    }
    assert {name for name, is_so in found.items() if is_so} == set(relations.split())


cells = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)
sides = st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(0, 6), st.integers(1, 4))


def cells_of(side: tuple[int, int, int, int]) -> set[tuple[int, int]]:
    west, wide, south, high = side
    return {(x, y) for x in range(west, west + wide) for y in range(south, south + high)}


@given(sides, sides, st.sampled_from([1.0, 1e-4, 10.0]), st.integers(-100, 80))
def test_rectangles_relate_as_the_squares_they_cover(one: Any, other: Any, size: float, shift: int) -> None:
    """A rectangle of whole squares, at any place and size: sets of squares say what is so."""

    def shape(side: tuple[int, int, int, int]) -> Any:
        west, wide, south, high = side
        return shape_of(
            rectangle(shift + west * size, south * size - 50, shift + (west + wide) * size, (south + high) * size - 50)
        )

    assume(shift + 10 * size < 180)
    a, b, own, others = shape(one), shape(other), cells_of(one), cells_of(other)
    touching = one[0] <= other[0] + other[1] and other[0] <= one[0] + one[1]
    touching = touching and one[2] <= other[2] + other[3] and other[2] <= one[2] + one[3]
    assert intersects(a, b) == touching
    assert within(a, b) == (own <= others)
    assert equals(a, b) == (own == others)
    assert overlaps(a, b) == (bool(own & others) and not own <= others and not others <= own)


def near(geometry: Any, **distances: float) -> GeoCondition:
    return GeoCondition(relation=GeoRelation.NEAR, geometry=geometry, geoproperty=LOCATION, **distances)


@pytest.mark.parametrize(
    ("geometry", "metres"),
    [
        (at(13.0, 46.0), 0),
        (at(13.0, 46.01), 1112),
        (at(13.01, 46.0), 772),
        (line((13.01, 45.0), (13.01, 47.0)), 772),
        (rectangle(13.01, 45.0, 14.0, 47.0), 772),
        (rectangle(12.0, 45.0, 14.0, 47.0), 0),
        (line((12.9, 46.01), (13.1, 46.01)), 1112),
    ],
)
def test_distance_to_anything_is_the_shortest(geometry: Any, metres: float) -> None:
    here = at(13.0, 46.0)
    assert near(here, max_distance=metres * 1.005 + 1).holds_for(geometry)
    assert near(geometry, max_distance=metres * 1.005 + 1).holds_for(here)
    if metres:
        assert not near(here, max_distance=metres * 0.995).holds_for(geometry)
        assert near(here, min_distance=metres * 0.995).holds_for(geometry)
        assert not near(here, min_distance=metres * 1.005).holds_for(geometry)


places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(places, places, st.floats(0, 3_000_000))
def test_what_is_near_lies_in_the_box(here: Any, there: Any, metres: float) -> None:
    condition = near(at(*here), max_distance=metres)
    box = condition.box()
    assert box is not None
    if Point(*here).metres_to(Point(*there)) <= metres:
        assert condition.holds_for(at(*there))
        assert box.meets(box_of(at(*there)))


@given(st.sampled_from(list(GeoRelation)), sides, sides)
def test_what_holds_lies_in_the_box(relation: GeoRelation, one: Any, other: Any) -> None:
    def made(side: Any) -> Any:
        return rectangle(side[0], side[2], side[0] + side[1], side[2] + side[3])

    distances = {"max_distance": 50_000.0} if relation is GeoRelation.NEAR else {}
    condition = GeoCondition(relation=relation, geometry=made(one), geoproperty=LOCATION, **distances)
    box = condition.box()
    assert (box is None) == (relation is GeoRelation.DISJOINT)
    if box is not None and condition.holds_for(made(other)):
        assert box.meets(box_of(made(other)))


def test_there_is_no_box_where_everything_far_counts() -> None:
    assert near(at(0, 0), min_distance=5).box() is None


def test_one_of_the_places_of_an_entity_is_enough() -> None:
    condition = near(at(13, 46), max_distance=10)
    far, close = ({"type": "GeoProperty", "value": at(place, 46)} for place in (14, 13))
    assert condition.holds(entity_with({LOCATION: [far, {**close, "datasetId": "urn:d:1"}]}))
    assert not condition.holds(entity_with({LOCATION: [far]}))
    assert not condition.holds(entity_with({}))
    assert not condition.holds(entity_with({LOCATION: [{"type": "Property", "value": 5}]}))


def parsed(**parameters: Any) -> GeoCondition:
    given = {"georel": "near;maxDistance==2000", "geometry": "Point", "coordinates": "[13.64,45.95]", **parameters}
    return parse_geo(**given, context=CORE)


def test_the_parameters_say_what_and_where() -> None:
    condition = parsed()
    assert condition == near(at(13.64, 45.95), max_distance=2000.0)
    assert parsed(coordinates=[13.64, 45.95]) == condition
    assert parsed(georel="near;minDistance==5").min_distance == 5
    assert parsed(georel="disjoint").relation is GeoRelation.DISJOINT
    assert parsed(geoproperty="observationSpace").geoproperty == CORE.expand("observationSpace")
    own = context_of({"where": "https://example.org/where"})
    made = parse_geo(georel="within", geometry="Point", coordinates="[1,1]", geoproperty="where", context=own)
    assert made.geoproperty == "https://example.org/where"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"georel": ""}, "go together"),
        ({"coordinates": ""}, "go together"),
        ({"georel": "beside"}, "georel: one of near, within"),
        ({"georel": "near"}, "near needs maxDistance"),
        ({"georel": "near;maxDistance==x"}, "in metres"),
        ({"georel": "near;maxDistance==-5"}, "in metres"),
        ({"georel": "near;maxDistance==inf"}, "in metres"),
        ({"georel": "near;distance==5"}, "in metres"),
        ({"georel": "within;maxDistance==5"}, "takes no"),
        ({"geometry": "Circle"}, "geometry: a geometry's type"),
        ({"coordinates": "13.64,45.95"}, "coordinates: an array"),
        ({"coordinates": "[200,0]"}, "geometry: longitude"),
        ({"geometry": "Polygon"}, "geometry: coordinates of a Polygon"),
        ({"geoproperty": "a b"}, "cannot be a name"),
    ],
)
def test_what_is_wrong_is_said(parameters: Any, words: str) -> None:
    with pytest.raises(BadRequestData, match=words):
        parsed(**parameters)


def test_a_geometry_has_its_bounds() -> None:
    with pytest.raises(TooComplexQuery, match="positions"):
        parsed(geometry="MultiPoint", coordinates=[[1, 1]] * 5000)
