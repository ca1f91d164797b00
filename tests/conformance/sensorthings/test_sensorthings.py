"""SensorThings 1.1 (OGC 18-088), read: the data model, paths, and query options, on both databases."""

from typing import Any
from urllib.parse import quote

import pytest
import urllib3

from tests.conformance.ngsild.asking import Client, fresh_tenant

STATION = "urn:ngsi-ld:AirQualityObserved:"


class Sensors:
    """Asks the SensorThings of one tenant."""

    def __init__(self, base: str, tenant: str) -> None:
        self.base, self.hub = f"{base}/sensorthings/{tenant}/v1.1", Client(base, tenant)
        self.pool = urllib3.PoolManager()

    def ask(self, path: str, **options: object) -> urllib3.BaseHTTPResponse:
        named = "&".join(f"${name}={quote(str(value))}" for name, value in options.items())
        address = path if path.startswith("http") else f"{self.base}/{path}"
        return self.pool.request("GET", address + (f"?{named}" if named else ""), retries=False)

    def get(self, path: str, **options: object) -> Any:
        answer = self.ask(path, **options)
        assert answer.status == 200, (path, options, answer.data)
        return answer.json()

    def names(self, path: str, **options: object) -> list[str]:
        return [each["@iot.id"].removeprefix(STATION) for each in self.get(path, **options)["value"]]


def measured(value: object, hour: int, unit: str = "GQ") -> dict[str, object]:
    return {"type": "Property", "value": value, "observedAt": f"2026-11-01T{hour:02}:00:00Z", "unitCode": unit}


def station(number: int, hour: int) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": [15.25, 46.25 + number / 8]}
    return {
        "id": f"{STATION}{number}",
        "type": "AirQualityObserved",
        "name": {"type": "Property", "value": f"Station O'{number}"},
        "dataProvider": {"type": "Property", "value": "ARSO" if number < 3 else "Celje"},
        "location": {"type": "GeoProperty", "value": where},
        "pm10": measured(10 * number + hour, hour),
        "temperature": measured(number / 2, hour, "CEL"),
    }


@pytest.fixture(scope="module")
def city(hub_address: str) -> Sensors:
    """Three stations, each with five hours of two attributes."""
    found = Sensors(hub_address, fresh_tenant())
    for hour in range(5):
        found.hub.done("POST", "/entityOperations/upsert", [station(number, hour) for number in (1, 2, 3)])
    return found


def test_the_first_page_lists_all_sets_and_each_answers(city: Sensors) -> None:
    listed = city.get("")
    assert {each["name"] for each in listed["value"]} == {
        *("Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties"),
        *("Observations", "FeaturesOfInterest"),
    }
    counts = {each["name"]: city.get(each["url"], count="true", top=1)["@iot.count"] for each in listed["value"]}
    assert counts.pop("HistoricalLocations") >= 3
    assert counts == {
        "Things": 3, "Locations": 3, "Datastreams": 6, "Sensors": 2, "ObservedProperties": 2,
        "Observations": 30, "FeaturesOfInterest": 3,
    }  # fmt: skip


def test_every_link_of_every_resource_leads_somewhere_and_back(city: Sensors) -> None:
    for each in city.get("")["value"]:
        found = city.get(each["url"], top=1)["value"][0]
        assert city.get(found["@iot.selfLink"]) == found
        for name, address in found.items():
            if name.endswith("@iot.navigationLink"):
                beyond = city.get(address)
                other = beyond["value"][0] if "value" in beyond else beyond
                assert city.get(other["@iot.selfLink"])["@iot.id"] == other["@iot.id"], address


def test_a_thing_its_streams_and_its_newest_observation_in_one_answer(city: Sensors) -> None:
    newest = "Observations($orderby=phenomenonTime desc;$top=1;$count=true)"
    expand = f"Locations,Datastreams($select=name,unitOfMeasurement;$expand={newest},ObservedProperty($select=name))"
    thing = city.get(f"Things('{STATION}1')", expand=expand)
    assert thing["name"] == "Station O'1"
    assert thing["properties"]["type"] == "AirQualityObserved"
    assert thing["Locations"][0]["location"] == {"type": "Point", "coordinates": [15.25, 46.375]}
    streams = {each["ObservedProperty"]["name"]: each for each in thing["Datastreams"]}
    pm10 = streams["pm10"]
    assert (pm10["unitOfMeasurement"]["symbol"], pm10["Observations@iot.count"]) == ("GQ", 5)
    (observation,) = pm10["Observations"]
    assert (observation["result"], observation["phenomenonTime"]) == (14, "2026-11-01T04:00:00Z")
    assert "Observations@iot.nextLink" in pm10


PM10 = f"Datastreams('{STATION}2!pm10')/Observations"


