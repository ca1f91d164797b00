"""Scopes have a history: when each was set, and what was so while it held (ETSI GS CIM 009, 4.5.6, 4.18, 5.7.4.4)."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.ngsild.asking import Client

BUS = "urn:bus:1"
NULL = "urn:ngsi-ld:null"
WINDOW = "timerel=between&timeAt=2025-09-01T12:00:00Z&endTimeAt=2025-09-01T13:00:00Z"


def at(clock: str, value: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, "observedAt": f"2025-09-01T{clock}:00Z"}


FLEET = {
    "always": {"scope": [at("10:00", "/A/B")], "speed": [at("12:05", 1)]},
    "both": {"scope": [at("10:00", ["/A/B", "/C"])], "speed": [at("12:05", 2)]},
    "none": {"speed": [at("12:05", 3)]},
    "middle": {"scope": at("12:10", "/M"), "speed": [at("12:05", 4), at("12:15", 5)]},
    "changed": {"scope": [at("10:00", "/R"), at("12:30", "/S")], "speed": [at("12:15", 6), at("12:45", 7)]},
    "late": {"scope": [at("14:00", "/Z")], "speed": [at("12:05", 8)]},
    "timeless": {"scope": "/T", "speed": [at("12:05", 9)]},
    "ended": {"scope": [at("10:00", "/E"), at("12:10", NULL)], "speed": [at("12:05", 10), at("12:15", 11)]},
}


def values(document: dict[str, Any], name: str) -> list[Any]:
    return [each["value"] for each in document.get(name, [])]


def evolution(hub: Client, parameters: str = "") -> Any:
    return hub.done("GET", f"/temporal/entities/{BUS}?{parameters}").body


@pytest.fixture
def fleet(hub: Client) -> Client:
    for name, members in FLEET.items():
        hub.done("POST", "/temporal/entities", {"id": f"urn:bus:{name}", "type": "Bus", **members})
    return hub


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("/A/B", {"always": [1], "both": [2]}),
        ("/Y", {}),
        ("/A/#", {"always": [1], "both": [2]}),
        ("/X|/M", {"middle": [5]}),
        ("(/A/B;/C)", {"both": [2]}),
        ("/R", {"changed": [6]}),
        ("/S", {"changed": [7]}),
        ("/Z", {}),
        ("/T", {"timeless": [9]}),
        ("/E", {"ended": [10]}),
        ("/#", {"always": [1], "both": [2], "middle": [5], "changed": [6, 7], "timeless": [9], "ended": [10]}),
    ],
)
def test_who_bore_a_scope_and_what_was_so_then(fleet: Client, scopes: str, expected: dict[str, list[int]]) -> None:
    found = fleet.done("GET", f"/temporal/entities?type=Bus&scopeQ={quote(scopes)}&{WINDOW}&count=true")
    told = {each["id"].removeprefix("urn:bus:"): values(each, "speed") for each in found.body}
    assert told == expected
    assert found.headers["ngsild-results-count"] == str(len(expected))


def test_the_scope_of_the_beginning_is_told_though_it_was_set_before(fleet: Client) -> None:
    found = {each["id"]: values(each, "scope") for each in fleet.get(f"/temporal/entities?type=Bus&{WINDOW}").body}
    assert found == {
        "urn:bus:always": ["/A/B"],
        "urn:bus:both": [["/A/B", "/C"]],
        "urn:bus:none": [],
        "urn:bus:middle": ["/M"],
        "urn:bus:changed": ["/R", "/S"],
        "urn:bus:late": [],
        "urn:bus:timeless": ["/T"],
        "urn:bus:ended": ["/E", NULL],
    }


def test_what_is_done_to_the_present_is_in_the_history(hub: Client) -> None:
    hub.done("POST", "/entities", {"id": BUS, "type": "Bus", "scope": "/Old"})
    hub.done("PATCH", f"/entities/{BUS}", {"scope": ["/New", "/Newer"]})
    hub.done("PATCH", f"/entities/{BUS}", {"speed": 1})
    old, new = evolution(hub, "options=sysAttrs")["scope"]
    assert (old["value"], new["value"]) == ("/Old", ["/New", "/Newer"])
    assert new["observedAt"] == new["modifiedAt"] > old["observedAt"]
    assert set(new) == {"type", "value", "observedAt", "createdAt", "modifiedAt", "instanceId"}
    assert hub.ask("DELETE", f"/entities/{BUS}/attrs/scope").status == 204
    assert "scope" not in hub.get(f"/entities/{BUS}").body
    assert hub.ask("DELETE", f"/entities/{BUS}/attrs/scope").problem == "ResourceNotFound"
    (gone,) = evolution(hub, "timeproperty=deletedAt")["scope"]
    assert (gone["type"], gone["value"]) == ("Property", NULL)
    assert gone["deletedAt"] > new["modifiedAt"]
    pairs = evolution(hub, "timeproperty=deletedAt&options=temporalValues")["scope"]
    assert pairs == {"type": "Property", "values": [[NULL, gone["deletedAt"]]]}
    assert values(evolution(hub, "lastN=2"), "scope") == [["/New", "/Newer"], NULL]


def test_scopes_are_picked_and_omitted_and_not_summed_up(fleet: Client) -> None:
    path = "/temporal/entities/urn:bus:always"
    assert set(fleet.get(f"{path}?pick=scope").body) == {"scope"}
    assert set(fleet.get(f"{path}?omit=scope").body) == {"id", "type", "speed"}
    assert set(fleet.get(f"{path}?pick=id,speed").body) == {"id", "speed"}
    summed = fleet.get(f"{path}?options=aggregatedValues&aggrMethods=totalCount").body
    assert set(summed) == {"id", "type", "speed"}


def test_a_scope_is_taken_out_of_the_history(fleet: Client) -> None:
    path = "/temporal/entities/urn:bus:changed"
    first = fleet.get(path).body["scope"][0]["instanceId"]
    assert fleet.ask("DELETE", f"{path}/attrs/scope/{first}").status == 204
    assert values(fleet.get(path).body, "scope") == ["/S"]
    assert fleet.ask("DELETE", f"{path}/attrs/scope").status == 204
    assert values(fleet.get(path).body, "speed") == [6, 7]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        "9bad",
        [{"type": "Relationship", "value": "/A"}],
        [{"type": "Property", "value": "a b"}],
        [{"type": "Property"}],
        [{"type": "Property", "value": "/A", "observedAt": "today"}],
        [{"type": "Property", "value": "/A", "unitCode": "X"}],
        ["/A", {"type": "Property", "value": "/A"}],
    ],
)
def test_a_wrong_scope_is_refused(hub: Client, wrong: Any) -> None:
    refused = hub.ask("POST", "/temporal/entities", {"id": BUS, "type": "Bus", "scope": wrong})
    assert (refused.status, refused.problem) == (400, "BadRequestData")
