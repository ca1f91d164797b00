"""How entities evolved, over HTTP: made, told, changed, taken back, and each error (ETSI GS CIM 009, 5.6.11 to 5.6.16,
5.7.3, 5.7.4)."""

from typing import Any

import pytest

from tests.conformance.ngsild.asking import JSON, LD_JSON, Answer, Client

BUS = "urn:bus:1"
ALL = "timerel=after&timeAt=2000-01-01T00:00:00Z"
NULL = "urn:ngsi-ld:null"


def minute(number: int) -> str:
    return f"2025-09-01T12:{number:02}:00Z"


def speed(value: Any, at: int, **more: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, "observedAt": minute(at), **more}


def bus(entity_id: str = BUS, **attributes: Any) -> dict[str, Any]:
    return {"id": entity_id, "type": "Bus", **(attributes or {"speed": [speed(n * 10, n) for n in range(5)]})}


def made(hub: Client, entity: dict[str, Any] | None = None) -> None:
    hub.done("POST", "/temporal/entities", entity or bus())


def told(hub: Client, parameters: str = "", entity_id: str = BUS) -> Any:
    answer = hub.get(f"/temporal/entities/{entity_id}?{parameters}")
    assert answer.status == 200, answer.body
    return answer.body


def values(document: dict[str, Any], name: str = "speed") -> list[Any]:
    return [each["value"] for each in document.get(name, [])]


def refused(answer: Answer, status: int, problem: str) -> None:
    assert (answer.status, answer.problem) == (status, problem), answer.body


def test_created_then_added_to(hub: Client) -> None:
    first = hub.ask("POST", "/temporal/entities", bus(speed=[speed(1, 1)]))
    assert (first.status, first.headers["location"]) == (201, f"/ngsi-ld/v1/temporal/entities/{BUS}")
    again = hub.ask("POST", "/temporal/entities", {**bus(speed=[speed(2, 2)]), "type": ["Bus", "Vehicle"]})
    assert (again.status, again.body) == (204, None)
    shown = told(hub)
    assert shown["type"] == ["Bus", "Vehicle"]
    assert values(shown) == [1, 2]
    assert hub.get(f"/entities/{BUS}").status == 404, "history makes no present"
    assert hub.ask("POST", "/temporal/entities", {"id": "urn:bus:2", "type": "Bus"}).status == 201
    assert told(hub, entity_id="urn:bus:2") == {"id": "urn:bus:2", "type": "Bus"}


def test_an_instance_is_told_with_its_name_and_if_asked_its_system_times(hub: Client) -> None:
    made(hub, bus(speed=[speed(1, 1, expiresAt="2100-01-01T00:00:00Z")]))
    (instance,) = told(hub)["speed"]
    assert instance.pop("instanceId").startswith("urn:")
    assert instance == speed(1, 1)
    shown = told(hub, "options=sysAttrs")
    assert shown["createdAt"] <= shown["modifiedAt"]
    assert shown["speed"][0]["createdAt"] == shown["speed"][0]["modifiedAt"]
    assert shown["speed"][0]["expiresAt"] == "2100-01-01T00:00:00Z"


def test_the_present_leaves_its_history(hub: Client) -> None:
    hub.done(
        "POST", "/entities", {"id": BUS, "type": "Bus", "speed": speed(1, 1), "doors": {"type": "Property", "value": 2}}
    )
    hub.done("PATCH", f"/entities/{BUS}/attrs", {"speed": speed(2, 2)})
    hub.done("DELETE", f"/entities/{BUS}/attrs/doors")
    shown = told(hub)
    assert values(shown) == [1, 2]
    kept, gone = shown["doors"]
    assert kept["value"] == 2
    assert gone == {"type": "Property", "value": NULL, "deletedAt": gone["deletedAt"]}
    assert told(hub, "timeproperty=deletedAt")["doors"] == [gone]
    assert "speed" not in told(hub, "timeproperty=deletedAt")
    pairs = told(hub, "timeproperty=deletedAt&options=temporalValues")["doors"]
    assert pairs == {"type": "Property", "values": [[NULL, gone["deletedAt"]]]}
    hub.done("DELETE", f"/entities/{BUS}")
    shown = told(hub, "options=sysAttrs")
    assert shown["type"] == "Bus", "what it was is known after it is gone"
    assert shown["deletedAt"] == shown["speed"][-1]["deletedAt"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", [0, 10, 20, 30, 40]),
        (f"timerel=before&timeAt={minute(2)}", [0, 10]),
        (f"timerel=after&timeAt={minute(2)}", [30, 40]),
        (f"timerel=between&timeAt={minute(1)}&endTimeAt={minute(3)}", [10, 20]),
        ("lastN=2", [30, 40]),
        (f"lastN=2&timerel=before&timeAt={minute(3)}", [10, 20]),
        (f"{ALL}&timeproperty=createdAt", [0, 10, 20, 30, 40]),
        (f"{ALL}&timeproperty=modifiedAt", [0, 10, 20, 30, 40]),
        ("timerel=before&timeAt=2026-01-01T00:00:00Z&timeproperty=createdAt", []),
        (f"{ALL}&timeproperty=deletedAt", []),
        ("attrs=speed", [0, 10, 20, 30, 40]),
        ("pick=id,speed", [0, 10, 20, 30, 40]),
        ("omit=speed", []),
        ("attrs=doors", []),
    ],
)
def test_the_time_and_the_attributes_that_are_asked_for(hub: Client, parameters: str, expected: list[int]) -> None:
    made(hub)
    assert values(told(hub, parameters)) == expected


