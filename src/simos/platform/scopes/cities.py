"""Facts about the twelve cities of the consortium, as they are seeded. Data only.

Area: Geodetska uprava Republike Slovenije, Register prostorskih enot (RPE), municipalities (OB), state of July 2026,
CC BY 4.0. Centre: the register's point of the municipality, which lies in the town, from D96/TM to WGS 84, about 10 m.
Population: Statistical Office of the Republic of Slovenia (SURS), population by municipality, first half-year of 2021.
"""

from dataclasses import dataclass
from datetime import date

SOURCE = "Area and centre: GURS, Register prostorskih enot (CC BY 4.0). Population: SURS, 1 January 2021 (2021H1)."


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFacts:
    """What is known of a city. Degrees WGS 84, square kilometres (land only), people on a day; None: not known."""

    code: str
    name_sl: str
    name_en: str = ""
    name_it: str = ""
    name_hu: str = ""
    longitude: float
    latitude: float
    area_km2: float | None = None
    population: int | None = None
    population_on: date | None = None
    facts_source: str = ""
    languages: tuple[str, ...] = ("sl", "en")
    time_zone: str = "Europe/Ljubljana"


def _slovenian(
    code: str, name: str, place: tuple[float, float], area_km2: float, population: int, *, name_it: str = ""
) -> CityFacts:
    latitude, longitude = place
    return CityFacts(
        code=code,
        name_sl=name,
        name_en=name,
        name_it=name_it,
        latitude=latitude,
        longitude=longitude,
        area_km2=area_km2,
        population=population,
        population_on=date(2021, 1, 1),
        facts_source=SOURCE,
        languages=("sl", "en", "it") if name_it else ("sl", "en"),
    )


CITIES: tuple[CityFacts, ...] = (
    _slovenian("celje", "Celje", (46.2301, 15.2637), 94.92, 49007),
    _slovenian("koper", "Koper", (45.5465, 13.7294), 303.52, 53292, name_it="Capodistria"),
    _slovenian("kranj", "Kranj", (46.2436, 14.3558), 150.92, 57185),
    _slovenian("krsko", "Krško", (45.9665, 15.4853), 286.60, 25904),
    _slovenian("ljubljana", "Ljubljana", (46.0524, 14.5050), 275.01, 294464),
    _slovenian("maribor", "Maribor", (46.5625, 15.6440), 147.49, 113778),
    _slovenian("murska-sobota", "Murska Sobota", (46.6601, 16.1631), 64.37, 18622),
    _slovenian("nova-gorica", "Nova Gorica", (45.9559, 13.6432), 279.62, 31845),
    _slovenian("novo-mesto", "Novo mesto", (45.7986, 15.1739), 235.73, 37398),
    _slovenian("ptuj", "Ptuj", (46.4198, 15.8709), 66.58, 23611),
    _slovenian("slovenj-gradec", "Slovenj Gradec", (46.5089, 15.0811), 173.64, 16595),
    _slovenian("velenje", "Velenje", (46.3650, 15.1119), 84.08, 33715),
)
