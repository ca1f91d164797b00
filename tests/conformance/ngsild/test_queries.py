"""Entities queried over HTTP: which are found, in which order, which members, in pages (ETSI GS CIM 009, 5.7.2)."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.conformance.ngsild.asking import GEO_JSON, JSON, LD_JSON, Client


def thing(code: str, kind: Any = "Car", **members: Any) -> dict[str, Any]:
    return {"id": f"urn:x:{code}", "type": kind, **members}


def point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


FLEET = [
    thing(
        "a", speed=10, name="Ana", location=point(13.60, 45.90), scope="/Gorica/Centre", driver={"object": "urn:x:p"}
    ),
    thing("b", speed=20, address={"value": {"city": "Ptuj"}}, location=point(13.70, 45.90), scope="/Gorica"),
    thing("c", ["Bus", "Car"], speed=30, words={"languageMap": {"sl": "trg", "en": "square"}}, scope="/Celje"),
    thing("d", "Bus", speed=40, status={"vocab": "open"}),
    thing("p", "Person", age=30, employer={"object": "urn:x:o"}, name={"value": "Peter"}),
    thing("o", "Org", title="Občina"),
]


@pytest.fixture
def fleet(hub: Client) -> Client:
    hub.done("POST", "/entityOperations/create", FLEET)
    return hub


def found(hub: Client, headers: dict[str, str] | None = None, **parameters: str) -> Any:
    answer = hub.get(f"/entities?{urlencode(parameters)}", **(headers or {}))
    assert answer.status == 200, answer.body
    return answer.body


def codes(hub: Client, **parameters: str) -> str:
    return "".join(each["id"].removeprefix("urn:x:") for each in found(hub, **parameters))


@pytest.mark.parametrize(
    ("asked", "those"),
    [
        ({"type": "Car"}, "abc"),
        ({"type": "Car,Person"}, "abcp"),
        ({"type": "Car|Person"}, "abcp"),
        ({"type": "Car;Bus"}, "c"),
        ({"type": "(Car;Bus),Org"}, "co"),
        ({"type": "None"}, ""),
        ({"type": "*"}, "abcdop"),
        ({"local": "true"}, "abcdop"),
        ({"type": "Car", "id": "urn:x:a,urn:x:d"}, "a"),
        ({"type": "Car", "idPattern": "x:[ab]$"}, "ab"),
        ({"type": "Car", "id": "urn:x:c", "idPattern": "x:[ab]$"}, "c"),
        ({"attrs": "name"}, "ap"),
        ({"attrs": "name,status"}, "adp"),
        ({"q": "speed>15"}, "bcd"),
        ({"q": "speed==10,40"}, "ad"),
        ({"q": "speed==15..30"}, "bc"),
        ({"q": "speed!=15..30;speed"}, "ad"),
        ({"q": "(speed<15|speed>35);name"}, "a"),
        ({"q": 'name=="Ana"'}, "a"),
        ({"q": "name==Ana"}, "a"),
        ({"q": 'name~="^A"'}, "a"),
        ({"q": 'address[city]=="Ptuj"'}, "b"),
        ({"q": 'words[en]=="square"'}, "c"),
        ({"q": 'words[*]=="trg"'}, "c"),
        ({"q": 'driver=="urn:x:p"'}, "a"),
        ({"q": "driver==urn:x:p"}, "a"),
        ({"q": "status==open"}, ""),
        ({"q": "status==open", "expandValues": "status"}, "d"),
        ({"q": 'driver{name}=="Peter"', "join": "inline"}, "a"),
        ({"q": 'driver{Org:name}=="Peter"', "join": "inline"}, ""),
        ({"q": 'driver{employer{title}}=="Občina"', "join": "inline", "joinLevel": "2"}, "a"),
        ({"type": "Car", "scopeQ": "/Gorica"}, "b"),
        ({"type": "Car", "scopeQ": "/Gorica/#"}, "ab"),
        ({"type": "Car", "scopeQ": "/+"}, "bc"),
        ({"type": "Car", "scopeQ": "/Gorica/+|/Celje"}, "ac"),
        ({"georel": "near;maxDistance==2000", "geometry": "Point", "coordinates": "[13.6,45.9]"}, "a"),
        ({"georel": "near;minDistance==2000", "geometry": "Point", "coordinates": "[13.6,45.9]"}, "b"),
        (
            {"georel": "within", "geometry": "Polygon", "coordinates": "[[[13,45],[14,45],[14,46],[13,46],[13,45]]]"},
            "ab",
        ),
        ({"georel": "equals", "geometry": "Point", "coordinates": "[13.7,45.9]"}, "b"),
        ({"georel": "disjoint", "geometry": "Point", "coordinates": "[13.7,45.9]"}, "a"),
        ({"georel": "intersects", "geometry": "LineString", "coordinates": "[[13.5,45.9],[13.65,45.9]]"}, "a"),
        ({"type": "Car", "csf": "endpoint"}, "abc"),
        ({"type": "*", "orderBy": "speed;desc"}, "dcbaop"),
        ({"type": "Car", "orderBy": "location;dist-desc", "orderFrom": "[13.6,45.9]"}, "bac"),
        ({"type": "Car", "limit": "2"}, "ab"),
        ({"type": "Car", "limit": "2", "offset": "2"}, "c"),
    ],
    ids=str,
)
def test_what_is_asked_for_is_found(fleet: Client, asked: dict[str, str], those: str) -> None:
    assert codes(fleet, **asked) == those


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "id=urn:x:a",
        "attrs=createdAt",
        'q=modifiedAt>"2020-01-01T00:00:00Z"',
        "type=(Car",
        "type=Car;",
        "type=Car&id=no",
        "type=Car&idPattern=(",
        "type=Car&q=speed>>1",
        "type=Car&q=(speed",
        "type=Car&csf=))bad((",
        'type=Car&q=driver{name}=="x"',
        'type=Car&q=driver{works{name}}=="x"&join=inline&joinLevel=1',
        "type=Car&scopeQ=/a//b",
        "type=Car&georel=near&geometry=Point&coordinates=[1,2]",
        "type=Car&georel=near;maxDistance==0&geometry=Point&coordinates=[1,2]",
        "type=Car&georel=near;maxDistance==5;minDistance==1&geometry=Point&coordinates=[1,2]",
        "type=Car&georel=near;maxDistance==1e400&geometry=Point&coordinates=[1,2]",
        "type=Car&georel=touches&geometry=Point&coordinates=[1,2]",
        "type=Car&georel=within&geometry=Point",
        "type=Car&georel=within&geometry=Circle&coordinates=[1,2]",
        "type=Car&limit=-1",
        "type=Car&limit=x",
        "type=Car&limit=0",
        "type=Car&datasetId=no uri",
        "type=Car&offset=-1",
        "type=Car&orderBy=speed;up",
        "type=Car&orderBy=location;dist-asc",
        "type=Car&orderBy=name&collation=!!nope",
        "type=Car&attrs=name&pick=name",
        "type=Car&attrs=name&omit=name",
        "type=Car&pick=name&omit=name",
        "type=Car&pick=id;name",
        "type=Car&pick=id,driver{name",
        "type=Car&pick=id,driver{{name}",
        "type=Car&pick=id,,name",
        "type=Car&pick=id,driver{,name}",
        "type=Car&pick=id,driver{}",
        "type=Car&pick=driver{name}",
        "type=Car&omit=driver{employer{name}}&join=inline&joinLevel=1",
        "type=Car&join=sideways",
        "type=Car&join=inline&joinLevel=0",
        "type=Car&geometryProperty=location",
    ],
)
def test_what_makes_no_sense_is_refused(fleet: Client, asked: str) -> None:
    refused = fleet.get(f"/entities?{quote(asked, safe='=&')}")
    assert (refused.status, refused.problem) == (400, "BadRequestData")


def test_a_page_has_its_bounds(fleet: Client) -> None:
    refused = fleet.get("/entities?type=Car&limit=1001")
    assert (refused.status, refused.problem) == (403, "TooManyResults")


@pytest.mark.parametrize("asked", ["nothing=1", "format=pretty", "options=pretty", "options=keyValues,x", "count=yes"])
def test_a_parameter_that_there_is_not_is_an_invalid_request(fleet: Client, asked: str) -> None:
    for path in (f"/entities?type=Car&{asked}", f"/entities/urn:x:a?{asked}"):
        refused = fleet.get(path)
        assert (refused.status, refused.problem) == (400, "InvalidRequest")


def test_pages_lead_to_their_neighbours(fleet: Client) -> None:
    middle = fleet.get("/entities?type=*&limit=2&offset=2&count=true")
    assert middle.headers["ngsild-results-count"] == "6"
    assert '</ngsi-ld/v1/entities?count=true&limit=2&offset=0&type=*>; rel="prev"' in middle.headers["link"]
    assert '</ngsi-ld/v1/entities?count=true&limit=2&offset=4&type=*>; rel="next"' in middle.headers["link"]
    last = fleet.get("/entities?type=*&limit=2&offset=4")
    assert 'rel="next"' not in last.headers["link"]
    assert "ngsild-results-count" not in last.headers
    only_count = fleet.get("/entities?type=*&limit=0&count=true")
    assert (only_count.body, only_count.headers["ngsild-results-count"]) == ([], "6")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("attrs=speed", {"id": "urn:x:a", "type": "Car", "scope": "/Gorica/Centre", "speed": 10}),
        ("pick=speed", {"speed": 10}),
        ("pick=id|speed", {"id": "urn:x:a", "speed": 10}),
        ("pick=id,scope", {"id": "urn:x:a", "scope": "/Gorica/Centre"}),
        ("omit=type,location,driver,scope,name", {"id": "urn:x:a", "speed": 10}),
    ],
)
def test_members_are_picked_and_omitted(fleet: Client, asked: str, shown: Any) -> None:
    assert fleet.get(f"/entities/urn:x:a?{asked}&options=keyValues").body == shown
    assert fleet.get(f"/entities?type=Car&idPattern=a$&{asked}&format=simplified").body == [shown]


def test_of_what_nothing_is_left_there_is_nothing(fleet: Client) -> None:
    for asked in ("pick=none", "attrs=none", "omit=id,type,speed,name,location,scope,driver"):
        assert fleet.get(f"/entities/urn:x:a?{asked}").problem == "ResourceNotFound"
    assert found(fleet, type="Car", pick="name") == [{"name": {"type": "Property", "value": "Ana"}}]


def test_forms(fleet: Client) -> None:
    assert fleet.get("/entities/urn:x:p?format=keyValues").body["age"] == 30
    assert fleet.get("/entities/urn:x:p?format=keyValues&options=normalized").body["age"] == 30
    assert fleet.get("/entities/urn:x:p?options=concise").body["employer"] == {"object": "urn:x:o"}
    assert fleet.get("/entities/urn:x:p").body["age"] == {"type": "Property", "value": 30}
    assert fleet.get("/entities/urn:x:c?lang=en").body["words"] == {"type": "Property", "value": "square", "lang": "en"}
    assert fleet.get("/entities/urn:x:c?lang=de,sl&options=keyValues").body["words"] == "trg"


def test_linked_entities_come_inline(fleet: Client) -> None:
    one = fleet.get("/entities/urn:x:a?join=inline").body
    assert one["driver"]["object"] == "urn:x:p"
    assert one["driver"]["entity"]["name"] == {"type": "Property", "value": "Peter"}
    assert "entity" not in one["driver"]["entity"]["employer"]
    two = found(fleet, type="Car", join="inline", joinLevel="2")[0]
    assert two["driver"]["entity"]["employer"]["entity"]["title"]["value"] == "Občina"
    simple = fleet.get("/entities/urn:x:a?join=inline&options=keyValues&pick=driver{name}").body
    assert simple == {"driver": {"name": "Peter"}}
    held = fleet.get("/entities/urn:x:a?join=inline&containedBy=urn:x:p").body
    assert "entity" not in held["driver"]


def test_linked_entities_come_flat(fleet: Client) -> None:
    flat = fleet.get("/entities/urn:x:a?join=flat&joinLevel=2").body
    assert [each["id"] for each in flat] == ["urn:x:a", "urn:x:p", "urn:x:o"]
    assert [each["id"] for each in found(fleet, q="speed<25", join="flat")] == ["urn:x:a", "urn:x:b", "urn:x:p"]


def test_geojson(fleet: Client) -> None:
    one = fleet.get("/entities/urn:x:a?options=keyValues", Accept=GEO_JSON)
    assert one.headers["content-type"] == GEO_JSON
    assert one.body["@context"]
    assert {name: one.body[name] for name in ("id", "type", "geometry")} == {
        "id": "urn:x:a",
        "type": "Feature",
        "geometry": point(13.6, 45.9),
    }
    assert one.body["properties"]["type"] == "Car"
    assert one.body["properties"]["speed"] == 10
    many = fleet.get("/entities?type=Car", Accept=GEO_JSON, Prefer="body=json")
    assert many.body["type"] == "FeatureCollection"
    assert [each["geometry"] for each in many.body["features"]] == [point(13.6, 45.9), point(13.7, 45.9), None]
    assert "@context" not in many.body
    assert "json-ld#context" in many.headers["link"]
    assert fleet.get("/entities/urn:x:a?geometryProperty=speed", Accept=GEO_JSON).body["geometry"] is None


def asked_by_body(hub: Client, path: str = "/entityOperations/query", **query: Any) -> Any:
    return hub.ask("POST", path, {"type": "Query", **query})


@pytest.mark.parametrize(
    ("query", "those"),
    [
        ({"entities": [{"type": "Car"}]}, "abc"),
        ({"entities": [{"type": "Car", "id": ["urn:x:a", "urn:x:b"]}, {"type": "Org"}]}, "abo"),
        ({"entities": [{"type": "Car", "id": "urn:x:a", "idPattern": "b$"}]}, "a"),
        ({"entities": [{"type": "Car;Bus"}, {"type": "Person", "idPattern": "p$"}]}, "cp"),
        ({"entities": [{"type": "*"}], "scopeQ": "/Gorica/#"}, "ab"),
        ({"attrs": ["name"]}, "ap"),
        ({"q": "speed>25"}, "cd"),
        ({"geoQ": {"georel": "near;maxDistance==2000", "geometry": "Point", "coordinates": [13.6, 45.9]}}, "a"),
        ({"entities": [{"type": "Car"}], "ordering": {"orderBy": ["speed;desc"]}}, "cba"),
        ({"q": "speed>25", "pick": ["id"]}, "cd"),
    ],
    ids=str,
)
def test_a_query_may_stand_in_the_body(fleet: Client, query: dict[str, Any], those: str) -> None:
    answer = asked_by_body(fleet, **query)
    assert answer.status == 200
    assert "".join(each["id"][-1] for each in answer.body) == those


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"type": "NotQuery", "entities": [{"type": "Car"}]},
        {"entities": []},
        {"entities": [{"id": "urn:x:a"}]},
        {"entities": [{"type": "Car", "id": "no"}]},
        {"entities": [{"type": "Car", "id": ["urn:x:a", 5]}]},
        {"entities": [{"type": "Car"}], "attrs": []},
        {"entities": [{"type": "Car"}], "q": 42},
        {"entities": [{"type": "Car"}], "join": "inline", "joinLevel": 0},
        {"entities": [{"type": "Car"}], "temporalQ": {"timerel": "after", "timeAt": "2020-01-01T00:00:00Z"}},
        {"entities": [{"type": "Car"}], "ordering": {"orderBy": ["location;dist-asc"]}},
        {"entities": [{"type": "Car"}], "ordering": {"orderBy": ["id"], "geometry": 5}},
    ],
)
def test_a_malformed_query_in_the_body_is_refused(fleet: Client, query: dict[str, Any]) -> None:
    assert asked_by_body(fleet, **query).problem == "BadRequestData"


def test_a_query_in_the_body_has_pages_and_forms(fleet: Client) -> None:
    path = "/entityOperations/query?limit=1&offset=1&count=true&options=keyValues"
    answer = asked_by_body(fleet, path, entities=[{"type": "Car"}])
    assert [each["speed"] for each in answer.body] == [20]
    assert answer.headers["ngsild-results-count"] == "3"
    assert 'rel="next"' in answer.headers["link"]
    assert 'rel="prev"' in answer.headers["link"]


def test_values_of_different_sorts_have_an_order(hub: Client) -> None:
    values = {"a": "b", "b": 5, "c": "á", "d": "A", "e": 1}
    hub.done(
        "POST", "/entityOperations/create", [thing(code, v=value) for code, value in values.items()] + [thing("f")]
    )
    assert codes(hub, type="Car", orderBy="v") == "ebdacf"
    assert codes(hub, type="Car", orderBy="v", collation="und") == "ebdcaf"


def test_what_is_purged_is_gone(fleet: Client) -> None:
    assert fleet.ask("DELETE", "/entities").problem == "BadRequestData"
    assert fleet.ask("DELETE", "/entities?type=Bus").status == 204
    assert codes(fleet, type="*") == "abop"
    assert fleet.ask("DELETE", "/entities?type=Car&drop=speed,location").status == 204
    assert fleet.get("/entities/urn:x:b?options=keyValues").body == {
        "id": "urn:x:b",
        "type": "Car",
        "scope": "/Gorica",
        "address": {"city": "Ptuj"},
    }
    assert fleet.ask("DELETE", "/entities?type=Person&keep=name").status == 204
    assert "age" not in fleet.get("/entities/urn:x:p").body


@pytest.mark.parametrize("media", [JSON, LD_JSON])
def test_what_types_and_attributes_there_are(fleet: Client, media: str) -> None:
    def asked(path: str) -> Any:
        answer = fleet.get(path, Accept=media)
        assert (answer.status, answer.headers["content-type"]) == (200, media)
        return answer.body

    types = asked("/types")
    assert types["type"] == "EntityTypeList"
    assert types["typeList"] == ["Bus", "Car", "Org", "Person"]
    detailed = {each["typeName"]: each for each in asked("/types?details=true")}
    assert detailed["Person"]["attributeNames"] == ["age", "employer", "name"]
    assert detailed["Person"]["type"] == "EntityType"
    car = asked("/types/Car")
    assert (car["type"], car["typeName"], car["entityCount"]) == ("EntityTypeInfo", "Car", 3)
    kinds = {each["attributeName"]: each["attributeTypes"] for each in car["attributeDetails"]}
    assert kinds["driver"] == ["Relationship"]
    assert kinds["location"] == ["GeoProperty"]
    attributes = asked("/attributes")
    assert attributes["type"] == "AttributeList"
    assert "speed" in attributes["attributeList"]
    of_speed = next(each for each in asked("/attributes?details=true") if each["attributeName"] == "speed")
    assert of_speed["typeNames"] == ["Bus", "Car"]
    speed = asked("/attributes/speed")
    assert (speed["type"], speed["attributeCount"], speed["typeNames"]) == ("Attribute", 4, ["Bus", "Car"])
    assert speed["attributeTypes"] == ["Property"]


@pytest.mark.parametrize("path", ["/types/None", "/attributes/none", "/attributes/id", "/attributes/createdAt"])
def test_what_is_not_in_use_is_not_described(fleet: Client, path: str) -> None:
    assert fleet.get(path).problem == "ResourceNotFound"
