"""What is said of places: kinds, facts as a register gives them, parcel keys, where a point lies. Pure: no Django."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simos.kernel.errors import RowError
from simos.kernel.geo import Point


class Kind(StrEnum):
    """What a place is."""

    REGION = "region"
    ADMINISTRATIVE_UNIT = "administrative-unit"
    MUNICIPALITY = "municipality"
    QUARTER = "quarter"
    SETTLEMENT = "settlement"
    STREET = "street"
    POSTAL_DISTRICT = "postal-district"
    ADDRESS = "address"


KINDS: Mapping[str, Kind] = {
    "SR": Kind.REGION,
    "UE": Kind.ADMINISTRATIVE_UNIT,
    "OB": Kind.MUNICIPALITY,
    "CM": Kind.QUARTER,
    "CV": Kind.QUARTER,
    "CK": Kind.QUARTER,
    "NA": Kind.SETTLEMENT,
    "UL": Kind.STREET,
    "PT": Kind.POSTAL_DISTRICT,
}
"""The kind of each sort of unit in the Register of Spatial Units (RPE, its column ENOTA), in order of need.

CM is a city quarter, CV a village community, CK a local community: all three are parts of a municipality.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """A named place as the register has it. `unit` is one of KINDS; `register_id` is unique in the whole register.

    `code` is the number that people use (of a municipality, of a post office). The municipality is given by its
    `register_id` or by its code, the settlement by its `register_id`. `other_name`: in the other official language.
    """

    unit: str
    register_id: str
    code: str
    name: str
    other_name: str = ""
    municipality: str = ""
    municipality_code: str = ""
    settlement: str = ""
    point: Point | None = None
    area_km2: float | None = None
    is_city: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """What a place covers, as GeoJSON in WGS 84. The place is given by its `register_id`, or by unit and code."""

    unit: str
    geometry: Mapping[str, Any]
    source: str
    register_id: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """A house number. Municipality, settlement (in it), street (in that; none in a village) and post by their codes."""

    register_id: str
    municipality: str
    settlement: str
    street: str
    postal: str
    number: int
    suffix: str
    point: Point


Facts = PlaceFacts | AreaFacts | AddressFacts


@dataclass(frozen=True, slots=True)
class Row:
    """What one row or feature of a file says, by its number there; or what is wrong with it."""

    number: int
    facts: tuple[Facts, ...] = ()
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place as a search tells it. `within`: settlement or municipality, for telling namesakes apart."""

    kind: Kind
    id: int
    name: str
    other_name: str = ""
    within: str = ""
    city: str = ""
    point: Point | None = None


_PARCEL = re.compile(r"\s*([0-9]{1,4})(?:\s*-\s*|\s+)(\*?)([0-9]{1,5})(?:/([0-9]{1,5}))?\s*")


@dataclass(frozen=True, slots=True, order=True)
class ParcelKey:
    """A parcel of the land cadastre: its cadastral municipality and number, `1077-245/3`; `*` marks building parcels.

    That it is well formed does not say that there is such a parcel.
    """

    cadastral_municipality: int
    number: int
    part: int | None = None
    building: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.cadastral_municipality <= 9999:
            raise ValueError("a cadastral municipality has a number from 1 to 9999")
        if not 1 <= self.number <= 99_999 or (self.part is not None and not 1 <= self.part <= 99_999):
            raise ValueError("a parcel's number and its part are from 1 to 99999")

    @classmethod
    def parse(cls, text: str) -> "ParcelKey":
        """The key in `text`, such as `1077-245/3` or `1077 *12`; ValueError says what one looks like."""
        found = _PARCEL.fullmatch(text)
        if found is None:
            raise ValueError(f"a parcel is written as cadastral municipality and number: 1077-245/3; not {text[:80]!r}")
        municipality, star, number, part = found.groups()
        return cls(int(municipality), int(number), int(part) if part else None, bool(star))

    def __str__(self) -> str:
        part = "" if self.part is None else f"/{self.part}"
        return f"{self.cadastral_municipality}-{'*' if self.building else ''}{self.number}{part}"
