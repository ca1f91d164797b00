"""The national grid: against points computed by PROJ, and there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.geo import Point
from simos.platform.places.grid import from_grid, to_grid

# PROJ 9 (pyproj 3.7.2), EPSG:3794 to EPSG:4326.
KNOWN = [
    ((500_000, 100_000), (15.0, 46.039802580)),
    ((374_000, 31_000), (13.390349302, 45.407592469)),
    ((622_000, 194_000), (16.600505924, 46.874322687)),
    ((461_699, 101_516), (14.505042556, 46.052371198)),
    ((520_340, 121_185), (15.263697521, 46.230109036)),
    ((400_000, 50_000), (13.718533768, 45.582717727)),
]


@pytest.mark.parametrize(("metres", "degrees"), KNOWN)
def test_known_points_to_a_millimetre(metres, degrees):
    found, known = from_grid(*metres), Point(*degrees)
    assert found.longitude == pytest.approx(known.longitude, abs=1.3e-8)
    assert found.latitude == pytest.approx(known.latitude, abs=9e-9)
    assert to_grid(known) == pytest.approx(metres, abs=0.001)


@given(st.floats(370_000, 630_000), st.floats(30_000, 200_000))
def test_there_and_back(easting, northing):
    assert to_grid(from_grid(easting, northing)) == pytest.approx((easting, northing), abs=1e-4)


@pytest.mark.parametrize(
    ("easting", "northing", "named"),
    [(5_461_699, 101_516, "easting"), (461_699, 5_101_516, "northing"), (14.5, 46.0, "easting")],
)
def test_another_grid_is_refused_by_name(easting, northing, named):
    with pytest.raises(ValueError, match=f"^{named} is from"):
        from_grid(easting, northing)
