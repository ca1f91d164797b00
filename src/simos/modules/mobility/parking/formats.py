"""Parking in the field's standard forms: Smart Data Models' OffStreetParking as NGSI-LD."""

from typing import Any

from simos.modules.mobility.parking.values import TYPE, FacilityFacts, Kind, id_of

CATEGORY = {Kind.GARAGE: ["public", "parkingGarage"], Kind.LOT: ["public", "parkingLot"]}
"""Of the data model's list of categories (version 0.1.3)."""


def entity_of(facts: FacilityFacts, city: str, *, is_demo: bool) -> dict[str, Any]:
    """The facility as an NGSI-LD entity without its count, which is the sensors' to say."""
    entity: dict[str, Any] = {
        "id": id_of(city, facts.code),
        "type": TYPE,
        "name": {"type": "Property", "value": facts.name},
        "category": {"type": "Property", "value": CATEGORY[facts.kind]},
        "dataProvider": {"type": "Property", "value": "SiMOS demo" if is_demo else city},
    }
    if facts.capacity is not None:
        entity["totalSpotNumber"] = {"type": "Property", "value": facts.capacity, "unitCode": "C62"}
    if facts.place is not None:
        entity["location"] = {"type": "GeoProperty", "value": facts.place.as_geojson()}
    if facts.address:
        entity["address"] = {"type": "Property", "value": {"streetAddress": facts.address}}
    return entity