@pytest.mark.parametrize(
    ("path", "condition", "expected"),
    [
        ("Things", "name eq 'Station O''2'", ["2"]),
        ("Things", "not (properties/dataProvider eq 'ARSO')", ["3"]),
        ("Things", "startswith(name,'Station') and (id eq 'x' or endswith(name,'3'))", ["3"]),
        ("Things", "Datastreams/ObservedProperty/name eq 'pm10' and substringof('O''1',name)", ["1"]),
        (
            "Datastreams",
            "unitOfMeasurement/symbol eq 'CEL' and Thing/name gt 'Station O''1'",
            ["2!temperature", "3!temperature"],
        ),
        ("Locations", "length(name) gt 1000", []),
    ],
)
def test_filters_choose(city: Sensors, path: str, condition: str, expected: list[str]) -> None:
    assert city.names(path, filter=condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("phenomenonTime gt 2026-11-01T02:00:00Z", [23, 24]),
        ("phenomenonTime ge 2026-11-01T03:00:00+01:00 and phenomenonTime lt 2026-11-01T04:00:00Z", [22, 23]),
        ("phenomenonTime eq 2026-11-01T00:00:00Z", [20]),
        ("phenomenonTime lt 2026-11-01T01:00:00Z or phenomenonTime gt 2026-11-01T03:00:00Z", [20, 24]),
        ("not (phenomenonTime lt 2026-11-01T03:00:00Z)", [23, 24]),
        ("hour(phenomenonTime) eq 2", [22]),
        ("result mod 2 eq 0 and result div 2 gt 10", [22, 24]),
        ("result gt 21 and phenomenonTime lt 2026-11-01T03:00:00Z", [22]),
        ("result add 1 mul 2 eq 22", [20]),
        ("now() gt phenomenonTime and result le 20.0", [20]),
        ("result eq '20'", []),
    ],
)
def test_observations_are_chosen_by_time_and_value_in_any_order(
    city: Sensors, condition: str, expected: list[int]
) -> None:
    up = city.get(PM10, filter=condition, count="true")
    assert ([each["result"] for each in up["value"]], up["@iot.count"]) == (expected, len(expected))
    down = city.get(PM10, filter=condition, orderby="phenomenonTime desc")["value"]
    assert [each["result"] for each in down] == expected[::-1]
    by_value = city.get(PM10, filter=condition, orderby="result desc")["value"]
    assert [each["result"] for each in by_value] == expected[::-1]


@pytest.mark.parametrize("order", ["phenomenonTime", "phenomenonTime desc", "result desc,id"])
def test_pages_follow_one_another_to_the_end(city: Sensors, order: str) -> None:
    found, page = [], city.get(PM10, top=2, orderby=order, count="true")
    found += [each["result"] for each in page["value"]]
    while "@iot.nextLink" in page:
        page = city.get(page["@iot.nextLink"])
        assert page["@iot.count"] == 5
        found += [each["result"] for each in page["value"]]
    assert found == sorted(range(20, 25), reverse="desc" in order)
    assert city.get(PM10, skip=9, count="true")["@iot.count"] == 5


def test_members_values_references_and_selections(city: Sensors) -> None:
    thing = f"Things('{STATION}3')"
    assert city.get(f"{thing}/name") == {"name": "Station O'3"}
    assert city.ask(f"{thing}/name/$value").data == b"Station O'3"
    assert city.get(thing, select="name,id") == {"@iot.id": f"{STATION}3", "name": "Station O'3"}
    (link,) = city.get(f"{thing}/Locations/$ref")["value"]
    assert city.get(link["@iot.selfLink"])["@iot.id"] == f"{STATION}3!location"
    assert city.get(f"{thing}/Datastreams('{STATION}3!pm10')/Sensor")["name"] == "Celje"


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("Lamps", {}, 404),
        ("Things('urn:nowhere')", {}, 404),
        ("Things/Datastreams", {}, 404),
        ("Things", {"filter": "colour eq 1"}, 400),
        ("Things", {"filter": "name eq"}, 400),
        ("Things", {"filter": "(name eq 'a'"}, 400),
        ("Things", {"filter": "name eq 'a' 'b'"}, 400),
        ("Things", {"filter": "length(name,name) eq 1"}, 400),
        ("Things", {"filter": "geo.distance(location,geography'POINT(1 1)') lt 1"}, 400),
        ("Things", {"filter": "st_within(Locations/location,'x')"}, 501),
        ("Things", {"filter": "(" * 100}, 403),
        ("Things", {"top": "many"}, 400),
        ("Things", {"orderby": "name up"}, 400),
        ("Things", {"expand": "Observations"}, 400),
        ("Things", {"search": "x"}, 400),
        ("Things", {"resultFormat": "dataArray"}, 501),
    ],
)
def test_what_makes_no_sense_or_is_not_here_is_refused(
    city: Sensors, path: str, options: dict[str, str], status: int
) -> None:
    answer = city.ask(path, **options)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer.data


def test_nothing_is_written_here(city: Sensors) -> None:
    answer = city.pool.request("POST", f"{city.base}/Things", body=b"{}", retries=False)
    assert answer.status == 405
