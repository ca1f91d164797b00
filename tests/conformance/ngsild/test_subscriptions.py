"""Subscriptions: made, shown, listed, changed, taken back, and each error (ETSI GS CIM 009, 5.8.1 to 5.8.5)."""

from typing import Any

import pytest

from tests.conformance.ngsild.asking import CORE, JSON, LD_JSON, Client

VOCAB = "https://uri.etsi.org/ngsi-ld/default-context/"
WORDS = {"Lamp": "https://example.org/Lamp", "power": "https://example.org/power"}
ENDPOINT = {"endpoint": {"uri": "http://127.0.0.1:9/notify"}}


def subscription(**more: Any) -> dict[str, Any]:
    whole = {"type": "Subscription", "entities": [{"type": "Lamp"}], "notification": ENDPOINT} | more
    return {name: inner for name, inner in whole.items() if inner is not None}


def made(hub: Client, **more: Any) -> str:
    location = hub.done("POST", "/subscriptions", subscription(**more)).headers["location"]
    assert location.startswith("/ngsi-ld/v1/subscriptions/urn:")
    return location.removeprefix("/ngsi-ld/v1")


def test_one_that_is_made_is_shown_as_it_was_said(hub: Client) -> None:
    said = subscription(
        id="urn:s:1",
        subscriptionName="Lamps",
        description="All of them",
        entities=[{"type": "Lamp", "id": "urn:lamp:1"}, {"type": "(Lamp;Old),Torch", "idPattern": "^urn:lamp:.*"}],
        watchedAttributes=["power"],
        notificationTrigger=["entityCreated", "attributeUpdated"],
        q='power>3;name=="A"',
        geoQ={"georel": "near;maxDistance==200", "geometry": "Point", "coordinates": [13.6, 45.9]},
        scopeQ="/Gorica/#",
        csf="endpoint==1",
        isActive=True,
        expiresAt="2099-01-01T00:00:00Z",
        throttling=5,
        splitEntities=False,
        lang="sl",
        datasetId=["urn:d:1", "@none"],
        notification={
            "attributes": ["power", "name"],
            "format": "concise",
            "sysAttrs": True,
            "showChanges": True,
            "join": "flat",
            "joinLevel": 2,
            "endpoint": {
                "uri": "http://127.0.0.1:9/notify",
                "accept": LD_JSON,
                "timeout": 1000,
                "cooldown": 500,
                "receiverInfo": [{"key": "X-Key", "value": "secret"}],
                "notifierInfo": [{"key": "a", "value": "b"}],
            },
        },
    )
    answer = hub.ask("POST", "/subscriptions", said)
    assert (answer.status, answer.headers["location"]) == (201, "/ngsi-ld/v1/subscriptions/urn:s:1")
    shown = hub.get("/subscriptions/urn:s:1")
    assert shown.status == 200
    assert shown.body == said | {"status": "active"}
    assert "json-ld#context" in shown.headers["link"]


def test_what_only_the_hub_may_say_is_ignored_and_the_default_triggers_are_told(hub: Client) -> None:
    path = made(hub, status="expired", secretMember=1, notification=ENDPOINT | {"timesSent": 42, "status": "failed"})
    shown = hub.get(f"{path}?options=sysAttrs").body
    assert shown.pop("id").startswith("urn:")
    assert shown.pop("createdAt") == shown.pop("modifiedAt")
    triggers = ["attributeCreated", "attributeUpdated"]
    assert shown == subscription() | {"status": "active", "notificationTrigger": triggers}


def test_names_are_kept_whole_and_shown_in_the_askers_words(hub: Client) -> None:
    said = subscription(id="urn:s:1", watchedAttributes=["power"], notification=ENDPOINT | {"pick": ["id", "power"]})
    hub.done("POST", "/subscriptions", said | {"@context": [WORDS, CORE]}, Content_Type=LD_JSON)
    plain = hub.get("/subscriptions/urn:s:1").body
    assert plain["entities"] == [{"type": "https://example.org/Lamp"}]
    assert plain["watchedAttributes"] == ["https://example.org/power"]
    assert plain["notification"]["pick"] == ["id", "https://example.org/power"]
    ld = hub.get("/subscriptions/urn:s:1", Accept=LD_JSON)
    assert ld.headers["content-type"].startswith(LD_JSON)
    assert "@context" in ld.body


