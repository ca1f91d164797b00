"""Parking in the field's standard forms: Smart Data Models' OffStreetParking as NGSI-LD."""

from typing import Any

from simos.modules.mobility.parking.values import TYPE, FacilityFacts, Kind, id_of

CATEGORY = {Kind.GARAGE: ["public", "parkingGarage"], Kind.LOT: ["public", "parkingLot"]}
"""Of the data model's list of categories (version 0.1.3)."""


def entity_of(facts: FacilityFacts, city: str, *, is_demo: bool) -> dict[str, Any]:
    """The facility as an NGSI-LD entity without its count, which is the sensors' to say. None: not known (any more)."""
    capacity, place, address = facts.capacity, facts.place, facts.address
    return {
        "id": id_of(city, facts.code),
        "type": TYPE,
        "name": {"type": "Property", "value": facts.name},
        "category": {"type": "Property", "value": CATEGORY[facts.kind]},
        "dataProvider": {"type": "Property", "value": "SiMOS demo" if is_demo else city},
        "totalSpotNumber": {"type": "Property", "value": capacity, "unitCode": "C62"} if capacity is not None else None,
        "location": {"type": "GeoProperty", "value": place.as_geojson()} if place else None,
        "address": {"type": "Property", "value": {"streetAddress": address}} if address else None,
    }
