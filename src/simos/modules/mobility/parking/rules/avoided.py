"""Vehicle-kilometres and CO2 that were not driven because people knew where there is space: a range, never one number.

Four assumptions make it, each with a low and a high value and where they come from. The low end takes all the low ones,
the high end all the high ones, so that the truth is likely to lie between. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from simos.kernel.text import Text


class Name(StrEnum):
    """What is assumed."""

    SEEKERS = "seekers"
    AVOIDED = "avoided"
    SEARCH_KM = "search-km"
    GRAMS_PER_KM = "grams-per-km"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A value that nobody has measured in this city, and the bounds between which it is taken to lie."""

    name: Name
    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= LIMITS[self.name]:
            raise ValueError(f"{self.name}: from 0 to {LIMITS[self.name]}, the low value not above the high one")


LIMITS: Mapping[Name, float] = {Name.SEEKERS: 1, Name.AVOIDED: 1, Name.SEARCH_KM: 20, Name.GRAMS_PER_KM: 1000}

TITLES: Mapping[Name, Text] = {
    Name.SEEKERS: Text(
        sl="Delež voznikov, ki bi sicer iskali prosto mesto",
        en="Share of drivers who would else search for a space",
        it="Quota di conducenti che altrimenti cercherebbero un posto",
    ),
    Name.AVOIDED: Text(
        sl="Delež iskanja, ki ga obveščanje prihrani",
        en="Share of the search that information spares",
        it="Quota di ricerca che l’informazione evita",
    ),
    Name.SEARCH_KM: Text(sl="Kilometri enega iskanja", en="Kilometres of one search", it="Chilometri di una ricerca"),
    Name.GRAMS_PER_KM: Text(
        sl="Grami CO2 na kilometer", en="Grams of CO2 per kilometre", it="Grammi di CO2 per chilometro"
    ),
}

DEFAULTS: Mapping[Name, Assumption] = {
    Name.SEEKERS: Assumption(
        name=Name.SEEKERS,
        low=0.08,
        high=0.30,
        source="Shoup 2006, Transport Policy 13(6): 8–74 %, ⌀ 30 %",
    ),
    Name.AVOIDED: Assumption(
        name=Name.AVOIDED,
        low=0.05,
        high=0.30,
        source="SFMTA 2014, SFpark Pilot Project Evaluation: −43 %, −13 % (SiMOS: 5–30 %)",
    ),
    Name.SEARCH_KM: Assumption(
        name=Name.SEARCH_KM,
        low=0.8,
        high=1.6,
        source="Shoup 2006: 0,8 km (Westwood); ⌀ 8,1 min × 12 km/h = 1,6 km",
    ),
    Name.GRAMS_PER_KM: Assumption(
        name=Name.GRAMS_PER_KM,
        low=120,
        high=250,
        source="EEA: 122 g/km (2019, NEDC); SiMOS: 250 g/km",
    ),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Between these, both in the same unit."""

    low: float
    high: float

    def times(self, other: "Range") -> "Range":
        return Range(self.low * other.low, self.high * other.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDriven:
    """What so many arrivals come to: kilometres, and tonnes of CO2."""

    arrivals: int
    km: Range
    tonnes: Range


def not_driven(arrivals: int, assumed: Mapping[Name, Assumption]) -> NotDriven:
    """The range for so many arrivals at facilities whose free spaces are told. ValueError for less than none."""
    if arrivals < 0:
        raise ValueError("arrivals are none or more")
    km = Range(arrivals, arrivals)
    for name in (Name.SEEKERS, Name.AVOIDED, Name.SEARCH_KM):
        km = km.times(Range(assumed[name].low, assumed[name].high))
    grams = assumed[Name.GRAMS_PER_KM]
    return NotDriven(arrivals=arrivals, km=km, tonnes=km.times(Range(grams.low / 1e6, grams.high / 1e6)))


def changed(name: Name, *, low: float, high: float, source: str) -> Assumption:
    """The assumption as an office sets it. ValueError for values outside of the limits, or without a source."""
    if not source.strip():
        raise ValueError(f"{name}: say where the values come from")
    return replace(DEFAULTS[name], low=low, high=high, source=source.strip())
