"""Made-up facilities for trying the platform out in Celje. Names and numbers are plausible, not real."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.geo import Point
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.values import FacilityFacts, Kind

FACILITIES: tuple[tuple[str, str, Kind, int, float, float], ...] = (
    ("glazija", "Parkirišče Glazija", Kind.LOT, 320, 46.2331, 15.2638),
    ("knezji-dvor", "Garaža Knežji dvor", Kind.GARAGE, 140, 46.2287, 15.2653),
    ("zelezniska-postaja", "Parkirišče Železniška postaja", Kind.LOT, 210, 46.2296, 15.2689),
    ("bolnisnica", "Garaža Bolnišnica", Kind.GARAGE, 430, 46.2335, 15.2569),
    ("muzejski-trg", "Parkirišče Muzejski trg", Kind.LOT, 45, 46.2276, 15.2627),
    ("lava", "Parkirišče Lava", Kind.LOT, 180, 46.2402, 15.2532),
    ("golovec", "Parkirišče Golovec", Kind.LOT, 520, 46.2399, 15.2741),
    ("mestni-park", "Parkirišče Mestni park", Kind.LOT, 95, 46.2266, 15.2581),
    ("hudinja", "Parkiraj in presedi Hudinja", Kind.LOT, 260, 46.2519, 15.2702),
    ("savinjsko-nabrezje", "Parkirišče Savinjsko nabrežje", Kind.LOT, 60, 46.2262, 15.2667),
)
"""Code, name, kind, spaces, latitude, longitude."""


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The made-up facilities stand in the city's register, marked as such. Done again, it changes nothing."""
    made_up = [
        FacilityFacts(code=code, name=name, kind=kind, capacity=capacity, place=Point(longitude, latitude))
        for code, name, kind, capacity, latitude, longitude in FACILITIES
    ]
    save_facilities(scope, made_up, by=by, at=at, is_demo=True)
