"""What subscribers are told, when, and in which form (ETSI GS CIM 009, 5.8.6, 5.3.1, 6.3.8 and 6.3.9)."""

import time
from typing import Any

import pytest

from tests.conformance.ngsild.asking import CORE, GEO_JSON, JSON, LD_JSON, Client, Receiver

LAMP = "urn:lamp:1"
PLACE = {"type": "Point", "coordinates": [13.64, 45.95]}
NULL = "urn:ngsi-ld:null"


def subscribe(hub: Client, receiver: Receiver, *, endpoint: Any = None, notification: Any = None, **more: Any) -> str:
    wanted = {"endpoint": {"uri": receiver.uri} | (endpoint or {})} | (notification or {})
    whole = {"type": "Subscription", "entities": [{"type": "Lamp"}], "notification": wanted} | more
    whole = {name: inner for name, inner in whole.items() if inner is not None}
    return hub.done("POST", "/subscriptions", whole).headers["location"].removeprefix("/ngsi-ld/v1")


def lamp(entity_id: str = LAMP, **attributes: Any) -> dict[str, Any]:
    attributes = attributes or {"power": {"type": "Property", "value": 1}}
    return {"id": entity_id, "type": "Lamp", **attributes}


def prop(value: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value}


def create(hub: Client, entity: dict[str, Any] | None = None) -> None:
    hub.done("POST", "/entities", entity or lamp())


def update(hub: Client, entity_id: str = LAMP, **attributes: Any) -> None:
    hub.done("PATCH", f"/entities/{entity_id}/attrs", attributes or {"power": prop(2)})


def marked(hub: Client, receiver: Receiver) -> list[dict[str, Any]]:
    """All entities told until the mark, a lamp that is made now and that everybody is told of."""
    create(hub, lamp("urn:lamp:mark"))
    until = time.monotonic() + 20
    while True:
        told = [entity for each in list(receiver.received) for entity in each.body["data"]]
        if told and told[-1]["id"] == "urn:lamp:mark":
            return told[:-1]
        assert time.monotonic() < until, f"the mark never came: {told}"
        time.sleep(0.005)


def test_the_notification_itself(hub: Client, receiver: Receiver) -> None:
    path = subscribe(hub, receiver, endpoint={"receiverInfo": [{"key": "X-Key", "value": "Sesam"}]})
    create(hub)
    told = receiver.next()
    assert set(told.body) == {"id", "type", "subscriptionId", "notifiedAt", "data"}
    assert told.body["id"].startswith("urn:ngsi-ld:Notification:")
    assert told.body["type"] == "Notification"
    assert path.endswith(told.body["subscriptionId"])
    assert told.body["notifiedAt"].endswith("Z")
    assert told.entity == lamp()
    assert told.headers["content-type"] == JSON
    assert told.headers["link"] == f'<{CORE}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    assert told.headers["ngsild-tenant"] == hub.tenant
    assert told.headers["x-key"] == "Sesam"


def test_what_was_sent_is_counted(hub: Client, receiver: Receiver) -> None:
    path = subscribe(hub, receiver)
    assert "timesSent" not in hub.get(path).body["notification"]
    create(hub)
    receiver.wait()
    until = time.monotonic() + 10
    while "lastSuccess" not in (shown := hub.get(path).body["notification"]):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert (shown["status"], shown["timesSent"], "timesFailed" in shown) == ("ok", 1, False)
    assert shown["lastNotification"] <= shown["lastSuccess"]


def test_ld_json_has_its_context_in_the_body(hub: Client, receiver: Receiver) -> None:
    words = {"Lamp": "https://example.org/Lamp", "power": "https://example.org/power"}
    wanted = {"endpoint": {"uri": receiver.uri, "accept": LD_JSON}}
    said = {"type": "Subscription", "entities": [{"type": "Lamp"}], "notification": wanted, "@context": [words, CORE]}
    hub.done("POST", "/subscriptions", said, Content_Type=LD_JSON)
    create(hub)
    hub.done("POST", "/entities", {**lamp("urn:lamp:2"), "@context": [words, CORE]}, Content_Type=LD_JSON)
    told = receiver.next()
    assert told.headers["content-type"] == LD_JSON
    assert "link" not in told.headers
    assert told.body["@context"] == [words, CORE]
    assert told.entity == lamp("urn:lamp:2")