ENDPOINT_URI = "http://127.0.0.1:9/notify"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Thing"},
        {"type": None},
        {"id": "no uri"},
        {"entities": None},
        {"entities": []},
        {"entities": {"type": "Lamp"}},
        {"entities": [{}]},
        {"entities": [{"id": "urn:lamp:1"}]},
        {"entities": [{"type": "Lamp", "id": "no uri"}]},
        {"entities": [{"type": "Lamp", "idPattern": "("}]},
        {"entities": [{"type": "(Lamp"}]},
        {"watchedAttributes": []},
        {"watchedAttributes": "power"},
        {"watchedAttributes": [1]},
        {"watchedAttributes": ["sp<ce"]},
        {"notificationTrigger": []},
        {"notificationTrigger": ["entityChanged"]},
        {"timeInterval": 0},
        {"timeInterval": -1},
        {"timeInterval": "5"},
        {"timeInterval": 5, "throttling": 5},
        {"timeInterval": 5, "watchedAttributes": ["power"]},
        {"splitEntities": "yes"},
        {"throttling": -3},
        {"throttling": True},
        {"q": "power>>3"},
        {"q": 3},
        {"csf": "(("},
        {"scopeQ": "/a//b"},
        {"geoQ": {"georel": "near", "geometry": "Point", "coordinates": [1, 2]}},
        {"geoQ": {"geometry": "Point", "coordinates": [1, 2]}},
        {"geoQ": "near"},
        {"isActive": "yes"},
        {"expiresAt": "2001-01-01T00:00:00Z"},
        {"expiresAt": "tomorrow"},
        {"lang": 1},
        {"datasetId": ["no uri"]},
        {"jsonldContext": "no uri"},
        {"subscriptionName": 1},
        {"notification": None},
        {"notification": []},
        {"notification": {}},
        {"notification": {"endpoint": "http://127.0.0.1:9"}},
        {"notification": {"endpoint": {}}},
        {"notification": {"endpoint": {"uri": "notify"}}},
        {"notification": {"endpoint": {"uri": "ftp://example.org/x"}}},
        {"notification": {"endpoint": {"uri": "mqtt://example.org"}}},
        {"notification": {"endpoint": {"uri": "http://example.org:port/"}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "accept": "text/html"}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "timeout": 0}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "cooldown": -1}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "receiverInfo": [{"key": "a"}]}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "receiverInfo": [{"key": "a", "value": 1}]}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "receiverInfo": [{"key": "a", "value": "b\r\nc: d"}]}}},
        {"notification": {"endpoint": {"uri": ENDPOINT_URI, "notifierInfo": {"key": "a", "value": "b"}}}},
        {"notification": ENDPOINT | {"format": "pretty"}},
        {"notification": ENDPOINT | {"attributes": []}},
        {"notification": ENDPOINT | {"pick": []}},
        {"notification": ENDPOINT | {"omit": []}},
        {"notification": ENDPOINT | {"attributes": ["a"], "pick": ["b"]}},
        {"notification": ENDPOINT | {"attributes": ["a"], "omit": ["b"]}},
        {"notification": ENDPOINT | {"pick": ["a", "b"], "omit": ["b"]}},
        {"notification": ENDPOINT | {"showChanges": True, "format": "keyValues"}},
        {"notification": ENDPOINT | {"showChanges": True, "format": "simplified"}},
        {"notification": ENDPOINT | {"sysAttrs": "true"}},
        {"notification": ENDPOINT | {"join": "deep"}},
        {"notification": ENDPOINT | {"join": "flat", "joinLevel": 0}},
        {"notification": ENDPOINT | {"joinLevel": 1}},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(hub: Client, wrong: dict[str, Any]) -> None:
    answer = hub.ask("POST", "/subscriptions", subscription(**wrong))
    assert (answer.status, answer.problem) == (400, "BadRequestData")
    assert hub.get("/subscriptions").body == []


def test_a_body_that_is_no_subscription_is_refused(hub: Client) -> None:
    for body in (b"{", b""):
        answer = hub.ask("POST", "/subscriptions", body)
        assert (answer.status, answer.problem) == (400, "InvalidRequest")
    assert hub.ask("POST", "/subscriptions", []).problem == "BadRequestData"
    assert hub.ask("POST", "/subscriptions", subscription(), Content_Type="text/plain").status == 415
    assert hub.ask("POST", "/subscriptions", subscription(), Content_Type=LD_JSON).status == 400, "no @context"
    assert hub.ask("PUT", "/subscriptions", {}).status == 405


def test_there_is_one_of_each_id_in_each_tenant(hub: Client, hub_address: str) -> None:
    made(hub, id="urn:s:1")
    again = hub.ask("POST", "/subscriptions", subscription(id="urn:s:1"))
    assert (again.status, again.problem) == (409, "AlreadyExists")
    other = Client(hub_address, f"{hub.tenant}-other")
    answer = other.done("POST", "/subscriptions", subscription(id="urn:s:1"))
    assert answer.headers["ngsild-tenant"] == other.tenant
    assert other.done("DELETE", "/subscriptions/urn:s:1").status == 204
    assert hub.get("/subscriptions/urn:s:1").status == 200
    nowhere = Client(hub_address, "nowhere").get("/subscriptions")
    assert (nowhere.status, nowhere.problem) == (404, "NonexistentTenant")


