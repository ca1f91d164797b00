"""Entities over HTTP: created, replaced, merged, deleted, and their attributes (ETSI GS CIM 009, 6.4 to 6.7)."""

from typing import Any

import pytest

from tests.conformance.ngsild.asking import CORE, JSON, LD_JSON, Client

ID = "urn:ngsi-ld:Room:1"
ROOM = {
    "id": ID,
    "type": "Room",
    "temperature": {"type": "Property", "value": 21.5, "unitCode": "CEL", "observedAt": "2025-09-01T12:00:00Z"},
    "owner": {"type": "Relationship", "object": "urn:ngsi-ld:Org:1"},
}


@pytest.fixture
def room(hub: Client) -> Client:
    hub.done("POST", "/entities", ROOM)
    return hub


def at(path: str = "") -> str:
    return f"/entities/{ID}{path}"


def now_of(hub: Client, path: str = "") -> Any:
    return hub.done("GET", at(path)).body


def test_what_is_created_is_retrieved(hub: Client) -> None:
    made = hub.ask("POST", "/entities", ROOM)
    assert (made.status, made.body) == (201, None)
    assert made.headers["location"] == f"/ngsi-ld/v1/entities/{ID}"
    assert made.headers["ngsild-tenant"] == hub.tenant
    found = hub.get(at())
    assert (found.status, found.body) == (200, ROOM)
    assert found.headers["content-type"] == JSON
    assert f"<{CORE}>" in found.headers["link"]
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in found.headers["link"]


def test_who_has_it_already_is_told_so(room: Client) -> None:
    tag = room.get(at()).headers["etag"]
    again = room.get(at(), If_None_Match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, None, tag)
    assert room.get(at("?options=keyValues"), If_None_Match=f'W/{tag}, "x"').status == 200  # another form of it
    room.done("PATCH", at("/attrs"), {"temperature": {"value": 3}})
    changed = room.get(at(), If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["etag"] != tag


def test_there_is_one_of_each_id(room: Client) -> None:
    again = room.ask("POST", "/entities", ROOM)
    assert (again.status, again.problem) == (409, "AlreadyExists")


def test_a_slash_at_the_end_changes_nothing(hub: Client) -> None:
    assert hub.ask("POST", "/entities/", ROOM).status == 201
    assert hub.get("/entities/?type=Room").body == [ROOM]
    assert hub.ask("PATCH", at("/attrs/"), {"temperature": {"value": 1}}).status == 204


UNSEEN = "\u202e\u200b\ufeff\u2028\u00a0\ufe0f\U000e0100\ufdd0\ufffe\u115f\u3164\uffa0\u2800<"
"""Signs that nobody sees, or that no URI has."""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "InvalidRequest"),
        (b"", "InvalidRequest"),
        ({}, "BadRequestData"),
        ([], "BadRequestData"),
        ({"id": ID}, "BadRequestData"),
        ({"type": "Room"}, "BadRequestData"),
        ({"id": "no uri", "type": "Room"}, "BadRequestData"),
        *(({"id": f"urn:x:A{sign}B", "type": "Room"}, "BadRequestData") for sign in UNSEEN),
        ({"id": ID, "type": "9Room"}, "BadRequestData"),
        ({"id": ID, "type": []}, "BadRequestData"),
        ({"id": ID, "type": "urn:ngsi-ld:null"}, "BadRequestData"),
        ({"id": ID, "type": "Room", "scope": []}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a b": 1}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a": None}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a": {"type": "Property"}}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a": {"type": "Relationship", "object": "no uri"}}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a": {"type": "Property", "value": "urn:ngsi-ld:null"}}, "BadRequestData"),
        ({"id": ID, "type": "Room", "scope": "urn:ngsi-ld:null"}, "BadRequestData"),
        ({"id": ID, "type": "Room", "scope": "/a/9b"}, "BadRequestData"),
        ({"id": ID, "type": "Room", "datasetId": {"type": "Property", "value": 1}}, "BadRequestData"),
        ({"id": ID, "type": "Room", "a": [{"value": 1}, {"value": 2}]}, "BadRequestData"),
        ({"id": ID, "type": "Room", "@context": CORE}, "BadRequestData"),
    ],
)
def test_what_is_malformed_is_refused(hub: Client, content: Any, kind: str) -> None:
    refused = hub.ask("POST", "/entities", content)
    assert (refused.status, refused.problem) == (400, kind)
    assert hub.get(at()).problem == "ResourceNotFound"


