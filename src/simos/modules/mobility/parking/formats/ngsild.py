"""Parking as NGSI-LD by Smart Data Models: OffStreetParking, OnStreetParking, and ParkingGroup for kept spaces."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from simos.modules.mobility.parking.public import FacilityNow
from simos.modules.mobility.parking.rules.counting import Reckoned
from simos.modules.mobility.parking.rules.hours import written
from simos.modules.mobility.parking.values import FREE, FacilityFacts, Kind, Payment, Space, State, group_id_of
from simos.modules.mobility.parking.values.facilities import GROUP_TYPE
from simos.modules.mobility.parking.values.sources import QUALITY, UNKNOWN_SPACES

CATEGORY = {Kind.GARAGE: ["public", "parkingGarage"], Kind.LOT: ["public", "parkingLot"], Kind.STREET: []}
KEPT_FOR = {Space.DISABLED: "forDisabled", Space.CHARGING: "forElectricalCharging", Space.PERMIT: "onlyWithPermit"}
"""Of the data models' lists of categories (OffStreetParking 0.1.3, OnStreetParking 0.0)."""

GROUP_CATEGORY = {
    Space.DISABLED: "onlyDisabled",
    Space.CHARGING: "onlyElectricalCharging",
    Space.PERMIT: "onlyWithPermit",
}
"""Of ParkingGroup's list (0.0.1)."""

METHOD = {Payment.CASH: "Cash", Payment.INVOICE: "ByInvoice"}
"""Of the data model's list of payment methods, which knows no cards and no phones."""


def entity_of(facts: FacilityFacts, city: str, *, is_demo: bool, area: str = "") -> dict[str, Any]:
    """The facility as an NGSI-LD entity without its count, which is the sensors' to say. None: not known (any more).

    `area` is the name of its area.
    """
    capacity, height, street = facts.capacity, facts.height_cm, facts.kind is Kind.STREET
    methods = [METHOD[each] for each in facts.payments if each in METHOD]
    entity = {
        "id": facts.entity_in(city),
        "type": facts.type,
        "name": _property(facts.name),
        "category": _property(_categories(facts)),
        "dataProvider": _property(_provider(city, is_demo=is_demo)),
        "totalSpotNumber": _property(capacity) and {**_property(capacity), "unitCode": "C62"},
        "location": _location(facts),
        "address": _property({"streetAddress": facts.address} if facts.address else None),
        "areaServed": _property(area or None),
        "provider": _property({"type": "Organization", "name": facts.operator} if facts.operator else None),
    }
    if street:
        return entity
    return entity | {
        "openingHours": _property(written(facts.hours) if facts.hours else None),
        "maximumAllowedHeight": {**_property(height / 100), "unitCode": "MTR"} if height else None,
        "acceptedPaymentMethod": _property(methods or None),
    }


def groups_of(facts: FacilityFacts, city: str, *, is_demo: bool) -> list[dict[str, Any]]:
    """The spaces that are kept for some, each kind as a ParkingGroup of its facility."""
    return [
        {
            "id": group_id_of(city, facts.code, space),
            "type": GROUP_TYPE,
            "name": _property(f"{facts.name} ({space})"),
            "refParkingSite": {"type": "Relationship", "object": facts.entity_in(city)},
            "category": _property([GROUP_CATEGORY[space]]),
            "totalSpotNumber": {**_property(count), "unitCode": "C62"},
            "dataProvider": _property(_provider(city, is_demo=is_demo)),
        }
        for space, count in facts.kept_spaces()
    ]


def groups_gone(facts: FacilityFacts, city: str) -> Iterable[str]:
    """The identifiers of the groups that the facility has not."""
    there = {space for space, _ in facts.kept_spaces()}
    return [group_id_of(city, facts.code, space) for space in Space if space not in there]


def free_entity_of(thing: str, reckoned: Reckoned, at: datetime) -> dict[str, Any]:
    """The facility `thing` as an NGSI-LD entity with nothing but its free spaces, as of `at`."""
    seen = {"observedAt": at.isoformat().replace("+00:00", "Z")}
    quality = _property("clamped" if reckoned.astray else "counted")
    return {
        "id": thing,
        "type": thing.split(":")[2],
        FREE: {**_property(reckoned.free), **seen, QUALITY: quality},
        UNKNOWN_SPACES: {**_property(reckoned.unknown), **seen},
    }


STATUS = {
    State.FREE: ["open", "spacesAvailable"],
    State.FEW: ["open", "almostFull"],
    State.FULL: ["open", "full"],
    State.CLOSED: ["closed"],
}
"""Of OffStreetParking's list; of what is not known, none."""


def standing(now: FacilityNow) -> dict[str, Any]:
    """How the facility stands, for its entity: free spaces only where they are fresh."""
    found: dict[str, Any] = {}
    if now.free is not None and now.observed_at is not None:
        at = now.observed_at.isoformat().replace("+00:00", "Z")
        found["availableSpotNumber"] = {**_property(now.free), "unitCode": "C62", "observedAt": at}
    if now.kind is not Kind.STREET and now.state in STATUS:
        found["status"] = _property(STATUS[now.state])
    return found


def _property(value: Any) -> Any:
    return None if value is None else {"type": "Property", "value": value}


def _provider(city: str, *, is_demo: bool) -> str:
    return "SiMOS demo" if is_demo else city


def _categories(facts: FacilityFacts) -> list[str]:
    return [*CATEGORY[facts.kind], *(KEPT_FOR[space] for space, _ in facts.kept_spaces() if space is not Space.PERMIT)]


def _location(facts: FacilityFacts) -> Any:
    shape = facts.place or facts.outline
    return {"type": "GeoProperty", "value": shape.as_geojson()} if shape else None