def test_what_bears_no_observed_at_has_no_such_time(hub: Client) -> None:
    made(hub, bus(speed=[speed(1, 1), {"type": "Property", "value": 2}]))
    assert values(told(hub)) == [1, 2]
    assert values(told(hub, ALL)) == [1]
    assert values(told(hub, f"{ALL}&timeproperty=createdAt")) == [1, 2]


def test_pick_and_omit_are_of_the_entitys_own_members_too(hub: Client) -> None:
    made(hub)
    assert set(told(hub, "pick=speed")) == {"speed"}
    assert set(told(hub, "pick=id,type")) == {"id", "type"}
    assert set(told(hub, "omit=type")) == {"id", "speed"}


def test_the_forms(hub: Client) -> None:
    made(
        hub,
        bus(
            speed=[speed(1, 1), speed(2, 2, datasetId="urn:d:1")],
            name=[{"type": "LanguageProperty", "languageMap": {"sl": "a", "it": "b"}, "observedAt": minute(1)}],
            at={"type": "Relationship", "object": "urn:stop:1", "observedAt": minute(1)},
        ),
    )
    simple = told(hub, "options=temporalValues")
    assert simple["speed"] == [
        {"type": "Property", "values": [[1, minute(1)]]},
        {"type": "Property", "values": [[2, minute(2)]], "datasetId": "urn:d:1"},
    ]
    assert simple["name"] == {"type": "LanguageProperty", "languageMaps": [[{"sl": "a", "it": "b"}, minute(1)]]}
    assert simple["at"] == {"type": "Relationship", "objects": [["urn:stop:1", minute(1)]]}
    assert told(hub, "format=temporalValues") == simple
    concise = told(hub, "options=concise")
    assert {"value": 1, "observedAt": minute(1)}.items() <= concise["speed"][0].items()
    assert "type" not in concise["speed"][0]
    assert told(hub, "lang=it")["name"][0]["value"] == "b"
    assert values(told(hub, "datasetId=urn:d:1")) == [2]
    assert values(told(hub, "datasetId=@none")) == [1]


def test_content_negotiation(hub: Client) -> None:
    made(hub)
    plain = hub.get(f"/temporal/entities/{BUS}", Accept=JSON)
    assert plain.headers["content-type"] == JSON
    assert "json-ld#context" in plain.headers["link"]
    ld = hub.get(f"/temporal/entities?type=Bus&{ALL}", Accept=LD_JSON)
    assert ld.headers["content-type"] == LD_JSON
    assert "@context" in ld.body[0]
    assert hub.get(f"/temporal/entities/{BUS}", Accept="text/html").status == 406


@pytest.mark.parametrize(
    "parameters",
    [
        "timerel=sometimes&timeAt=2025-01-01T00:00:00Z",
        "timerel=before",
        "timerel=before&timeAt=yesterday",
        "timerel=between&timeAt=2025-01-01T00:00:00Z",
        "timerel=after&timeAt=2025-01-01T00:00:00Z&endTimeAt=2025-01-01T00:00:00Z",
        "timeAt=2025-01-01T00:00:00Z",
        "timeproperty=seenAt",
        "lastN=0",
        "lastN=-1",
        "lastN=x",
        "options=aggregatedValues",
        "options=aggregatedValues,temporalValues&aggrMethods=sum",
        "options=aggregatedValues&aggrMethods=median",
        "options=aggregatedValues&aggrMethods=sum&aggrPeriodDuration=hour",
        "options=aggregatedValues&aggrMethods=sum&aggrPeriodDuration=P1M1D",
        "attrs=speed&pick=speed",
        "pick=speed&omit=speed",
        "attrs=sp<eed",
        "attrs=createdAt",
        "pick=stop{name}",
        "omit=stop{name}",
        "pick=id,,speed",
        "datasetId=no",
    ],
)
def test_a_question_that_makes_no_sense(hub: Client, parameters: str) -> None:
    made(hub)
    refused(hub.get(f"/temporal/entities/{BUS}?{parameters}"), 400, "BadRequestData")
    whole = parameters if "timerel" in parameters else f"{parameters}&{ALL}"
    if not parameters.startswith("timeAt"):
        refused(hub.get(f"/temporal/entities?type=Bus&{whole}"), 400, "BadRequestData")


