"""What the office saved stands in the hub: under Smart Data Models' names, beside the counts of the sensors."""

from dataclasses import replace
from typing import Any

import pytest

from simos.hub.client import HubClient
from simos.hub.contexts import CORE
from simos.hub.ngsild import parse_entity
from simos.kernel.geo import Point
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import remove_facility, save_area, save_facilities
from simos.modules.mobility.parking.formats.ngsild import entity_of, groups_of
from simos.modules.mobility.parking.module import OFF_STREET_PARKING, ON_STREET_PARKING, PARKING_GROUP
from simos.modules.mobility.parking.rules.hours import hours_of
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, NOW, counted
from simos.modules.mobility.parking.values import (
    AreaFacts,
    FacilityFacts,
    Kind,
    Outline,
    Payment,
    Space,
    group_id_of,
    id_of,
)
from simos.platform.jobs.queries import dead_letters
from simos.platform.things.working import runners_for
from simos.testing.acting import SYSTEM
from simos.testing.work import run_all

HERE, THERE = Point(15.26, 46.23), Point(15.27, 46.23)
SPOTS = {"totalSpotNumber", "availableSpotNumber"}
PLACE = {"location", "address", "name", "dataProvider", "category"}
MORE = {"areaServed", "provider", "openingHours", "maximumAllowedHeight", "acceptedPaymentMethod"}
CATEGORIES = {"public", "parkingGarage", "parkingLot", "forDisabled", "forElectricalCharging"}
"""Of Smart Data Models' OffStreetParking 0.1.3 and OnStreetParking 0.0, what we use."""

FULL = replace(
    DVOR,
    disabled=6,
    charging=4,
    hours=hours_of("Mo-Sa 06:00-22:00"),
    height_cm=210,
    operator="Javne naprave",
    payments=(Payment.CASH, Payment.CARD),
)
STREET = FacilityFacts(code="cona", name="Cona", kind=Kind.STREET, disabled=2, outline=Outline((HERE, THERE)))
PARTS = [GLAZIJA, DVOR, FULL, STREET, FacilityFacts(code="lava", name="Lava")]


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
    assert parse_entity(entity, CORE).id == facts.entity_in("celje")
    assert entity["type"] == ("OnStreetParking" if facts.kind is Kind.STREET else "OffStreetParking")
    assert set(entity) - {"id", "type"} <= SPOTS | PLACE | MORE
    assert set(entity["category"]["value"]) <= CATEGORIES


@pytest.mark.usefixtures("switched_on")
def test_kept_spaces_are_groups_of_their_facility_and_go_with_it(hub: HubClient):
    def group(space: Space) -> dict[str, Any] | None:
        return hub.entity("celje", group_id_of("celje", "knezji-dvor", space))

    save(FULL)
    found = group(Space.DISABLED)
    assert found is not None
    assert found["refParkingSite"]["object"] == FULL.entity_in("celje")
    assert found["totalSpotNumber"]["value"] == 6
    assert found["category"]["value"] == ["onlyDisabled"]
    save(replace(FULL, disabled=None))
    assert (group(Space.DISABLED), group(Space.CHARGING) is None) == (None, False)
    remove_facility(CELJE, FULL.code, by=SYSTEM, at=NOW)
    run_all(runners_for(installed_modules()))
    assert group(Space.CHARGING) is None
    assert hub.entity("celje", FULL.entity_in("celje")) is None


@pytest.mark.usefixtures("switched_on")
def test_a_zone_on_the_street_lies_along_its_line_in_its_area(hub: HubClient):
    save_area(CELJE, AreaFacts(code="center", name=Text(sl="Središče", en="Centre")), by=SYSTEM, at=NOW)
    save(replace(STREET, area="center"))
    found = hub.entity("celje", STREET.entity_in("celje"))
    assert found is not None
    assert found["type"] == "OnStreetParking"
    assert found["location"]["value"]["type"] == "LineString"
    assert found["areaServed"]["value"] == "Središče"
    save_area(CELJE, AreaFacts(code="center", name=Text(sl="Staro mesto", en="Old town")), by=SYSTEM, at=NOW)
    run_all(runners_for(installed_modules()))
    renamed = hub.entity("celje", STREET.entity_in("celje"))
    assert renamed is not None
    assert renamed["areaServed"]["value"] == "Staro mesto"


def test_what_the_manifest_declares_is_what_the_entity_bears():
    (group, *_) = groups_of(FULL, "celje", is_demo=False)
    full = replace(FULL, place=HERE, address="Trg 1")
    borne_by = {
        OFF_STREET_PARKING: entity_of(full, "celje", is_demo=False, area="Središče"),
        ON_STREET_PARKING: entity_of(replace(full, kind=Kind.STREET), "celje", is_demo=False, area="Središče"),
        PARKING_GROUP: group,
    }
    for declared, entity in borne_by.items():
        borne = {name: attribute["type"] for name, attribute in entity.items() if name not in ("id", "type")}
        kinds = {attribute.name: attribute.kind for attribute in declared.attributes}
        counted = {"availableSpotNumber", *({"unknownSpotNumber"} & kinds.keys())}
        assert kinds == borne | dict.fromkeys(counted, "Property")


def test_made_up_facilities_say_so():
    assert entity_of(DVOR, "celje", is_demo=True)["dataProvider"]["value"] == "SiMOS demo"
    assert entity_of(DVOR, "celje", is_demo=False)["dataProvider"]["value"] == "celje"
