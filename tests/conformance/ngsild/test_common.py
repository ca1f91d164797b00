"""What holds for every address: media types, lengths, methods, tenants, kinds of problem (ETSI GS CIM 009, 6.3)."""

import http.client
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.conformance.ngsild.asking import GEO_JSON, JSON, LD_JSON, Client, fresh_tenant

ROOM = {"id": "urn:ngsi-ld:Room:1", "type": "Room", "a": {"type": "Property", "value": 1}}
AT = "/entities/urn:ngsi-ld:Room:1"


@pytest.fixture
def room(hub: Client) -> Client:
    hub.done("POST", "/entities", ROOM)
    return hub


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (LD_JSON, LD_JSON),
        (GEO_JSON, GEO_JSON),
        (f"{LD_JSON}, {JSON}", JSON),
        (f"{GEO_JSON}, {JSON}", JSON),
        (f"{JSON};q=0.1, {LD_JSON};q=0.9", LD_JSON),
        (f"{JSON};q=0, */*", LD_JSON),
        ("text/html, application/ld+json;q=0.5", LD_JSON),
        (f"*/*;q=0.9, {LD_JSON};q=0.8", JSON),
        (f"{LD_JSON};q=notanumber", LD_JSON),
    ],
)
def test_the_answer_is_in_the_media_type_that_is_liked_best(room: Client, accept: str, media: str) -> None:
    for path in (AT, "/entities?type=Room"):
        answer = room.get(path, Accept=accept)
        assert (answer.status, answer.headers["content-type"]) == (200, media)


@pytest.mark.parametrize("path", [AT, "/entities?type=Room", "/types"])
def test_what_we_cannot_answer_in_is_not_acceptable(room: Client, path: str) -> None:
    assert room.get(path, Accept="text/html").status == 406
    assert room.get("/types", Accept=GEO_JSON).status == 406


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/merge-patch+json", ""])
def test_a_body_that_we_do_not_read_is_refused(hub: Client, media: str) -> None:
    assert hub.ask("POST", "/entities", b"{}", Content_Type=media).status == 415


@pytest.mark.parametrize(("method", "path"), [("POST", "/entities"), ("PATCH", f"{AT}/attrs"), ("PUT", AT)])
@pytest.mark.parametrize("tenant", ["", "nosuchtenant"])
def test_a_body_of_unknown_length_is_refused_without_a_word(hub: Client, method: str, path: str, tenant: str) -> None:
    where = urlsplit(hub.base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    headers = {"Content-Type": JSON, **({"NGSILD-Tenant": tenant} if tenant else {})}
    connection.request(method, f"/ngsi-ld/v1{path}", body=iter([b"{}"]), headers=headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (411, b"")
    connection.close()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/entities", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST", AT, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("DELETE", f"{AT}/attrs/", "OPTIONS, PATCH, POST"),
        ("GET", "/entityOperations/create", "OPTIONS, POST"),
    ],
)
def test_a_method_that_there_is_not_names_those_that_there_are(
    hub: Client, method: str, path: str, allowed: str
) -> None:
    refused = hub.ask(method, path)
    assert (refused.status, refused.headers["allow"]) == (405, allowed)
    asked = hub.ask("OPTIONS", path)
    assert (asked.status, asked.headers["allow"]) == (204, allowed)


def test_head_is_get_without_a_body(room: Client) -> None:
    head, whole = room.ask("HEAD", AT), room.get(AT)
    assert (head.status, head.body) == (200, None)
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert room.ask("HEAD", "/entities/urn:x:none").status == 404


@pytest.mark.parametrize("path", ["/nothing", "/entities/urn:x:1/nothing"])
def test_where_there_is_nothing_that_is_said(hub: Client, path: str) -> None:
    assert hub.get(path).problem == "ResourceNotFound"