KINDS: dict[str, Any] = {
    "number": {"type": "Property", "value": 5, "unitCode": "CEL"},
    "link": {"type": "Relationship", "object": "urn:x:1", "objectType": "Org"},
    "links": {"type": "Relationship", "object": ["urn:x:1", "urn:x:2"]},
    "place": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [13.6, 45.9]}},
    "words": {"type": "LanguageProperty", "languageMap": {"sl": "trg", "it": ["piazza", "foro"]}},
    "status": {"type": "VocabProperty", "vocab": "open"},
    "raw": {"type": "JsonProperty", "json": {"type": "x", "@value": 1}},
    "list": {"type": "ListProperty", "valueList": [1, "a"]},
    "route": {"type": "ListRelationship", "objectList": [{"object": "urn:x:1"}, {"object": "urn:x:2"}]},
    "deep": {
        "type": "Property",
        "value": 1,
        "by": {"type": "Relationship", "object": "urn:x:1", "at": {"type": "Property", "value": 2}},
    },
    "several": [{"type": "Property", "value": 1}, {"type": "Property", "value": 2, "datasetId": "urn:d:1"}],
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_attribute_comes_back_as_it_was_sent(hub: Client, name: str) -> None:
    entity = {"id": ID, "type": "Room", name: KINDS[name]}
    hub.done("POST", "/entities", entity)
    assert now_of(hub) == entity
    concise = now_of(hub, "?options=concise")
    hub.done("DELETE", at())
    hub.done("POST", "/entities", concise)
    assert now_of(hub) == entity


def test_several_types_and_scopes(hub: Client) -> None:
    entity = {"id": ID, "type": ["Office", "Room"], "scope": ["/Gorica", "/Celje/Centre"]}
    hub.done("POST", "/entities", entity)
    assert now_of(hub) == entity


def test_type_and_id_may_be_said_in_json_ld(hub: Client) -> None:
    hub.done("POST", "/entities", {"@id": ID, "@type": "Room", "a": 1, "@context": CORE}, Content_Type=LD_JSON)
    assert now_of(hub) == {"id": ID, "type": "Room", "a": {"type": "Property", "value": 1}}


def test_what_is_deleted_is_gone(room: Client) -> None:
    gone = room.ask("DELETE", at())
    assert (gone.status, gone.body) == (204, None)
    assert "content-length" not in gone.headers
    assert room.get(at()).problem == "ResourceNotFound"
    assert room.ask("DELETE", at()).problem == "ResourceNotFound"


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("PUT", "", {"type": "Room", "a": 1}),
        ("PATCH", "", {"a": 1}),
        ("POST", "/attrs", {"a": 1}),
        ("PATCH", "/attrs", {"a": 1}),
        ("PATCH", "/attrs/temperature", {"value": 1}),
        ("PUT", "/attrs/temperature", {"value": 1}),
        ("DELETE", "/attrs/temperature", None),
    ],
)
def test_what_is_not_there_or_no_uri_is_told_apart(hub: Client, method: str, path: str, content: Any) -> None:
    missing = hub.ask(method, f"/entities/urn:ngsi-ld:Room:none{path}", content)
    assert (missing.status, missing.problem) == (404, "ResourceNotFound")
    malformed = hub.ask(method, f"/entities/none{path}", content)
    assert (malformed.status, malformed.problem) == (400, "BadRequestData")


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "", None),
        ("PUT", "", {"type": "Room", "temperature": 1}),
        ("PATCH", "", {"temperature": 1}),
        ("POST", "/attrs", {"temperature": 1}),
        ("PATCH", "/attrs", {"temperature": 1}),
        ("PATCH", "/attrs/temperature", {"value": 1}),
        ("PUT", "/attrs/temperature", {"value": 1}),
        ("DELETE", "/attrs/temperature", None),
        ("DELETE", "", None),
    ],
)
def test_an_entity_of_another_type_is_not_meant(room: Client, method: str, path: str, content: Any) -> None:
    assert room.ask(method, at(f"{path}?type=Car"), content).problem == "ResourceNotFound"
    assert now_of(room) == ROOM
    assert room.ask(method, at(f"{path}?type=Car,Room"), content).status in (200, 204)


def test_of_the_entitys_own_members_only_the_scope_is_deleted(hub: Client) -> None:
    hub.done("POST", "/entities", {"id": "urn:x:Plaç", "type": "Room", "scope": ["/A", "/B"]})
    for name in ("id", "type", "createdAt"):
        for method, content in (("DELETE", None), ("PATCH", {"value": 1}), ("PUT", {"value": 1})):
            refused = hub.ask(method, f"/entities/urn:x:Pla%C3%A7/attrs/{name}", content)
            assert (refused.status, refused.problem) == (400, "BadRequestData")
    assert hub.ask("DELETE", "/entities/urn:x:Pla%C3%A7/attrs/scope").status == 204
    assert hub.get("/entities/urn:x:Pla%C3%A7").body == {"id": "urn:x:Plaç", "type": "Room"}


