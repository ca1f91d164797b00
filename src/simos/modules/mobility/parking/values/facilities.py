"""What a parking facility is: a garage, a car park, a zone on the street; and the areas that they make up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from simos.kernel.geo import Point
from simos.kernel.ids import EntityId, entity_id
from simos.kernel.text import Text
from simos.modules.mobility.parking.values.hours import OpeningHours

TYPE, STREET_TYPE, GROUP_TYPE = "OffStreetParking", "OnStreetParking", "ParkingGroup"
"""Smart Data Models' names: of a garage or car park, of a zone on the street, of the spaces of one kind in either."""

TYPES = (TYPE, STREET_TYPE)
"""What a facility may be in the hub."""

FREE = "availableSpotNumber"
"""The attribute that holds the free spaces."""


class Kind(StrEnum):
    """What a facility is built as."""

    LOT = "lot"
    GARAGE = "garage"
    STREET = "street"


def type_of(kind: Kind) -> str:
    """The type of entity that a facility of this kind is in the hub."""
    return STREET_TYPE if kind is Kind.STREET else TYPE


def id_of(city: str, code: str, kind: Kind = Kind.LOT) -> EntityId:
    """The facility's identifier in the hub."""
    return entity_id(type_of(kind), city, code)


def code_of(entity: str) -> str:
    """The inverse of `id_of`: the facility's code."""
    return entity.split(":", 4)[4]


class Space(StrEnum):
    """Spaces that are kept for some."""

    DISABLED = "disabled"
    CHARGING = "charging"
    PERMIT = "permit"


def group_id_of(city: str, code: str, space: Space) -> EntityId:
    """The identifier of a facility's spaces of one kind."""
    return entity_id(GROUP_TYPE, city, f"{code}.{space}")


class Way(StrEnum):
    """Which way an entrance leads."""

    IN = "in"
    OUT = "out"
    BOTH = "both"
    WALK = "walk"


class Payment(StrEnum):
    """How one may pay."""

    CASH = "cash"
    CARD = "card"
    APP = "app"
    SMS = "sms"
    CITY_CARD = "city-card"
    INVOICE = "invoice"


class Exemption(StrEnum):
    """What a driver may bring that changes what is to be paid."""

    DISABLED_CARD = "disabled-card"
    RESIDENT_PERMIT = "resident-permit"
    CHARGING = "charging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A way in or out. `street`: from where one comes to it."""

    place: Point
    way: Way = Way.BOTH
    street: str = ""


def _twice_the_area(ring: Sequence[Point]) -> float:
    """Above zero where the ring goes against the clock."""
    return sum(a.longitude * b.latitude - b.longitude * a.latitude for a, b in pairwise(ring))


@dataclass(frozen=True, slots=True)
class Outline:
    """A facility's ground: an area where the last point is the first again, else a line along the street.

    An area's points go against the clock, as GeoJSON has it, whichever way they were given.
    """

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 2 or (self.is_area and len(self.points) < 4):
            raise ValueError("a line has two points or more, an area three corners or more")
        if self.is_area and _twice_the_area(self.points) < 0:
            object.__setattr__(self, "points", tuple(reversed(self.points)))

    @property
    def is_area(self) -> bool:
        return self.points[0] == self.points[-1]

    def as_geojson(self) -> dict[str, Any]:
        """Polygon or LineString (RFC 7946)."""
        line = [[point.longitude, point.latitude] for point in self.points]
        return {"type": "Polygon" if self.is_area else "LineString", "coordinates": [line] if self.is_area else line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """The office has closed it, and drivers are told why. `since` None: already; `until` None: until further notice."""

    reason: Text
    since: datetime | None = None
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityFacts:
    """What an office knows of a facility. Spaces are None where nobody has counted, `hours` where nobody has said.

    `capacity` are all spaces, those of each kind among them. `height_cm`: higher vehicles do not fit.
    `area` and `tariff` are codes.
    """

    code: str
    name: str
    kind: Kind = Kind.LOT
    capacity: int | None = None
    disabled: int | None = None
    charging: int | None = None
    permit: int | None = None
    place: Point | None = None
    outline: Outline | None = None
    address: str = ""
    area: str = ""
    tariff: str = ""
    entrances: tuple[Entrance, ...] = ()
    height_cm: int | None = None
    hours: OpeningHours | None = None
    operator: str = ""
    payments: tuple[Payment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    closure: Closure | None = None

    @property
    def type(self) -> str:
        """What it is in the hub."""
        return type_of(self.kind)

    def entity_in(self, city: str) -> EntityId:
        """Its identifier in the hub."""
        return id_of(city, self.code, self.kind)

    def kept_spaces(self) -> Iterator[tuple[Space, int]]:
        """The spaces of each kind that it has."""
        for space in Space:
            if count := getattr(self, space.value):
                yield space, count


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """A part of the city for whose facilities together a sign or a page may stand: the centre, the hospital."""

    code: str
    name: Text
