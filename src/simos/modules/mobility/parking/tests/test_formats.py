"""A city's parking in the forms of the field: each as its standard says, the same while nothing changes."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from django.test import Client
from hypothesis import given

from simos.hub.client import HubClient
from simos.kernel.errors import Invalid
from simos.kernel.geo import positions_of
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.commands import cli
from simos.modules.mobility.parking.demo import load
from simos.modules.mobility.parking.formats.published import FORMS
from simos.modules.mobility.parking.formats.tables import csv_of, geojson_of, table_of
from simos.modules.mobility.parking.public import FacilityNow, standing_of
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.rules.rows import columns_in, facts_of
from simos.modules.mobility.parking.tests.conftest import CELJE, GLAZIJA, KOPER, NOW, counted
from simos.modules.mobility.parking.tests.made_up_facilities import facilities
from simos.modules.mobility.parking.tests.test_pages import get, seen
from simos.modules.mobility.parking.values import Closure, FacilityFacts
from simos.platform.scopes.models import City
from simos.testing.acting import SYSTEM, in_city

BASE = "/api/mobility/parking/celje/formats/"
PLACE = City(code="celje", time_zone="Europe/Ljubljana")
full = pytest.mark.usefixtures("switched_on", "hub", "demo")

CATEGORIES = {
    "OffStreetParking": {"public", "parkingGarage", "parkingLot", "forDisabled", "forElectricalCharging", "feeCharged"},
    "OnStreetParking": {"forDisabled", "forElectricalCharging", "feeCharged", "onlyWithPermit"},
    "ParkingGroup": {"onlyDisabled", "onlyElectricalCharging", "onlyWithPermit"},
}
STATUSES = {"almostFull", "closed", "closedAbnormal", "full", "fullAtEntrance", "open", "openingTimesInForce"}
STATUSES |= {"spacesAvailable"}
METHODS = {"ByBankTransferInAdvance", "ByInvoice", "Cash", "CheckInAdvance", "COD", "DirectDebit", "PayPal"}
"""Facts of the schemas of Smart Data Models (OffStreetParking 0.1.3, OnStreetParking 0.0, ParkingGroup 0.0.1)."""


@pytest.fixture
def demo(switched_on: None, hub: HubClient) -> None:
    load(CELJE, by=SYSTEM, at=NOW)
    counted(hub, "glazija", 76)
    counted(hub, "lava", 0)
    counted(hub, "golovec", 300, timedelta(hours=7))
    with in_city("celje"):
        dvor = next(each.facts for each in facilities_of() if each.code == "knezji-dvor")
    closed = replace(dvor, closure=Closure(reason=Text(sl="Prenova", en="Works")))
    save_facilities(CELJE, [closed], by=SYSTEM, at=NOW, is_demo=True)
    counted(hub, "knezji-dvor", 20)


def taken(client: Client, name: str) -> bytes:
    answer = client.get(BASE + name)
    assert answer.status_code == 200
    return answer.content


def now_of(facts: FacilityFacts) -> FacilityNow:
    return standing_of(facts, None, city=PLACE, now=NOW, is_demo=False)


@full
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_each_form_has_its_media_type_and_is_the_same_while_nothing_changes(client: Client, hub: HubClient, form):
    first = client.get(BASE + form.name)
    assert (first.status_code, first["Content-Type"]) == (200, form.media_type)
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(BASE + form.name, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    if form.name in ("facilities.geojson", "ngsi-ld.jsonld", "datex2-status.xml", "apds-observations.json"):
        counted(hub, "glazija", 75, -timedelta(minutes=1))
        assert client.get(BASE + form.name, headers={"If-None-Match": first["ETag"]}).status_code == 200


@full
def test_another_form_or_city_is_not_found(client: Client):
    assert client.get(BASE + "shape.zip").status_code == 404
    assert client.get(BASE.replace("celje", "ptuj") + "facilities.csv").status_code == 404


@full
def test_ngsild_holds_what_the_data_models_say(client: Client):
    entities = json.loads(taken(client, "ngsi-ld.jsonld"))
    by_id = {each["id"]: each for each in entities}
    assert len(by_id) == len(entities)
    assert {each["type"] for each in entities} == set(CATEGORIES)
    for entity in entities:
        values = {
            name: each.get("value", each.get("object")) for name, each in entity.items() if isinstance(each, dict)
        }
        categories = values["category"]
        assert set(categories) <= CATEGORIES[entity["type"]]
        assert len(set(categories)) == len(categories)
        assert isinstance(values.get("totalSpotNumber", 1), int)
        assert 0 <= values.get("availableSpotNumber", 0) <= values.get("totalSpotNumber", 10**6)
        assert set(values.get("status", [])) <= STATUSES
        assert set(values.get("acceptedPaymentMethod", [])) <= METHODS
        assert isinstance(values.get("openingHours", ""), str)
        assert values.get("maximumAllowedHeight", 1) > 0
        if entity["type"] == "ParkingGroup":
            assert by_id[values["refParkingSite"]]["type"] != "ParkingGroup"
        else:
            assert values["location"]["type"] in ("Point", "Polygon", "LineString")
    glazija = by_id["urn:ngsi-ld:OffStreetParking:celje:glazija"]
    assert glazija["availableSpotNumber"] == {
        "type": "Property",
        "value": 76,
        "unitCode": "C62",
        "observedAt": NOW.isoformat().replace("+00:00", "Z"),
    }
    assert by_id["urn:ngsi-ld:OffStreetParking:celje:lava"]["status"]["value"] == ["open", "full"]
    for code in ("golovec", "knezji-dvor"):  # an old count, and a closed garage: no number that misleads
        assert "availableSpotNumber" not in by_id[f"urn:ngsi-ld:OffStreetParking:celje:{code}"]


@full
def test_geojson_is_valid_and_says_the_present_beside_the_facts(client: Client):
    found = json.loads(taken(client, "facilities.geojson"))
    assert found["type"] == "FeatureCollection"
    by_code = {each["properties"]["code"]: each for each in found["features"]}
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert positions_of(feature["geometry"])
        assert isinstance(feature["properties"], dict)
    assert by_code["stanetova"]["geometry"]["type"] == "LineString"
    assert [by_code["glazija"]["properties"][name] for name in ("state", "free")] == ["free", 76]
    assert [by_code["knezji-dvor"]["properties"][name] for name in ("state", "free")] == ["closed", None]


@given(facilities())
def test_rings_go_against_the_clock_and_an_export_is_an_import_that_changes_nothing(facts: FacilityFacts):
    shown = [(facts, now_of(facts))]
    geometry = geojson_of(shown)["features"][0]["geometry"]
    if geometry and geometry["type"] == "Polygon":
        ring = geometry["coordinates"][0]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) >= 0
    header, *rows = [line for line in csv_of(shown).lstrip("\ufeff").splitlines() if line]
    assert len(rows) == 1
    assert header.startswith("code,name,kind,capacity")


@full
@pytest.mark.parametrize("name", ["facilities.csv", "facilities.geojson"])
def test_what_is_exported_is_imported_and_nothing_has_changed(client: Client, tmp_path: Path, name: str):
    save_facilities(CELJE, [FacilityFacts(code="zlo", name="=1+1", address="-sum")], by=SYSTEM, at=NOW)
    file = tmp_path / name
    file.write_bytes(taken(client, name))
    table = table_of(file)
    columns = columns_in(table.header)
    with in_city("celje"):
        there = {each.code: each.facts for each in facilities_of()}
    read = [facts_of(row, columns, number) for number, row in table.rows]
    assert [error for row in read for error in row.errors] == []
    assert {row.facts.code: row.facts for row in read if row.facts} == there
    if name.endswith("csv"):
        assert "'=1+1" in file.read_text()


@full
def test_a_preview_says_field_by_field_what_would_change_and_keeps_nothing(tmp_path: Path):
    file = tmp_path / "changes.csv"
    rows = "glazija,Parkirišče Glazija,Mo-Fr 06:00-20:00", "novo,Novo,", "lava,Parkirišče Lava,24/7"
    file.write_text("\n".join(("code,name,hours", *rows)))
    told = CliRunner().invoke(cli["parking import"], [str(file), "--city", "celje", "--preview"]).output
    assert "  + novo\n" in told
    assert "  ~ glazija, hours: 24/7 -> Mo-Fr 06:00-20:00\n" in told
    assert "  = hudinja is not in the file and stays\n" in told
    assert "  ~ lava, demo: yes -> no\n" in told  # what an office says is no longer made up
    assert "facilities: 1 added, 2 changed, 0 unchanged, 0 left out" in told
    with in_city("celje"):
        assert "novo" not in {each.code for each in facilities_of()}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ('{"type": "Feature"}', "no GeoJSON FeatureCollection"),
        ('{"features": [{"geometry": null}]}', "feature 1 has no properties"),
        (
            '{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [200, 0]}}]}',
            "feature 1: long",
        ),
        (
            '{"features": [{"properties": {}, "geometry": {"type": "MultiPoint", "coordinates": [[15, 46]]}}]}',
            "a Point, a LineString, or a Polygon",
        ),
    ],
)
def test_what_is_no_geojson_is_refused_with_the_feature(tmp_path: Path, content: str, said: str):
    file = tmp_path / "facilities.geojson"
    file.write_text(content)
    with pytest.raises(Invalid, match=said):
        table_of(file)


@full
def test_apds_has_a_hierarchy_whose_parents_are_there_and_rates_that_places_name(client: Client):
    places = json.loads(taken(client, "apds-places.json"))["data"]
    ids = {each["id"]: each for each in places}
    assert len(ids) == len(places)
    assert all(each["parent"]["id"] in ids for each in places if each["layer"] > 0)
    assert all(each["layer"] == ids[each["parent"]["id"]]["layer"] + 1 for each in places if "parent" in each)
    rates = {each["id"] for each in json.loads(taken(client, "apds-rates.json"))["data"]}
    assert {rate["id"] for each in places for rate in each.get("rateTables", [])} <= rates
    seen_at = {each["place"]["id"]: each for each in json.loads(taken(client, "apds-observations.json"))["data"]}
    glazija = seen_at["urn:ngsi-ld:OffStreetParking:celje:glazija"]
    assert (glazija["vacantSpaces"], glazija["occupiedSpaces"]) == (76, 244)
    assert "urn:ngsi-ld:OffStreetParking:celje:golovec" not in seen_at


NAMES = {"prk": "http://datex2.eu/schema/3/parking", "com": "http://datex2.eu/schema/3/common"}


@full
def test_datex_says_of_each_facility_what_there_is_and_how_it_stands(client: Client):
    table = ET.fromstring(taken(client, "datex2-table.xml"))
    records = {each.get("id"): each for each in table.findall(".//prk:parkingRecord", NAMES)}
    status = ET.fromstring(taken(client, "datex2-status.xml"))
    standing: Mapping[Any, str] = {
        each.find("prk:parkingRecordReference", NAMES).get("id"): each.findtext("prk:parkingSiteStatus", "", NAMES)
        for each in status.findall("prk:parkingRecordStatus", NAMES)
    }
    assert standing.keys() == records.keys()
    dvor = "urn:ngsi-ld:OffStreetParking:celje:knezji-dvor"
    assert records[dvor].findtext("prk:parkingNumberOfSpaces", "", NAMES) == "140"
    assert (standing[dvor], standing["urn:ngsi-ld:OffStreetParking:celje:lava"]) == ("closed", "full")
    assert "old" not in standing["urn:ngsi-ld:OffStreetParking:celje:golovec"]


WRAPPER = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://datex2.eu/schema/3/parking"
 xmlns:com="http://datex2.eu/schema/3/common" xmlns:loc="http://datex2.eu/schema/3/locationReferencing"
 elementFormDefault="qualified">
<xs:import namespace="http://datex2.eu/schema/3/common" schemaLocation="DATEXII_3_Common.xsd"/>
<xs:import namespace="http://datex2.eu/schema/3/locationReferencing"
 schemaLocation="DATEXII_3_LocationReferencing.xsd"/>
<xs:element name="parkingName" type="com:MultilingualString"/>
<xs:element name="parkingLocation" type="loc:Location"/>
<xs:element name="publicationCreator" type="com:InternationalIdentifier"/>
</xs:schema>"""
EXTENSION = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://datex2.eu/schema/3/{name}">{types}</xs:schema>"""


