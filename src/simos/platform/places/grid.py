"""The national grid D96/TM (EPSG:3794) and WGS 84. Pure; knows no other grid.

Transverse Mercator by Krüger's series to the fourth power of the third flattening (L. Krüger, Konforme Abbildung des
Erdellipsoids in der Ebene, 1912): within a millimetre in the country. D96 is the Slovenian realisation of ETRS89,
which is taken as WGS 84: they differ by well under a metre.
"""

from math import asinh, atan, atan2, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt, tan

from simos.kernel.geo import Point

AXIS_M, FLATTENING = 6_378_137.0, 1 / 298.257222101  # GRS 80
CENTRAL_MERIDIAN, SCALE = 15.0, 0.9999
FALSE_EASTING_M, FALSE_NORTHING_M = 500_000.0, -5_000_000.0
EASTINGS_M, NORTHINGS_M = (370_000, 630_000), (30_000, 200_000)
"""Of the country, with room to spare: what lies outside is another grid, or a mistake."""

_n = FLATTENING / (2 - FLATTENING)
_RADIUS = AXIS_M / (1 + _n) * (1 + _n**2 / 4 + _n**4 / 64) * SCALE
_ECCENTRICITY = sqrt(FLATTENING * (2 - FLATTENING))
_ALPHA = (
    _n / 2 - 2 * _n**2 / 3 + 5 * _n**3 / 16 + 41 * _n**4 / 180,
    13 * _n**2 / 48 - 3 * _n**3 / 5 + 557 * _n**4 / 1440,
    61 * _n**3 / 240 - 103 * _n**4 / 140,
    49561 * _n**4 / 161280,
)
_BETA = (
    _n / 2 - 2 * _n**2 / 3 + 37 * _n**3 / 96 - _n**4 / 360,
    _n**2 / 48 + _n**3 / 15 - 437 * _n**4 / 1440,
    17 * _n**3 / 480 - 37 * _n**4 / 840,
    4397 * _n**4 / 161280,
)


def from_grid(easting: float, northing: float) -> Point:
    """The place at these metres of D96/TM, in WGS 84; ValueError where they lie outside the country."""
    for metres, (least, most), name in ((easting, EASTINGS_M, "easting"), (northing, NORTHINGS_M, "northing")):
        if not least <= metres <= most:
            raise ValueError(f"{name} is from {least} to {most} metres of the grid D96/TM (EPSG:3794)")
    along, across = (northing - FALSE_NORTHING_M) / _RADIUS, (easting - FALSE_EASTING_M) / _RADIUS
    xi = along - sum(b * sin(2 * j * along) * cosh(2 * j * across) for j, b in enumerate(_BETA, 1))
    eta = across - sum(b * cos(2 * j * along) * sinh(2 * j * across) for j, b in enumerate(_BETA, 1))
    conformal = sin(xi) / sqrt(sinh(eta) ** 2 + cos(xi) ** 2)
    longitude = CENTRAL_MERIDIAN + degrees(atan2(sinh(eta), cos(xi)))
    return Point(longitude, degrees(atan(_geographic(conformal))))


def _geographic(conformal: float) -> float:
    """The tangent of the latitude of which `conformal` is that of the conformal latitude (Newton's method)."""
    tangent = conformal
    for _ in range(6):
        step = (_conformal(tangent) - conformal) / _slope(tangent)
        tangent -= step
    return tangent


def _conformal(tangent: float) -> float:
    sigma = sinh(_ECCENTRICITY * atanh(_ECCENTRICITY * tangent / sqrt(1 + tangent**2)))
    return tangent * sqrt(1 + sigma**2) - sigma * sqrt(1 + tangent**2)


def _slope(tangent: float) -> float:
    square = 1 - _ECCENTRICITY**2
    conformal = _conformal(tangent)
    return sqrt(1 + conformal**2) * sqrt(1 + tangent**2) * square / (1 + square * tangent**2)


def to_grid(point: Point) -> tuple[float, float]:
    """Easting and northing of a place, in metres of D96/TM. Good within a few degrees of 15 degrees east."""
    conformal = _conformal(tan(radians(point.latitude)))
    east = radians(point.longitude - CENTRAL_MERIDIAN)
    xi, eta = atan2(conformal, cos(east)), asinh(sin(east) / sqrt(conformal**2 + cos(east) ** 2))
    along = xi + sum(a * sin(2 * j * xi) * cosh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    across = eta + sum(a * cos(2 * j * xi) * sinh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    return FALSE_EASTING_M + _RADIUS * across, FALSE_NORTHING_M + _RADIUS * along