def test_a_query_needs_a_what_and_a_when(hub: Client) -> None:
    refused(hub.get(f"/temporal/entities?{ALL}"), 400, "BadRequestData")
    refused(hub.get("/temporal/entities?type=Bus"), 400, "BadRequestData")
    refused(hub.get("/temporal/entities?type=Bus&lastN=3"), 400, "BadRequestData")
    refused(hub.get(f"/temporal/entities?type=Bus&{ALL}&limit=-1"), 400, "BadRequestData")
    refused(hub.get(f"/temporal/entities?type=Bus&{ALL}&limit=1001"), 403, "TooManyResults")
    for wrong in ("id=no", 'q=stop{name}=="x"', "csf=))bad((", "orderBy=speed"):
        refused(hub.get(f"/temporal/entities?type=Bus&{ALL}&{wrong}"), 400, "BadRequestData")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("type=Bus", "1 2 3"),
        ("type=Tram", "4"),
        ("type=Bus,Tram", "1 2 3 4"),
        ("type=(Bus;Electric)", "3"),
        ("type=Bus&id=urn:bus:2,urn:bus:9", "2"),
        ("idPattern=bus:[34]$", "3 4"),
        ("attrs=heading", "2"),
        ("type=Bus&q=speed>25", "1"),
        ("type=Bus&q=heading<90;speed>=5", "2"),
        ("type=Bus&q=speed>25|heading>10", "1 2"),
        ("type=Bus&georel=near;maxDistance==1000&geometry=Point&coordinates=[13.6,45.9]", "1"),
        ("type=Bus&scopeQ=/Gorica/%23", "3"),
        ("type=Bus&q=speed>85", ""),
        ("type=Bus&q=!heading;speed>=5", "1"),
        ("type=Bus&orderBy=id;desc", "3 2 1"),
        ("type=Bus&q=kind==local&expandValues=kind", "2"),
        ("type=Bus&q=kind==local", ""),
    ],
)
def test_who_is_found_by_what_was_so_within_the_time(hub: Client, parameters: str, expected: str) -> None:
    place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [13.6, 45.9]}, "observedAt": minute(1)}
    made(hub, bus("urn:bus:1", speed=[speed(30, 1), speed(90, 40)], location=[place]))
    kind = {"type": "VocabProperty", "vocab": "local", "observedAt": minute(1)}
    made(hub, bus("urn:bus:2", speed=[speed(10, 1), speed(80, 40)], heading=[speed(45, 2)], kind=[kind]))
    made(hub, {**bus("urn:bus:3", speed=[speed(1, 1)]), "type": ["Bus", "Electric"], "scope": "/Gorica/North"})
    made(hub, {**bus("urn:bus:4", speed=[speed(1, 1)]), "type": "Tram"})
    made(hub, bus("urn:bus:5", speed=[speed(99, 45)]))
    window = f"timerel=between&timeAt={minute(0)}&endTimeAt={minute(30)}"
    answer = hub.get(f"/temporal/entities?{parameters}&{window}")
    assert answer.status == 200, answer.body
    assert [each["id"] for each in answer.body] == [f"urn:bus:{number}" for number in expected.split()]
    assert all(instance["observedAt"] < minute(30) for each in answer.body for instance in each.get("speed", []))


def test_pages_and_counts(hub: Client) -> None:
    for number in range(5):
        made(hub, bus(f"urn:bus:{number}"))
    first = hub.get(f"/temporal/entities?type=Bus&{ALL}&limit=2&count=true")
    assert [each["id"] for each in first.body] == ["urn:bus:0", "urn:bus:1"]
    assert first.headers["ngsild-results-count"] == "5"
    assert 'rel="next"' in first.headers["link"]
    last = hub.get(f"/temporal/entities?type=Bus&{ALL}&limit=2&offset=4")
    assert [each["id"] for each in last.body] == ["urn:bus:4"]
    assert 'rel="next"' not in last.headers["link"]
    assert 'rel="prev"' in last.headers["link"]