def test_replacing_leaves_nothing_else(room: Client) -> None:
    assert room.ask("PUT", at(), {"id": ID, "type": "Room", "humidity": 5}).status == 204
    assert now_of(room) == {"id": ID, "type": "Room", "humidity": {"type": "Property", "value": 5}}


def test_an_id_cannot_be_changed(room: Client) -> None:
    for method in ("PUT", "PATCH"):
        assert room.ask(method, at(), {"id": "urn:x:2", "type": "Room", "a": 1}).problem == "BadRequestData"


def test_merging_goes_into_members_and_deletes_what_is_null(room: Client) -> None:
    fragment = {"temperature": {"unitCode": "urn:ngsi-ld:null", "value": 22}, "owner": "urn:ngsi-ld:null", "new": 1}
    assert room.ask("PATCH", at(), fragment, Content_Type="application/merge-patch+json").status == 204
    found = now_of(room)
    assert found["temperature"] == {"type": "Property", "value": 22, "observedAt": "2025-09-01T12:00:00Z"}
    assert "owner" not in found
    assert found["new"] == {"type": "Property", "value": 1}


def test_merging_goes_into_values(hub: Client) -> None:
    hub.done("POST", "/entities", {"id": ID, "type": "Room", "address": {"value": {"city": "Ptuj", "country": "SI"}}})
    hub.done("PATCH", at(), {"address": {"value": {"country": "urn:ngsi-ld:null", "street": "Trg"}}})
    assert now_of(hub, "?options=keyValues")["address"] == {"city": "Ptuj", "street": "Trg"}


def test_simplified_merging_keeps_the_kinds_that_are_there(hub: Client) -> None:
    hub.done(
        "POST", "/entities", {"id": ID, "type": "Room", **{n: KINDS[n] for n in ("link", "words", "list", "number")}}
    )
    simple = {"link": "urn:x:9", "words": "square", "list": [7], "number": 8, "new": 9}
    hub.done("PATCH", at("?options=keyValues&lang=en"), simple)
    found = now_of(hub)
    assert found["link"] == {**KINDS["link"], "object": "urn:x:9"}
    assert found["words"]["languageMap"] == {**KINDS["words"]["languageMap"], "en": "square"}
    assert found["list"] == {"type": "ListProperty", "valueList": [7]}
    assert found["number"] == {**KINDS["number"], "value": 8}


def test_merging_may_say_when_all_of_it_was_observed(room: Client) -> None:
    room.done(
        "PATCH", at("?observedAt=2025-09-02T12:00:00Z"), {"temperature": {"value": 1}, "owner": {"object": "urn:x:1"}}
    )
    assert now_of(room)["temperature"]["observedAt"] == "2025-09-02T12:00:00Z"
    assert "observedAt" not in now_of(room)["owner"]
    assert room.ask("PATCH", at("?observedAt=now"), {"a": 1}).problem == "BadRequestData"


def test_attributes_are_appended_and_overwritten(room: Client) -> None:
    assert room.ask("POST", at("/attrs"), {"temperature": {"value": 1}, "humidity": 5}).status == 204
    assert now_of(room)["temperature"] == {"type": "Property", "value": 1}
    assert now_of(room)["humidity"]["value"] == 5


def test_without_overwriting_it_is_told_what_was_left(room: Client) -> None:
    told = room.ask("POST", at("/attrs?options=noOverwrite"), {"temperature": {"value": 1}, "humidity": 5})
    assert told.status == 207
    assert told.body["updated"] == ["humidity"]
    assert [each["attributeName"] for each in told.body["notUpdated"]] == ["temperature"]
    assert told.body["notUpdated"][0]["reason"]
    assert now_of(room)["temperature"] == ROOM["temperature"]


def test_an_update_changes_what_is_there_and_says_what_is_not(room: Client) -> None:
    told = room.ask("PATCH", at("/attrs"), {"temperature": {"value": 1}, "humidity": 5})
    assert told.status == 207
    assert told.body["updated"] == ["temperature"]
    assert [each["attributeName"] for each in told.body["notUpdated"]] == ["humidity"]
    assert room.ask("PATCH", at("/attrs"), {"owner": "urn:ngsi-ld:null"}).status == 204
    assert now_of(room) == {"id": ID, "type": "Room", "temperature": {"type": "Property", "value": 1}}


@pytest.mark.parametrize(("method", "path"), [("POST", "/attrs"), ("PATCH", "/attrs"), ("PATCH", ""), ("PUT", "")])
@pytest.mark.parametrize("content", [{}, [], 5, {"temperature": None}, {"temperature": {"type": "Wrong", "value": 1}}])
def test_a_malformed_fragment_changes_nothing(room: Client, method: str, path: str, content: Any) -> None:
    refused = room.ask(method, at(path), content)
    assert (refused.status, refused.problem) == (400, "BadRequestData")
    assert now_of(room) == ROOM