def test_geo_json_is_a_collection_of_features(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver, endpoint={"accept": GEO_JSON})
    located = {"location": {"type": "GeoProperty", "value": PLACE}}
    create(hub, lamp(power=prop(1), **located))
    told = receiver.next()
    assert told.headers["content-type"] == GEO_JSON
    assert told.body["data"] == {
        "type": "FeatureCollection",
        "features": [
            {
                "id": LAMP,
                "type": "Feature",
                "geometry": PLACE,
                "properties": {"type": "Lamp", "power": prop(1), **located},
            }
        ],
    }


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("normalized", {"power": prop(1), "near": {"type": "Relationship", "object": "urn:lamp:9"}}),
        ("concise", {"power": 1, "near": {"object": "urn:lamp:9"}}),
        ("keyValues", {"power": 1, "near": "urn:lamp:9"}),
        ("simplified", {"power": 1, "near": "urn:lamp:9"}),
    ],
)
def test_the_form_that_is_asked_for(hub: Client, receiver: Receiver, form: str, shown: dict[str, Any]) -> None:
    subscribe(hub, receiver, notification={"format": form})
    create(hub, lamp(power=prop(1), near={"type": "Relationship", "object": "urn:lamp:9"}))
    assert receiver.next().entity == {"id": LAMP, "type": "Lamp", **shown}


def test_only_what_is_asked_for_is_in_it(hub: Client, hub_address: str) -> None:
    wanted: dict[str, Any] = {
        "attributes": {"attributes": ["power", "unknown"]},
        "pick": {"pick": ["id", "power"]},
        "omit": {"omit": ["type", "name"]},
        "sysAttrs": {"sysAttrs": True},
    }
    receivers = {name: Receiver() for name in wanted}
    try:
        for name, notification in wanted.items():
            subscribe(hub, receivers[name], notification=notification)
        create(hub, lamp(power=prop(1), name=prop("A")))
        told = {name: each.next().entity for name, each in receivers.items()}
    finally:
        for each in receivers.values():
            each.close()
    assert told["attributes"] == {"id": LAMP, "type": "Lamp", "power": prop(1)}
    assert told["pick"] == {"id": LAMP, "power": prop(1)}
    assert told["omit"] == {"id": LAMP, "power": prop(1)}
    assert told["sysAttrs"]["createdAt"] == told["sysAttrs"]["power"]["createdAt"]


def test_language_and_datasets(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver, lang="it", datasetId=["urn:d:2", "@none"])
    name = {"type": "LanguageProperty", "languageMap": {"sl": "luč", "it": "lampada"}}
    power = [prop(1) | {"datasetId": "urn:d:1"}, prop(2) | {"datasetId": "urn:d:2"}]
    create(hub, lamp(name=name, power=power))
    assert receiver.next().entity == {
        "id": LAMP,
        "type": "Lamp",
        "name": {"type": "Property", "value": "lampada", "lang": "it"},
        "power": prop(2) | {"datasetId": "urn:d:2"},
    }
    hub.done("PATCH", f"/entities/{LAMP}/attrs", {"power": prop(3) | {"datasetId": "urn:d:1"}})
    assert marked(hub, receiver) == [], "of a dataset that is not asked for nothing is told"


EVENTS = ("entityCreated", "attributeCreated", "attributeUpdated", "attributeDeleted", "entityDeleted")


@pytest.mark.parametrize(
    ("triggers", "told"),
    [
        (None, "make add change"),
        (["entityCreated"], "make"),
        (["entityUpdated"], "add change remove"),
        (["entityDeleted"], "delete"),
        (["attributeCreated"], "make add"),
        (["attributeUpdated"], "change"),
        (["attributeDeleted"], "remove delete"),
        (["entityDeleted", "attributeUpdated"], "change delete"),
    ],
)
def test_what_triggers(hub: Client, receiver: Receiver, triggers: list[str] | None, told: str) -> None:
    subscribe(hub, receiver, notificationTrigger=triggers)
    came = []
    for name, act in (
        ("make", lambda: create(hub)),
        ("add", lambda: hub.done("POST", f"/entities/{LAMP}/attrs", {"name": prop("A")})),
        ("change", lambda: update(hub)),
        ("remove", lambda: hub.done("DELETE", f"/entities/{LAMP}/attrs/name")),
        ("delete", lambda: hub.done("DELETE", f"/entities/{LAMP}")),
    ):
        act()
        if name in told.split():
            receiver.next()
            came.append(name)
    time.sleep(0.2)
    assert receiver.received == [], "no other event is told"
    assert came == told.split()