def test_a_query_by_body(hub: Client) -> None:
    made(hub)
    made(hub, bus("urn:bus:2"))
    query = {
        "type": "Query",
        "entities": [{"type": "Bus", "id": "urn:bus:2"}],
        "attrs": ["speed"],
        "q": "speed>5",
        "temporalQ": {"timerel": "between", "timeAt": minute(1), "endTimeAt": minute(3)},
    }
    answer = hub.ask("POST", "/temporal/entityOperations/query?options=temporalValues&count=true", query)
    assert (answer.status, answer.headers["ngsild-results-count"]) == (200, "1")
    assert answer.body == [
        {"id": "urn:bus:2", "type": "Bus", "speed": {"type": "Property", "values": [[10, minute(1)], [20, minute(2)]]}}
    ]
    summed = hub.ask("POST", "/temporal/entityOperations/query", query | {"aggrParams": {"aggrMethods": ["sum"]}})
    assert [each[0] for each in summed.body[0]["speed"]["sum"]] == [30]
    for wrong in (
        query | {"type": "Quest"},
        {name: inner for name, inner in query.items() if name != "temporalQ"},
        query | {"temporalQ": {"timerel": "before"}},
        query | {"entities": {"type": "Bus"}},
        query | {"entities": [], "attrs": "speed", "q": 3},
        query | {"entities": [{"type": "Bus", "id": "no"}]},
        query | {"ordering": {"orderBy": ["speed"]}},
        query | {"ordering": "id"},
        query | {"aggrParams": []},
        query | {"aggrParams": {"aggrMethods": ["median"]}},
        query | {"aggrParams": {"aggrMethods": ["sum"], "aggrPeriodDuration": "hour"}},
        [],
    ):
        refused(hub.ask("POST", "/temporal/entityOperations/query", wrong), 400, "BadRequestData")


def test_attributes_are_added(hub: Client) -> None:
    made(hub)
    answer = hub.ask("POST", f"/temporal/entities/{BUS}/attrs", {"doors": [speed(1, 1), speed(2, 2)]})
    assert (answer.status, answer.body) == (204, None)
    assert values(told(hub), "doors") == [1, 2]
    refused(hub.ask("POST", "/temporal/entities/urn:bus:9/attrs", {"doors": [speed(1, 1)]}), 404, "ResourceNotFound")
    refused(hub.ask("POST", f"/temporal/entities/{BUS}/attrs", {"doors": []}), 400, "BadRequestData")
    refused(hub.ask("POST", f"/temporal/entities/{BUS}/attrs", {}), 400, "BadRequestData")


