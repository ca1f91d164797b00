"""Places on the Earth and GeoJSON as it comes from outside."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.geo import Box, Point, box_of, positions_of, within_ring

points = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))
CELJE, KOPER = Point(15.2675, 46.2309), Point(13.7294, 45.5481)


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_round_the_earth(one: Point, other: Point) -> None:
    assert one.metres_to(other) == pytest.approx(other.metres_to(one), abs=1e-3)
    assert 0 <= one.metres_to(other) <= 20_015_115
    assert one.metres_to(one) == 0


@given(points, points, points)
def test_no_detour_is_shorter(one: Point, other: Point, third: Point) -> None:
    assert one.metres_to(other) <= one.metres_to(third) + third.metres_to(other) + 0.1


def test_a_known_distance() -> None:
    assert CELJE.metres_to(KOPER) == pytest.approx(141_300, rel=0.01)


@pytest.mark.parametrize(("longitude", "latitude"), [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_places_off_the_earth_are_refused(longitude: float, latitude: float) -> None:
    with pytest.raises(ValueError, match="degrees"):
        Point(longitude, latitude)


@given(st.lists(points, min_size=1))
def test_the_box_holds_every_position(several: list[Point]) -> None:
    geometry = {"type": "MultiPoint", "coordinates": [[p.longitude, p.latitude] for p in several]}
    assert positions_of(geometry) == several
    box = box_of(geometry)
    assert all(box.west <= p.longitude <= box.east and box.south <= p.latitude <= box.north for p in several)


@given(points, points, points, points)
def test_two_boxes_meet_each_other_or_not(one: Point, two: Point, three: Point, four: Point) -> None:
    def around(a: Point, b: Point) -> Box:
        west, east = sorted((a.longitude, b.longitude))
        south, north = sorted((a.latitude, b.latitude))
        return Box(west, south, east, north)

    box, other = around(one, two), around(three, four)
    assert box.meets(other) == other.meets(box)
    assert box.meets(box)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "Point"},
        {"type": "Point", "coordinates": [0]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": ["15", "46"]},
        {"type": "Point", "coordinates": [15.2, 146]},
        {"type": "LineString", "coordinates": [[15, 46]]},
        {"type": "LineString", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[15, 46], [16, 46], [16, 47], [15, 47]]]},
        {"type": "Polygon", "coordinates": [[15, 46], [16, 46]]},
        {"type": "MultiPolygon", "coordinates": [[[[15, 46], [16, 46], [15, 46]]]]},
        {"type": "MultiPolygon", "coordinates": 7},
        {"type": ["Point"], "coordinates": [15, 46]},
        {"type": "Point", "coordinates": [10**400, 46]},
    ],
)
def test_a_bad_geometry_is_refused_and_never_breaks(wrong: Any) -> None:
    with pytest.raises(ValueError):
        positions_of(wrong)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.integers(-200, 200)
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)
kinds = st.sampled_from(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"])


@given(kinds, json_values)
def test_anything_is_a_geometry_or_a_value_error(kind: str, coordinates: Any) -> None:
    try:
        found = positions_of({"type": kind, "coordinates": coordinates})
    except ValueError:
        return
    assert found
    assert all(isinstance(each, Point) for each in found)


def test_inside_and_outside_a_ring() -> None:
    ring = [[15.0, 46.0], [16.0, 46.0], [16.0, 47.0], [15.5, 46.2], [15.0, 47.0], [15.0, 46.0]]
    assert within_ring(Point(15.1, 46.5), ring)
    assert not within_ring(Point(15.5, 46.5), ring)  # in the notch
    assert not within_ring(Point(14.9, 46.5), ring)