@pytest.mark.parametrize("path", ["/csourceRegistrations", "/csourceSubscriptions/urn:x:1", "/snapshots"])
def test_what_the_standard_has_and_we_have_not_is_not_supported(hub: Client, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        refused = hub.ask(method, path)
        assert (refused.status, refused.problem) == (422, "OperationNotSupported")


def test_names_may_have_slashes_in_them(hub: Client) -> None:
    entity = {"id": "https://ex.org/e/1", "type": "https://ex.org/T#x", "https://ex.org/a": 1}
    at = hub.done("POST", "/entities", entity).headers["location"].removeprefix("/ngsi-ld/v1")
    name, kind = quote("https://ex.org/a", safe=""), quote(entity["type"], safe="")
    assert hub.ask("PATCH", f"{at}/attrs/{name}", {"value": 2}).status == 204
    for path in (at, f"{at}/", f"/temporal{at}", f"/types/{kind}", f"/attributes/{name.lower()}"):
        assert hub.get(path).status == 200, path
    assert hub.get(at).body["https://ex.org/a"]["value"] == 2
    assert hub.ask("POST", at, {}).status == 405
    for path in (f"/temporal{at}/attrs/{name}", f"{at}/attrs/{name}", at):
        assert hub.ask("DELETE", path).status == 204, path
    assert hub.get(at).problem == "ResourceNotFound"
    assert hub.get("/entities/a%2Fb").problem == "BadRequestData"


def test_an_id_that_is_left_out_is_missed(hub: Client) -> None:
    assert hub.ask("POST", "/entities//attrs", {"a": 1}).problem == "BadRequestData"


def test_a_tenant_sees_its_own(room: Client) -> None:
    other, nobody = Client(room.base, fresh_tenant()), Client(room.base, "")
    assert other.ask("POST", "/entities", {"id": "urn:x:1", "type": "Room"}).headers["ngsild-tenant"] == other.tenant
    assert [each["id"] for each in other.get("/entities?type=Room").body] == ["urn:x:1"]
    assert other.get(AT).problem == "ResourceNotFound"
    missing = nobody.get(AT)
    assert missing.problem == "ResourceNotFound"
    assert "ngsild-tenant" not in missing.headers


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "/entities?type=Room", None),
        ("GET", AT, None),
        ("DELETE", AT, None),
        ("PATCH", f"{AT}/attrs", {"a": 1}),
        ("POST", f"{AT}/attrs", {"a": 1}),
        ("POST", "/entityOperations/delete", ["urn:x:1"]),
        ("POST", "/entityOperations/update", [ROOM]),
        ("POST", "/entityOperations/query", {"type": "Query", "entities": [{"type": "Room"}]}),
        ("GET", "/types", None),
    ],
)
def test_a_tenant_that_is_not_there_is_named(hub: Client, method: str, path: str, content: Any) -> None:
    nobody = Client(hub.base, "Nobody.there")
    refused = nobody.ask(method, path, content)
    assert (refused.status, refused.problem) == (404, "NonexistentTenant")
    assert refused.headers["ngsild-tenant"] == "Nobody.there"


@pytest.mark.parametrize("tenant", ["a b", "a/b", "default", "a" * 200])
def test_what_cannot_be_a_tenant_is_refused(hub: Client, tenant: str) -> None:
    assert Client(hub.base, tenant).get("/types").problem == "BadRequestData"


def test_who_we_are(hub: Client) -> None:
    found = hub.get("/info/sourceIdentity")
    assert found.status == 200
    body = found.body
    assert body["type"] == "ContextSourceIdentity"
    assert body["id"].startswith("urn:ngsi-ld:")
    assert body["contextSourceUptime"].startswith("PT")
    assert body["contextSourceTimeAt"].endswith("Z")
    other = Client(hub.base, "Nobody.there").get("/info/sourceIdentity").body
    assert len({body["contextSourceAlias"], other["contextSourceAlias"]}) == 2
    assert hub.get("/info/sourceIdentity").body["contextSourceAlias"] == body["contextSourceAlias"]
