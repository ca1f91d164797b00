"""What the office saved stands in the hub: under Smart Data Models' names, beside the counts of the sensors."""

from dataclasses import replace
from typing import Any

import pytest

from simos.hub.client import HubClient
from simos.hub.contexts import CORE
from simos.hub.ngsild import parse_entity
from simos.kernel.registry import installed_modules
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.formats import entity_of
from simos.modules.mobility.parking.module import OFF_STREET_PARKING
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, NOW, counted
from simos.modules.mobility.parking.values import FacilityFacts, id_of
from simos.platform.jobs.queries import dead_letters
from simos.platform.things.working import runners_for
from simos.testing.acting import SYSTEM
from simos.testing.work import run_all

SPOTS = {"totalSpotNumber", "availableSpotNumber"}
PLACE = {"location", "address", "name", "dataProvider", "category"}
CATEGORIES = {"public", "parkingGarage", "parkingLot"}
"""Of Smart Data Models' OffStreetParking 0.1.3, what we use."""

PARTS = [GLAZIJA, DVOR, FacilityFacts(code="lava", name="Lava")]


def in_hub(hub: HubClient, code: str) -> dict[str, Any]:
    found = hub.entity("celje", id_of("celje", code))
    assert found is not None
    return found


def known(entity: dict[str, Any]) -> dict[str, Any]:
    """What of it is known."""
    return {name: value for name, value in entity.items() if value is not None}


def save(*facilities: FacilityFacts) -> None:
    """The facilities are saved, and the worker has done all that followed from it."""
    save_facilities(CELJE, facilities, by=SYSTEM, at=NOW)
    run_all(runners_for(installed_modules()))
    assert not dead_letters()


@pytest.mark.usefixtures("switched_on")
def test_the_hub_has_each_facility_that_was_saved(hub: HubClient):
    save(GLAZIJA, DVOR)
    assert in_hub(hub, "glazija") == known(entity_of(GLAZIJA, "celje", is_demo=False))
    assert in_hub(hub, "knezji-dvor") == known(entity_of(DVOR, "celje", is_demo=False))


@pytest.mark.usefixtures("switched_on")
def test_saving_leaves_the_sensors_count_alone(hub: HubClient):
    counted(hub, "glazija", 76)
    save(GLAZIJA)
    assert in_hub(hub, "glazija")["availableSpotNumber"]["value"] == 76
    assert in_hub(hub, "glazija")["totalSpotNumber"] == {"type": "Property", "value": 1320, "unitCode": "C62"}


@pytest.mark.usefixtures("switched_on")
def test_a_fact_that_the_office_takes_back_is_gone_from_the_hub_too(hub: HubClient):
    counted(hub, "glazija", 76)
    save(GLAZIJA)
    save(replace(GLAZIJA, capacity=None, address="", place=None))
    assert in_hub(hub, "glazija").keys().isdisjoint({"totalSpotNumber", "address", "location"})
    assert in_hub(hub, "glazija")["availableSpotNumber"]["value"] == 76


@pytest.mark.parametrize("facts", PARTS)
def test_the_entity_is_valid_and_of_the_data_model(facts: FacilityFacts):
    entity = known(entity_of(facts, "celje", is_demo=False))
    assert parse_entity(entity, CORE).id == id_of("celje", facts.code)
    assert entity["type"] == "OffStreetParking"
    assert set(entity) - {"id", "type"} <= SPOTS | PLACE
    assert set(entity["category"]["value"]) <= CATEGORIES


def test_what_the_manifest_declares_is_what_the_entity_bears():
    declared = {attribute.name: attribute.kind for attribute in OFF_STREET_PARKING.attributes}
    entity = entity_of(GLAZIJA, "celje", is_demo=False)
    borne = {name: attribute["type"] for name, attribute in entity.items() if name not in ("id", "type")}
    assert declared == borne | {"availableSpotNumber": "Property"}


def test_made_up_facilities_say_so():
    assert entity_of(DVOR, "celje", is_demo=True)["dataProvider"]["value"] == "SiMOS demo"
    assert entity_of(DVOR, "celje", is_demo=False)["dataProvider"]["value"] == "celje"