@full
@pytest.mark.data
def test_datex_uses_the_common_and_location_models_as_their_schemas_say(
    client: Client, shared_data: Path, tmp_path: Path
):
    """The schema of the parking namespace itself is not among the files (what bears its name is the situation's)."""
    etree = pytest.importorskip("lxml.etree")
    for name, prefix in (("Common", "comx"), ("LocationReferencing", "locx")):
        text = (shared_data / "standards" / "datex2" / f"DATEXII_3_{name}.xsd").read_text()
        (tmp_path / f"DATEXII_3_{name}.xsd").write_text(text)
        types = "".join(
            f'<xs:complexType name="{each}"/>' for each in sorted(set(re.findall(f'{prefix}:(\\w+)"', text)))
        )
        name = name.removesuffix("Referencing") + "Extension"
        extension = EXTENSION.format(name=name[0].lower() + name[1:], types=types)
        (tmp_path / f"DATEXII_3_{name}.xsd").write_text(extension)
    (tmp_path / "wrapper.xsd").write_text(WRAPPER)
    schema = etree.XMLSchema(etree.parse(str(tmp_path / "wrapper.xsd")))
    table = etree.fromstring(taken(client, "datex2-table.xml"))
    checked = table.findall(".//prk:parkingName", NAMES) + table.findall(".//prk:parkingLocation", NAMES)
    assert len(checked) == 24
    for element in checked:
        alone = etree.fromstring(etree.tostring(element))
        assert schema.validate(alone), schema.error_log
    broken = re.sub(rb"<loc:latitude>[^<]*", b"<loc:latitude>north", etree.tostring(checked[-1]))
    assert b"north" in broken
    assert not schema.validate(etree.fromstring(broken))


@full
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/celje/parkiranje/podatki/", ["Podatki o parkiranju", "CC BY 4.0", "Parkirišč 12", "Parkiranje ob cesti"]),
        ("/en/celje/parking/data/", ["Parking data", "Facilities 12", "Parking on the street"]),
    ],
)
def test_the_data_sets_page_says_what_there_is_and_every_download_works(client: Client, address: str, said: list[str]):
    page = get(client, address)
    words = seen(page)
    for each in said:
        assert each in words
    links = set(re.findall(r'href="(/api/[^"]+/formats/[^"]+)"', page))
    assert len(links) == len(FORMS)
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.usefixtures("switched_on", "hub")
def test_the_data_sets_page_speaks_italian_in_koper_and_stands_without_facilities(client: Client):
    assert "Dati sui parcheggi" in seen(get(client, "/it/koper/parcheggio/dati/"))
    save_facilities(KOPER, [GLAZIJA], by=SYSTEM, at=NOW)
    assert "Parcheggi 1" in seen(get(client, "/it/koper/parcheggio/dati/"))