def test_an_attribute_is_deleted_from_history(hub: Client) -> None:
    both = [speed(1, 1), speed(2, 2, datasetId="urn:d:1"), speed(3, 3, datasetId="urn:d:2")]
    made(hub, bus(speed=both, doors=[speed(1, 1)]))
    assert hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/speed?datasetId=urn:d:1").status == 204
    assert values(told(hub)) == [1, 3]
    assert hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/speed").status == 204
    assert values(told(hub)) == [3]
    assert hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/speed?deleteAll=true").status == 204
    assert values(told(hub)) == []
    assert values(told(hub), "doors") == [1]
    refused(hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/speed"), 404, "ResourceNotFound")
    refused(hub.ask("DELETE", "/temporal/entities/urn:bus:9/attrs/speed"), 404, "ResourceNotFound")
    refused(hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/doors?datasetId=no"), 400, "BadRequestData")


def test_an_instance_is_changed_and_deleted(hub: Client) -> None:
    made(hub, bus(speed=[speed(1, 1, unitCode="KMH"), speed(2, 2)]))
    path = f"/temporal/entities/{BUS}/attrs/speed/"
    one, two = (each["instanceId"] for each in told(hub)["speed"])
    assert hub.ask("PATCH", path + one, {"speed": [{"type": "Property", "value": 7}]}).status == 204
    shown = told(hub, "options=sysAttrs")["speed"]
    assert (shown[0]["value"], shown[0]["unitCode"], shown[0]["instanceId"]) == (7, "KMH", one)
    assert shown[0]["modifiedAt"] > shown[0]["createdAt"]
    assert hub.ask("PATCH", path + two, {"value": 8, "observedAt": minute(9)}).status == 204
    assert [(each["value"], each["observedAt"]) for each in told(hub)["speed"]] == [(7, minute(1)), (8, minute(9))]
    assert hub.ask("DELETE", path + one).status == 204
    assert values(told(hub)) == [8]
    for method, content in (("PATCH", {"value": 1}), ("DELETE", None)):
        refused(hub.ask(method, path + one, content), 404, "ResourceNotFound")
        refused(hub.ask(method, path + "urn:ngsi-ld:Instance:x", content), 404, "ResourceNotFound")
        refused(hub.ask(method, path + "nouri", content), 400, "BadRequestData")
    left = told(hub)["speed"][0]["instanceId"]
    refused(hub.ask("PATCH", path + left, {"type": "Relationship", "object": "urn:x:1"}), 400, "BadRequestData")
    refused(hub.ask("PATCH", path + left, []), 400, "BadRequestData")
    refused(hub.ask("PATCH", path + left, {}), 400, "BadRequestData")
    refused(hub.ask("DELETE", f"/temporal/entities/{BUS}/attrs/doors/{left}"), 404, "ResourceNotFound")


def test_an_evolution_is_deleted(hub: Client) -> None:
    made(hub)
    answer = hub.ask("DELETE", f"/temporal/entities/{BUS}")
    assert (answer.status, answer.body) == (204, None)
    refused(hub.get(f"/temporal/entities/{BUS}"), 404, "ResourceNotFound")
    refused(hub.ask("DELETE", f"/temporal/entities/{BUS}"), 404, "ResourceNotFound")
    assert hub.ask("POST", "/temporal/entities", bus()).status == 201


def test_what_is_not_there_and_what_is_no_name(hub: Client) -> None:
    refused(hub.get("/temporal/entities/urn:bus:9"), 404, "ResourceNotFound")
    for method, path in (("GET", "nouri"), ("DELETE", "nouri"), ("POST", "nouri/attrs"), ("DELETE", "nouri/attrs/a")):
        refused(hub.ask(method, f"/temporal/entities/{path}", {} if method == "POST" else None), 400, "BadRequestData")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "nouri"},
        {"id": None},
        {"type": None},
        {"speed": []},
        {"speed": [{"type": "Property"}]},
        {"speed": [{"type": "Property", "value": 1, "observedAt": "2026-03-01T02:00:00+03:00"}]},
    ],
)
def test_a_wrong_evolution_is_refused(hub: Client, wrong: dict[str, Any]) -> None:
    body = {name: inner for name, inner in (bus() | wrong).items() if inner is not None}
    refused(hub.ask("POST", "/temporal/entities", body), 400, "BadRequestData")
    assert hub.get(f"/temporal/entities/{BUS}").status == 404


def test_null_says_that_there_was_none_then(hub: Client) -> None:
    made(hub, bus(speed=[speed(1, 1)]))
    made(hub, bus(speed=[speed(NULL, 2)]))
    assert values(told(hub, "timerel=before&timeAt=2030-01-01T00:00:00Z")) == [1, NULL]


def test_what_does_not_fit_into_one_answer_is_partial(hub: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simos.hub.server.evolution.POINTS_LIMIT", 20)
    made(hub, bus(speed=[speed(n, n) for n in range(20)], doors=[speed(n, n * 4) for n in range(10)]))
    window = f"timerel=between&timeAt={minute(0)}&endTimeAt={minute(50)}"
    path = f"/temporal/entities/{BUS}?attrs=speed,doors&{window}"
    answer = hub.get(path)
    assert answer.status == 206
    assert answer.headers["content-range"] == f"date-time {minute(0)}-{minute(9)}/*"
    assert (values(answer.body), values(answer.body, "doors")) == (list(range(10)), [0, 1, 2])
    last = hub.get(f"{path}&lastN=15")
    assert last.status == 206
    assert last.headers["content-range"] == f"date-time {minute(50)}-{minute(10)}/15"
    assert (values(last.body), values(last.body, "doors")) == (list(range(10, 20)), list(range(3, 10)))
    assert hub.get(f"/temporal/entities/{BUS}?attrs=speed&{window}&lastN=3").status == 200


def test_other_tenants_see_nothing_of_it(hub: Client, hub_address: str) -> None:
    made(hub)
    other = Client(hub_address, f"{hub.tenant}-other")
    made(other, bus("urn:bus:2"))
    refused(other.get(f"/temporal/entities/{BUS}"), 404, "ResourceNotFound")
    assert [each["id"] for each in other.get(f"/temporal/entities?type=Bus&{ALL}").body] == ["urn:bus:2"]
