"""Many entities in one request, over HTTP: the good part is done, the rest is named (ETSI GS CIM 009, 5.6.7)."""

from typing import Any

import pytest

from tests.conformance.ngsild.asking import Client


def room(number: int, **members: Any) -> dict[str, Any]:
    return {"id": f"urn:x:{number}", "type": "Room", **members}


def batch(hub: Client, operation: str, content: Any) -> Any:
    return hub.ask("POST", f"/entityOperations/{operation}", content)


def values(hub: Client) -> dict[str, Any]:
    found = hub.done("GET", "/entities?type=Room&options=keyValues").body
    return {each["id"]: {k: v for k, v in each.items() if k not in ("id", "type")} for each in found}


def failures(answer: Any) -> dict[str, str]:
    return {each["entityId"]: each["error"]["type"].rpartition("/")[2] for each in answer.body["errors"]}


def test_created_are_named_in_order(hub: Client) -> None:
    made = batch(hub, "create", [room(1, a=1), room(2, a=2)])
    assert (made.status, made.body) == (201, ["urn:x:1", "urn:x:2"])
    assert values(hub) == {"urn:x:1": {"a": 1}, "urn:x:2": {"a": 2}}


def test_of_what_is_created_only_the_bad_part_fails(hub: Client) -> None:
    batch(hub, "create", [room(1)])
    told = batch(hub, "create", [room(1), room(2), {"id": "urn:x:3"}, room(4, a={"type": "Wrong"}), room(2)])
    assert told.status == 207
    assert told.body["success"] == ["urn:x:2"]
    assert failures(told) == {
        "urn:x:1": "AlreadyExists",
        "urn:x:2": "AlreadyExists",
        "urn:x:3": "BadRequestData",
        "urn:x:4": "BadRequestData",
    }
    assert all(each["error"]["title"] and each["error"]["status"] for each in told.body["errors"])


def test_where_all_fail_that_is_said_too(hub: Client) -> None:
    told = batch(hub, "create", [{"id": "urn:x:1"}])
    assert (told.status, told.body["success"]) == (207, [])


def test_an_upsert_creates_and_replaces_or_updates(hub: Client) -> None:
    assert batch(hub, "upsert", [room(1, a=1, b=1)]).status == 201
    again = batch(hub, "upsert", [room(1, a=2)])
    assert (again.status, again.body) == (204, None)
    assert values(hub) == {"urn:x:1": {"a": 2}}
    both = batch(hub, "upsert?options=update", [room(1, b=3), room(2, a=4)])
    assert (both.status, both.body) == (201, ["urn:x:2"])
    assert values(hub) == {"urn:x:1": {"a": 2, "b": 3}, "urn:x:2": {"a": 4}}
    assert batch(hub, "upsert?options=replace", [room(1, c=5)]).status == 204
    assert values(hub)["urn:x:1"] == {"c": 5}
    told = batch(hub, "upsert", [room(1, c=6), {"id": "urn:x:9"}])
    assert (told.status, told.body["success"], failures(told)) == (207, ["urn:x:1"], {"urn:x:9": "BadRequestData"})


def test_of_two_of_one_entity_the_later_counts(hub: Client) -> None:
    assert batch(hub, "upsert", [room(1, a=1, old=True), room(1, a=2)]).status == 201
    assert values(hub) == {"urn:x:1": {"a": 2}}


def test_an_update_changes_what_is_there(hub: Client) -> None:
    batch(hub, "create", [room(1, a=1)])
    assert batch(hub, "update", [room(1, a=2, b=2)]).status == 204
    assert batch(hub, "update?options=noOverwrite", [room(1, a=3, c=3)]).status in (204, 207)
    assert values(hub) == {"urn:x:1": {"a": 2, "b": 2, "c": 3}}
    told = batch(hub, "update", [room(1, a=4), room(2, a=4)])
    assert (told.status, told.body["success"], failures(told)) == (207, ["urn:x:1"], {"urn:x:2": "ResourceNotFound"})


def test_a_merge_needs_no_type_and_deletes_what_is_null(hub: Client) -> None:
    batch(hub, "create", [room(1, a=1, b={"value": {"x": 1, "y": 2}})])
    fragment = {"id": "urn:x:1", "a": "urn:ngsi-ld:null", "b": {"value": {"x": "urn:ngsi-ld:null"}}}
    merged = batch(hub, "merge", [fragment])
    assert (merged.status, merged.body) == (204, None)
    assert values(hub) == {"urn:x:1": {"b": {"y": 2}}}
    told = batch(hub, "merge", [room(2, a=1)])
    assert (told.status, failures(told)) == (207, {"urn:x:2": "ResourceNotFound"})


def test_what_is_deleted_is_gone(hub: Client) -> None:
    batch(hub, "create", [room(1), room(2), room(3)])
    assert batch(hub, "delete", ["urn:x:1"]).status == 204
    told = batch(hub, "delete", ["urn:x:1", "urn:x:2"])
    assert (told.status, told.body["success"], failures(told)) == (207, ["urn:x:2"], {"urn:x:1": "ResourceNotFound"})
    assert list(values(hub)) == ["urn:x:3"]


@pytest.mark.parametrize("operation", ["create", "upsert", "update", "merge", "delete"])
@pytest.mark.parametrize("content", [[], {}, 5, [None], [5], "urn:x:1"])
def test_what_is_no_batch_is_refused(hub: Client, operation: str, content: Any) -> None:
    refused = batch(hub, operation, content)
    assert (refused.status, refused.problem) == (400, "BadRequestData")