def test_one_that_is_not_there(hub: Client) -> None:
    for method, content in (("GET", None), ("PATCH", {"isActive": False}), ("DELETE", None)):
        answer = hub.ask(method, "/subscriptions/urn:s:unknown", content)
        assert (answer.status, answer.problem) == (404, "ResourceNotFound"), method
        answer = hub.ask(method, "/subscriptions/nouri", content)
        assert (answer.status, answer.problem) == (400, "BadRequestData"), method


def test_a_deleted_one_is_gone(hub: Client) -> None:
    path = made(hub)
    answer = hub.ask("DELETE", path)
    assert (answer.status, answer.body) == (204, None)
    assert hub.get(path).status == 404
    assert hub.ask("DELETE", path).status == 404


def test_a_list_is_paged_and_counted(hub: Client) -> None:
    for number in range(5):
        made(hub, id=f"urn:s:{number}")
    first = hub.get("/subscriptions?limit=2&count=true")
    assert [each["id"] for each in first.body] == ["urn:s:0", "urn:s:1"]
    assert first.headers["ngsild-results-count"] == "5"
    assert 'rel="next"' in first.headers["link"]
    assert 'rel="prev"' not in first.headers["link"]
    last = hub.get("/subscriptions?limit=2&offset=4")
    assert [each["id"] for each in last.body] == ["urn:s:4"]
    assert 'rel="next"' not in last.headers["link"]
    assert 'rel="prev"' in last.headers["link"]
    assert "ngsild-results-count" not in last.headers
    nothing = hub.get("/subscriptions?limit=0&count=true")
    assert (nothing.body, nothing.headers["ngsild-results-count"]) == ([], "5")
    assert hub.get("/subscriptions?limit=1001").problem == "TooManyResults"
    for wrong in ("limit=-1", "limit=x", "offset=-1", "limit=0"):
        answer = hub.get(f"/subscriptions?{wrong}")
        assert (answer.status, answer.problem) == (400, "BadRequestData"), wrong
    assert hub.get("/subscriptions", Accept="text/html").status == 406


def test_a_fragment_changes_what_it_names(hub: Client) -> None:
    path = made(hub, q="power>3", throttling=3, notification=ENDPOINT | {"format": "keyValues", "sysAttrs": True})
    change = {
        "type": "Subscription",
        "subscriptionName": "New",
        "q": None,
        "watchedAttributes": ["power"],
        "notification": {"sysAttrs": None, "endpoint": {"uri": "http://127.0.0.1:9/other", "accept": JSON}},
    }
    answer = hub.ask("PATCH", path, change)
    assert (answer.status, answer.body) == (204, None)
    shown = hub.get(path).body
    assert "q" not in shown
    assert (shown["subscriptionName"], shown["watchedAttributes"], shown["throttling"]) == ("New", ["power"], 3)
    assert shown["notification"] == {
        "format": "keyValues",
        "endpoint": {"uri": "http://127.0.0.1:9/other", "accept": JSON},
    }


def test_status_follows_what_is_said(hub: Client) -> None:
    path = made(hub, isActive=False)
    assert hub.get(path).body["status"] == "paused"
    hub.done("PATCH", path, {"isActive": True, "expiresAt": "2099-01-01T00:00:00Z"})
    assert hub.get(path).body["status"] == "active"
    hub.done("PATCH", path, {"isActive": False})
    assert hub.get(path).body["status"] == "paused"
    hub.done("PATCH", path, {"isActive": None, "expiresAt": "urn:ngsi-ld:null"})
    shown = hub.get(path).body
    assert shown["status"] == "active"
    assert "expiresAt" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        {"type": "Lamp"},
        {"id": "urn:s:other"},
        {"expiresAt": "2001-01-01T00:00:00Z"},
        {"notification": {"endpoint": None}},
        {"notification": None},
        {"entities": None},
        {"entities": []},
        {"q": "("},
        {"throttling": 3, "timeInterval": 5},
        {"isActive": 1},
    ],
)
def test_a_fragment_that_is_wrong_changes_nothing(hub: Client, wrong: Any) -> None:
    path = made(hub)
    before = hub.get(path).body
    answer = hub.ask("PATCH", path, wrong)
    assert (answer.status, answer.problem) == (400, "BadRequestData")
    assert hub.get(path).body == before
