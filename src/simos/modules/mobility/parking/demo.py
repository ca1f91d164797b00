"""Made-up facilities, areas and tariffs for trying the platform out in Celje. Plausible, not real. Tables only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from simos.kernel.acting import Actor, Scope
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import save_area, save_facilities, save_tariff
from simos.modules.mobility.parking.rules.cells import CELLS
from simos.modules.mobility.parking.rules.rows import combined
from simos.modules.mobility.parking.rules.tariff_text import periods_of
from simos.modules.mobility.parking.values import AreaFacts, Exemption, FacilityFacts, Kind
from simos.modules.mobility.parking.values.tariffs import CountedFrom, Relief, Tariff

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
"""Counted facilities: code, name, kind, spaces, latitude, longitude."""

STREETS = (
    ("stanetova", "Stanetova ulica", 46, "46.2311 15.2653 | 46.2321 15.2660 | 46.2329 15.2667"),
    ("gledaliska", "Gledališka ulica", 28, "46.2299 15.2632 | 46.2303 15.2651"),
)
"""Zones on the street, where nobody counts: code, name, spaces, line."""

AREAS = (
    ("sredisce", "Mestno središče", "City centre", "Centro città"),
    ("bolnisnica", "Bolnišnica in park", "Hospital and park", "Ospedale e parco"),
    ("obrobje", "Obrobje", "Outskirts", "Periferia"),
)

TARIFFS = (
    ("cona-a", "Cona A", "Zone A",
     "Mo-Fr 07:00-19:00: 60 min 1.00 up to 120 min; 60 min 1.60 | Sa 07:00-13:00: 60 min 1.00",
     15, None, CountedFrom.MIDNIGHT, 180),
    ("cona-b", "Cona B", "Zone B", "Mo-Fr 07:00-17:00: 60 min 0.60", 30, 400, CountedFrom.MIDNIGHT, None),
    ("garaze", "Garaže", "Garages", "Mo-Su,PH 06:00-22:00: 60 min 1.20 | Mo-Su,PH 22:00-06:00: 480 min 2.00",
     15, 1000, CountedFrom.ARRIVAL, None),
    ("parkiraj-presedi", "Parkiraj in presedi", "Park and ride", "Mo-Su,PH 00:00-24:00: 1440 min 1.50",
     0, 150, CountedFrom.MIDNIGHT, None),
)  # fmt: skip
"""Code, names, periods, free minutes, highest price of a day in cents, how a day is counted, longest stay."""

PAID = "cash | card | app | sms"
ALL = "disabled-card | resident-permit | charging"
MORE = {
    "glazija": ("sredisce", "cona-a", "12", "8", "", "24/7", PAID, ALL, "46.2329 15.2631 both Ljubljanska cesta"),
    "knezji-dvor": ("sredisce", "garaze", "6", "4", "2.00", "Mo-Su 05:30-23:30", "cash | card | app", ALL,
                    "46.2288 15.2656 in Trg celjskih knezov | 46.2285 15.2651 out Gregorčičeva ulica"),
    "zelezniska-postaja": ("sredisce", "cona-b", "6", "4", "", "24/7", PAID, ALL, "46.2299 15.2686 both Krekov trg"),
    "bolnisnica": ("bolnisnica", "garaze", "20", "6", "2.10", "24/7", "cash | card", ALL,
                   "46.2337 15.2573 both Oblakova ulica | 46.2334 15.2565 walk"),
    "muzejski-trg": ("sredisce", "cona-a", "3", "", "", "24/7", PAID, ALL, "46.2277 15.2629 both Muzejski trg"),
    "lava": ("obrobje", "", "4", "2", "", "24/7", "", "", "46.2400 15.2535 both Ljubljanska cesta"),
    "golovec": ("obrobje", "cona-b", "16", "6", "", "Mo-Sa 06:00-22:00; Su 08:00-20:00; PH 08:00-20:00", PAID, ALL,
                "46.2396 15.2735 in Dečkova cesta | 46.2401 15.2748 out Opekarniška cesta"),
    "mestni-park": ("bolnisnica", "cona-b", "4", "2", "", "24/7", PAID, ALL, "46.2268 15.2585 both Partizanska cesta"),
    "hudinja": ("obrobje", "parkiraj-presedi", "8", "8", "", "24/7", "app | city-card", "",
                "46.2517 15.2699 both Mariborska cesta"),
    "savinjsko-nabrezje": ("sredisce", "cona-a", "2", "", "", "24/7", PAID, ALL,
                           "46.2263 15.2664 both Savinjsko nabrežje"),
    "stanetova": ("sredisce", "cona-a", "2", "", "", "", PAID, ALL, ""),
    "gledaliska": ("sredisce", "cona-a", "1", "", "", "", PAID, ALL, ""),
}  # fmt: skip
"""Of each, in cells of a file: area, tariff, disabled, charging, height, hours, payments, exemptions, entrances."""

COLUMNS = ("area", "tariff", "disabled", "charging", "height_cm", "hours", "payments", "exemptions", "entrances")
OPERATOR = "Javno podjetje Parkirišča Celje (prikaz)"


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The made-up facilities stand in the city's register, marked as such. Done again, it changes nothing."""
    for code, sl, en, it in AREAS:
        save_area(scope, AreaFacts(code=code, name=Text(sl=sl, en=en, it=it)), by=by, at=at)
    for code, sl, en, periods, free, cap, counted, longest in TARIFFS:
        tariff = Tariff(
            code=code,
            name=Text(sl=sl, en=en),
            periods=periods_of(periods),
            free_minutes=free,
            cap_cents=cap,
            counted_from=counted,
            max_stay=longest,
            reliefs={
                Exemption.DISABLED_CARD: Relief(percent=100),
                Exemption.RESIDENT_PERMIT: Relief(percent=50),
                Exemption.CHARGING: Relief(free_minutes=120),
            },
        )
        save_tariff(scope, tariff, by=by, at=at)
    save_facilities(scope, [*counted_facilities(), *map(_street, STREETS)], by=by, at=at, is_demo=True)


def counted_facilities() -> Sequence[FacilityFacts]:
    """The facilities whose free spaces are counted."""
    return [_counted(row) for row in FACILITIES]


def _counted(row: tuple[str, str, Kind, int, float, float]) -> FacilityFacts:
    code, name, kind, capacity, latitude, longitude = row
    place = Point(longitude, latitude)
    return FacilityFacts(
        code=code, name=name, kind=kind, capacity=capacity, place=place, operator=OPERATOR, **_more(code)
    )


def _street(row: tuple[str, str, int, str]) -> FacilityFacts:
    code, name, capacity, line = row
    outline = CELLS["outline"].read(line)
    middle = outline.points[len(outline.points) // 2]
    return FacilityFacts(
        code=code, name=name, kind=Kind.STREET, capacity=capacity, place=middle, outline=outline, **_more(code)
    )


def _more(code: str) -> dict[str, Any]:
    return combined({field: CELLS[field].read(cell) for field, cell in zip(COLUMNS, MORE[code], strict=True)})