def test_a_deleted_attribute_is_told_as_null(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver, notificationTrigger=["attributeDeleted"], watchedAttributes=["name"])
    name = {"type": "LanguageProperty", "languageMap": {"sl": "luč"}}
    create(hub, lamp(power=prop(1), name=name))
    hub.done("DELETE", f"/entities/{LAMP}/attrs/name")
    gone = {"type": "LanguageProperty", "languageMap": {"@none": NULL}}
    assert receiver.next().entity == {"id": LAMP, "type": "Lamp", "power": prop(1), "name": gone}
    hub.done("POST", f"/entities/{LAMP}/attrs", {"name": [prop(1), prop(2) | {"datasetId": "urn:d:1"}]})
    hub.done("DELETE", f"/entities/{LAMP}/attrs/name?datasetId=urn:d:1")
    assert receiver.next().entity["name"] == [prop(NULL) | {"datasetId": "urn:d:1"}, prop(1)]
    hub.done("POST", f"/entities/{LAMP}/attrs", {"name": prop(2) | {"datasetId": "urn:d:1"}})
    hub.done("DELETE", f"/entities/{LAMP}/attrs/name?deleteAll=true")
    assert receiver.next().entity["name"] == prop(NULL), "all instances at once are one null"


@pytest.mark.parametrize("how", ["merge", "update", "partial"])
def test_null_deletes_by_every_operation(hub: Client, receiver: Receiver, how: str) -> None:
    subscribe(hub, receiver, notificationTrigger=["attributeDeleted"], notification={"format": "keyValues"})
    create(hub, lamp(power=prop(1), name=prop("A")))
    if how == "merge":
        hub.done("PATCH", f"/entities/{LAMP}", {"name": NULL})
    elif how == "update":
        hub.done("PATCH", f"/entities/{LAMP}/attrs", {"name": prop(NULL)})
    else:
        hub.done("PATCH", f"/entities/{LAMP}/attrs/name", {"value": NULL})
    assert receiver.next().entity == {"id": LAMP, "type": "Lamp", "power": 1, "name": NULL}


def test_a_deleted_entity_is_told_by_its_name(hub: Client) -> None:
    short, system, named = Receiver(), Receiver(), Receiver()
    try:
        subscribe(hub, short, notificationTrigger=["entityDeleted"])
        subscribe(hub, system, notificationTrigger=["entityDeleted"], notification={"sysAttrs": True})
        subscribe(hub, named, notificationTrigger=["attributeDeleted"], watchedAttributes=["name"])
        create(hub, lamp(power=prop(1), name=prop("A")))
        hub.done("DELETE", f"/entities/{LAMP}")
        told = [each.next().entity for each in (short, system, named)]
    finally:
        for each in (short, system, named):
            each.close()
    deleted = {each.pop("deletedAt") for each in told}
    assert len(deleted) == 1
    assert told[0] == {"id": LAMP, "type": "Lamp"}
    assert set(told[1]) == {"id", "type", "createdAt", "modifiedAt"}
    assert told[2] == {"id": LAMP, "type": "Lamp", "name": prop(NULL)}


KINDS: list[tuple[str, str, Any, Any]] = [
    ("Property", "value", 1, 2),
    ("Relationship", "object", "urn:a", "urn:b"),
    ("GeoProperty", "value", PLACE, {"type": "Point", "coordinates": [1, 2]}),
    ("LanguageProperty", "languageMap", {"sl": "a"}, {"sl": "b"}),
    ("VocabProperty", "vocab", "Red", "Green"),
    ("JsonProperty", "json", {"a": None}, {"a": 1}),
    ("ListProperty", "valueList", [1, 2], [3]),
    ("ListRelationship", "objectList", [{"object": "urn:a"}], [{"object": "urn:b"}]),
]


