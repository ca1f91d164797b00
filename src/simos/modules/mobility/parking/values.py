"""Parking's values: what a facility is, and what is known of it just now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from simos.kernel.geo import Point
from simos.kernel.ids import EntityId, entity_id

TYPE = "OffStreetParking"
"""Smart Data Models' name of what a facility is in the hub."""

FREE = "availableSpotNumber"
"""Its attribute that holds the free spaces."""


def id_of(city: str, code: str) -> EntityId:
    """The facility's identifier in the hub."""
    return entity_id(TYPE, city, code)


def code_of(entity: str) -> str:
    """The inverse of `id_of`: the facility's code."""
    return entity.split(":", 4)[4]


class Kind(StrEnum):
    """What a facility is built as."""

    LOT = "lot"
    GARAGE = "garage"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityFacts:
    """What an office knows of a facility. `capacity` in spaces; None where nobody has counted."""

    code: str
    name: str
    kind: Kind = Kind.LOT
    capacity: int | None = None
    place: Point | None = None
    address: str = ""


class State(StrEnum):
    """What a driver needs to know of a facility."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    STALE = "stale"  # there is a count, but too old to be trusted
    UNKNOWN = "unknown"  # nothing was ever counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Free spaces, and when they were counted (aware UTC)."""

    free: int
    observed_at: datetime
