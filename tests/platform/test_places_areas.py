"""Areas: what they hold, and their outline with fewer corners."""

from itertools import pairwise
from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.geo import Point
from simos.platform.places.areas import METRES_A_DEGREE, checked, distance_to, holds, simplified

LONGITUDE, LATITUDE = 15.0, 46.0


def square(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


RING_WITH_HOLE = {"type": "Polygon", "coordinates": [square(0, 0, 10, 10), square(4, 4, 6, 6)]}
WITH_ISLAND = {
    "type": "MultiPolygon",
    "coordinates": [[square(0, 0, 10, 10), square(2, 2, 8, 8)], [square(4, 4, 6, 6)]],
}


@given(st.floats(-2, 12), st.floats(-2, 12))
def test_a_hole_is_outside_and_an_island_in_it_inside(x, y):
    def within(least, most):
        return least < x < most and least < y < most

    if any(abs(number - edge) < 1e-9 for number in (x, y) for edge in (0, 2, 4, 6, 8, 10)):
        return
    point = Point(x, y)
    assert holds(RING_WITH_HOLE, point) == (within(0, 10) and not within(4, 6))
    assert holds(WITH_ISLAND, point) == ((within(0, 10) and not within(2, 8)) or within(4, 6))


stars = st.lists(st.floats(0.2, 1.0), min_size=5, max_size=60)
"""Distances from a centre, one for each direction: rings that never cross themselves."""


def star(distances):
    size = len(distances)
    ring = [
        [LONGITUDE + 0.05 * far * cos(2 * pi * i / size), LATITUDE + 0.05 * far * sin(2 * pi * i / size)]
        for i, far in enumerate(distances)
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def in_metres(position):
    return position[0] * METRES_A_DEGREE * cos(radians(LATITUDE)), position[1] * METRES_A_DEGREE


@given(stars, st.floats(0, 2000))
def test_an_outline_stays_within_the_tolerance(distances, metres):
    area = star(distances)
    thin = checked(simplified(area, metres))["coordinates"][0]
    assert len(thin) <= len(area["coordinates"][0])
    edges = list(pairwise(map(in_metres, thin)))
    for corner in map(in_metres, area["coordinates"][0]):
        assert min(distance_to(corner, *edge) for edge in edges) <= metres * 1.01 + 0.2


@given(stars, st.floats(-0.06, 0.06), st.floats(-0.06, 0.06))
def test_a_point_well_away_from_the_edge_stays_on_its_side(distances, east, north):
    area, point = star(distances), Point(LONGITUDE + east, LATITUDE + north)
    edges = pairwise(map(in_metres, area["coordinates"][0]))
    here = in_metres((point.longitude, point.latitude))
    if min(distance_to(here, *edge) for edge in edges) > 12:
        assert holds(simplified(area, 10.0), point) == holds(area, point)


def test_a_straight_line_needs_no_corners_and_tiny_rings_stay():
    dotted = [[0, 0], [0.01, 0], [0.02, 0], [0.02, 0.02], [0, 0.02], [0, 0]]
    tiny = square(0.001, 0.001, 0.001002, 0.001002)
    thin = simplified({"type": "Polygon", "coordinates": [dotted, tiny]}, 5.0)
    assert thin["coordinates"][0] == [[0, 0], [0.02, 0], [0.02, 0.02], [0, 0.02], [0, 0]]
    assert thin["coordinates"][1] == tiny


@pytest.mark.parametrize(
    "wrong", [None, {"type": "Point", "coordinates": [15, 46]}, {"type": "Polygon", "coordinates": [[[15, 46]]]}]
)
def test_what_is_no_area_is_refused(wrong):
    with pytest.raises(ValueError, match=r"geometry|area|ring"):
        checked(wrong)