@pytest.mark.parametrize(("kind", "member", "old", "new"), KINDS)
def test_changes_are_shown_with_what_was_before(
    hub: Client, receiver: Receiver, kind: str, member: str, old: Any, new: Any
) -> None:
    triggers = ["attributeUpdated", "attributeDeleted"]
    subscribe(hub, receiver, notificationTrigger=triggers, notification={"showChanges": True})
    previous = f"previous{member[0].upper()}{member[1:]}"
    create(hub, lamp(thing={"type": kind, member: old}, power=prop(1)))
    update(hub, thing={"type": kind, member: new})
    told = receiver.next().entity
    assert told["thing"] == {"type": kind, member: new, previous: old if kind != "ListRelationship" else ["urn:a"]}
    assert told["power"] == prop(1), "what did not change has no former value"
    hub.done("DELETE", f"/entities/{LAMP}/attrs/thing")
    told = receiver.next().entity
    assert told["thing"][previous] == (new if kind != "ListRelationship" else ["urn:b"])
    assert NULL in str(told["thing"][member])
    hub.done("DELETE", f"/entities/{LAMP}")
    told = receiver.next().entity
    assert told["power"] == prop(NULL) | {"previousValue": 1}
    assert "deletedAt" in told


@pytest.mark.parametrize(
    "condition",
    [
        {"entities": [{"type": "Lamp", "id": LAMP}]},
        {"entities": [{"type": "Lamp", "id": ["urn:x", LAMP]}]},
        {"entities": [{"type": "Lamp", "idPattern": "lamp:1$"}]},
        {"entities": [{"type": "Torch"}, {"type": "Bright;Lamp"}]},
        {"entities": [{"type": "*", "id": LAMP}]},
        {"entities": None, "watchedAttributes": ["power"]},
        {"watchedAttributes": ["power"]},
        {"q": "power>5"},
        {"geoQ": {"georel": "near;maxDistance==100", "geometry": "Point", "coordinates": [13.64, 45.95]}},
        {"scopeQ": "/Gorica/+"},
    ],
    ids=str,
)
def test_only_what_fits_is_told(hub: Client, receiver: Receiver, condition: dict[str, Any]) -> None:
    mark = Receiver()
    try:
        subscribe(hub, receiver, **condition)
        subscribe(hub, mark)
        fits = {
            "id": LAMP,
            "type": ["Bright", "Lamp"],
            "scope": "/Gorica/Centre",
            "power": prop(9),
            "location": {"type": "GeoProperty", "value": PLACE},
        }
        other = {
            "id": "urn:lamp:2",
            "type": "Lamp",
            "scope": "/Celje/Centre",
            "brightness": prop(3),
            "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [15, 46]}},
        }
        create(hub, other)
        hub.done("POST", "/entities", {"id": "urn:fan:1", "type": "Fan", "fan": prop(1)})
        create(hub, fits)
        assert receiver.next().entity["id"] == LAMP
        mark.wait(2)
    finally:
        mark.close()
    time.sleep(0.1)
    assert receiver.received == []


def test_watched_attributes_alone_trigger_and_all_are_told(hub: Client, receiver: Receiver) -> None:
    create(hub, lamp(power=prop(1), name=prop("A")))
    subscribe(hub, receiver, watchedAttributes=["power"])
    update(hub, name=prop("B"))
    update(hub, power=prop(2))
    assert receiver.next().entity == lamp(power=prop(2), name=prop("B"))


def test_each_write_is_told_in_order(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver)
    create(hub)
    for number in range(2, 40):
        update(hub, power=prop(number))
    values = [each["power"]["value"] for each in marked(hub, receiver)]
    assert values == list(range(1, 40))


def test_a_batch_is_told_whole(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver)
    hub.done("POST", "/entityOperations/create", [lamp(f"urn:lamp:{number:03}") for number in range(250)])
    told = [each["id"] for each in marked(hub, receiver)]
    assert told == [f"urn:lamp:{number:03}" for number in range(250)]


def test_what_happened_while_paused_is_not_told(hub: Client, receiver: Receiver) -> None:
    path = subscribe(hub, receiver, isActive=False)
    create(hub)
    hub.done("PATCH", path, {"isActive": True})
    update(hub)
    assert receiver.next().entity["power"] == prop(2)
    hub.done("PATCH", path, {"isActive": False})
    update(hub, power=prop(3))
    hub.done("PATCH", path, {"isActive": True})
    update(hub, power=prop(4))
    assert receiver.next().entity["power"] == prop(4)