def test_part_of_an_attribute_is_updated(room: Client) -> None:
    assert room.ask("PATCH", at("/attrs/temperature"), {"value": 3, "observedAt": "2025-09-01T13:00:00Z"}).status == 204
    assert now_of(room)["temperature"] == {**ROOM["temperature"], "value": 3, "observedAt": "2025-09-01T13:00:00Z"}
    assert room.ask("PATCH", at("/attrs/none"), {"value": 3}).problem == "ResourceNotFound"
    assert room.ask("PATCH", at("/attrs/owner"), {"type": "Property", "value": 3}).problem == "BadRequestData"
    nested = {"value": {"a": "urn:ngsi-ld:null"}}
    assert room.ask("PATCH", at("/attrs/temperature"), nested).problem == "BadRequestData"
    assert room.ask("PATCH", at("/attrs/temperature"), {"value": "urn:ngsi-ld:null"}).status == 204
    assert "temperature" not in now_of(room)


def test_an_attribute_is_replaced(room: Client) -> None:
    assert room.ask("PUT", at("/attrs/temperature"), {"type": "Property", "value": 3}).status == 204
    assert now_of(room)["temperature"] == {"type": "Property", "value": 3}
    assert room.ask("PUT", at("/attrs/none"), {"type": "Property", "value": 3}).problem == "ResourceNotFound"
    assert room.ask("PUT", at("/attrs/temperature"), {"unitCode": "CEL"}).problem == "BadRequestData"


def test_instances_are_told_apart_by_their_dataset(hub: Client) -> None:
    hub.done("POST", "/entities", {"id": ID, "type": "Room", "a": KINDS["several"]})
    hub.done("PATCH", at("/attrs/a?datasetId=urn:d:1"), {"value": 7})
    assert [each["value"] for each in now_of(hub)["a"]] == [1, 7]
    assert now_of(hub, "?datasetId=urn:d:1")["a"]["value"] == 7
    assert now_of(hub, "?datasetId=@none")["a"] == {"type": "Property", "value": 1}
    assert hub.ask("DELETE", at("/attrs/a?datasetId=urn:d:2")).problem == "ResourceNotFound"
    assert hub.ask("DELETE", at("/attrs/a")).status == 204
    assert now_of(hub)["a"]["datasetId"] == "urn:d:1"
    hub.done("POST", at("/attrs"), {"a": {"value": 1}})
    assert hub.ask("DELETE", at("/attrs/a?deleteAll=true")).status == 204
    assert now_of(hub) == {"id": ID, "type": "Room"}


def test_what_has_expired_is_there_no_more(hub: Client) -> None:
    hub.done("POST", "/entities", {"id": ID, "type": "Room", "expiresAt": "2020-01-01T00:00:00Z"})
    assert hub.get(at()).problem == "ResourceNotFound"
    assert hub.get("/entities?type=Room").body == []
    assert hub.ask("PATCH", at("/attrs"), {"a": 1}).problem == "ResourceNotFound"
    lasting = {"id": ID, "type": "Room", "expiresAt": "2100-01-01T00:00:00Z"}
    speed = {"value": 7, "expiresAt": "2100-01-01T00:00:00Z"}
    assert (
        hub.ask(
            "POST", "/entities", {**lasting, "speed": speed, "old": {"value": 1, "expiresAt": "2020-01-01T00:00:00Z"}}
        ).status
        == 201
    )
    assert now_of(hub) == {"id": ID, "type": "Room", "speed": {"type": "Property", "value": 7}}
    shown = now_of(hub, "?options=sysAttrs")
    assert shown["expiresAt"] == shown["speed"]["expiresAt"] == "2100-01-01T00:00:00Z"
    hub.done("PATCH", at(), {"expiresAt": "urn:ngsi-ld:null"})
    assert "expiresAt" not in now_of(hub, "?options=sysAttrs")


def test_system_times_are_shown_where_they_are_asked_for(room: Client) -> None:
    shown = now_of(room, "?options=sysAttrs")
    assert shown["createdAt"] <= shown["modifiedAt"]
    assert shown["temperature"]["createdAt"].endswith("Z")
    room.done("PATCH", at("/attrs/temperature"), {"value": 1, "observedAt": "2025-09-01T13:00:00Z"})
    later = now_of(room, "?options=sysAttrs")
    assert later["createdAt"] == shown["createdAt"]
    assert later["modifiedAt"] > shown["modifiedAt"]