def test_throttled_the_last_state_is_told_when_the_time_has_come(hub: Client, receiver: Receiver) -> None:
    subscribe(hub, receiver, throttling=1)
    create(hub)
    receiver.next()
    began = time.monotonic()
    for number in (2, 3, 4):
        update(hub, power=prop(number))
    told = receiver.next()
    assert time.monotonic() - began > 0.5
    assert told.entity["power"] == prop(4)
    time.sleep(0.1)
    assert receiver.received == []


def test_by_the_clock_all_that_fits_is_told_whether_or_not_it_changed(hub: Client, receiver: Receiver) -> None:
    for number in range(3):
        create(hub, lamp(f"urn:lamp:{number}", power=prop(number)))
    subscribe(hub, receiver, timeInterval=1, q="power>0")
    update(hub, "urn:lamp:2", power=prop(5))
    for told in receiver.wait(2):
        assert [each["id"] for each in told.body["data"]] == ["urn:lamp:1", "urn:lamp:2"]
        assert told.body["data"][1]["power"] == prop(5)


def test_after_its_expiry_nothing_is_told(hub: Client, receiver: Receiver) -> None:
    from datetime import UTC, datetime, timedelta

    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    path = subscribe(hub, receiver, expiresAt=soon)
    create(hub)
    receiver.next()
    time.sleep(1.1)
    assert hub.get(path).body["status"] == "expired"
    update(hub)
    hub.done("PATCH", path, {"expiresAt": "2099-01-01T00:00:00Z"})
    assert hub.get(path).body["status"] == "active"
    update(hub, power=prop(3))
    assert receiver.next().entity["power"] == prop(3)


def test_a_late_observation_is_history_and_no_news(hub: Client, receiver: Receiver) -> None:
    def seen(value: int, minute: int) -> dict[str, Any]:
        return prop(value) | {"observedAt": f"2025-09-01T00:{minute:02}:00Z"}

    create(hub, lamp(power=seen(1, 10)))
    subscribe(hub, receiver)
    update(hub, power=seen(2, 5))
    update(hub, power=seen(3, 20))
    update(hub, power=seen(9, 20))
    told = marked(hub, receiver)
    assert [each["power"]["value"] for each in told] == [3, 9]


def test_other_tenants_hear_nothing(hub: Client, hub_address: str, receiver: Receiver) -> None:
    other = Client(hub_address, f"{hub.tenant}-other")
    create(other, lamp("urn:lamp:0"))
    subscribe(other, receiver)
    create(hub)
    assert marked(other, receiver) == []


@pytest.mark.parametrize("form", ["normalized", "keyValues"])
def test_what_relationships_lead_to_comes_with_it(hub: Client, form: str) -> None:
    flat, inline = Receiver(), Receiver()
    hub.done("POST", "/entities", {"id": "urn:city:1", "type": "City", "mayor": prop("Ana")})
    try:
        for each, join in ((flat, "flat"), (inline, "inline")):
            subscribe(hub, each, notification={"join": join, "joinLevel": 2, "format": form})
        create(hub, lamp(at={"type": "Relationship", "object": "urn:city:1"}))
        first, city = flat.next().body["data"]
        nested = inline.next().entity
    finally:
        flat.close()
        inline.close()
    plain = form == "keyValues"
    shown = {"id": "urn:city:1", "type": "City", "mayor": "Ana" if plain else prop("Ana")}
    assert first["id"] == LAMP
    assert city == shown
    assert (nested["at"] if plain else nested["at"]["entity"]) == shown


def test_a_condition_on_what_a_relationship_leads_to(hub: Client, receiver: Receiver) -> None:
    for name, level in (("low", 0.3), ("full", 0.9)):
        hub.done("POST", "/entities", {"id": f"urn:device:{name}", "type": "Device", "level": prop(level)})
    subscribe(hub, receiver, q="device{level}<0.5")
    create(hub, lamp("urn:lamp:full", device={"type": "Relationship", "object": "urn:device:full"}))
    create(hub, lamp("urn:lamp:low", device={"type": "Relationship", "object": "urn:device:low"}))
    assert receiver.next().entity["id"] == "urn:lamp:low"
