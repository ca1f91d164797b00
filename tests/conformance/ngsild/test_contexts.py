"""JSON-LD contexts over HTTP: where they stand, fetched, hosted, told back (ETSI GS CIM 009, 5.5.5, 5.13, 6.3.5)."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.ngsild.asking import CORE, JSON, LD_JSON, Client, fresh_tenant

ID = "urn:ngsi-ld:Vehicle:1"
REL = 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
TERMS = {"Vehicle": "https://example.org/Vehicle", "speed": "https://example.org/speed", "ex": "https://example.org/"}


@dataclass
class Elsewhere:
    """A server of contexts. `at`: what lies where, as status and body; `asked`: which were asked for."""

    base: str
    at: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, content: Any, status: int = 200, **headers: str) -> str:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.at[path] = (status, body, headers)
        return f"{self.base}{path}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    found = Elsewhere("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            status, body, headers = found.at.get(self.path, (404, b"", {}))
            self.send_response(status)
            for name, value in {"Content-Type": LD_JSON, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.base = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def link(address: str) -> str:
    return f"<{address}>; {REL}"


def vehicle(**members: Any) -> dict[str, Any]:
    return {"id": ID, "type": "Vehicle", "speed": {"type": "Property", "value": 5}, **members}


def test_a_context_elsewhere_is_fetched_once_and_told_back(hub: Client, elsewhere: Elsewhere) -> None:
    address = elsewhere.put("/c.jsonld", {"@context": TERMS})
    assert hub.ask("POST", "/entities", vehicle(**{"@context": [address, CORE]}), Content_Type=LD_JSON).status == 201
    bare = hub.get(f"/entities/{ID}").body
    assert bare["type"] == "https://example.org/Vehicle"
    assert bare["https://example.org/speed"]["value"] == 5
    same = hub.get(f"/entities/{ID}", Link=link(address))
    assert same.body == vehicle()
    assert same.headers["link"] == link(address)
    with_it = hub.get(f"/entities/{ID}", Link=link(address), Accept=LD_JSON)
    assert with_it.headers["content-type"] == LD_JSON
    assert with_it.body["@context"] == [address, CORE]
    assert "link" not in with_it.headers
    assert elsewhere.asked == ["/c.jsonld"]


def test_each_request_speaks_its_own_words(hub: Client, elsewhere: Elsewhere) -> None:
    address = elsewhere.put("/words.jsonld", {"@context": TERMS})
    hub.done("POST", "/entities", vehicle(), Link=link(address))
    assert [each["id"] for each in hub.get("/entities?type=Vehicle", Link=link(address)).body] == [ID]
    assert [each["id"] for each in hub.get("/entities?type=ex:Vehicle&q=ex:speed==5", Link=link(address)).body] == [ID]
    assert hub.get("/entities?type=Vehicle").body == []
    assert hub.get(f"/entities?type={quote('https://example.org/Vehicle', safe='')}").body[0]["id"] == ID
    assert hub.ask("PATCH", f"/entities/{ID}/attrs/speed", {"value": 6}).problem == "ResourceNotFound"
    assert hub.ask("PATCH", f"/entities/{ID}/attrs/speed", {"value": 6}, Link=link(address)).status == 204
    assert hub.ask("DELETE", f"/entities/{ID}/attrs/speed", Link=link(address)).status == 204


def test_contexts_lead_to_contexts(hub: Client, elsewhere: Elsewhere) -> None:
    elsewhere.put("/deep/inner.jsonld", {"@context": TERMS})
    elsewhere.put("/deep/outer.jsonld", {"@context": ["inner.jsonld", {"speed": "https://example.org/fast"}]})
    address = elsewhere.put("/moved.jsonld", b"", 302, Location="/deep/outer.jsonld")
    elsewhere.at["/deep/../inner.jsonld"] = elsewhere.at["/deep/inner.jsonld"]
    elsewhere.at["/inner.jsonld"] = elsewhere.at["/deep/inner.jsonld"]
    hub.done("POST", "/entities", vehicle(), Link=link(address))
    assert set(hub.get(f"/entities/{ID}").body) == {"id", "type", "https://example.org/fast"}


@pytest.mark.parametrize(
    ("content", "status", "expected", "kind"),
    [
        ({"@context": TERMS}, 404, 504, "LdContextNotAvailable"),
        ({"@context": TERMS}, 500, 504, "LdContextNotAvailable"),
        (b"{no json", 200, 400, "BadRequestData"),
        ({"note": "no context here"}, 200, 400, "BadRequestData"),
        ({"@context": 5}, 200, 400, "BadRequestData"),
        ({"@context": "http://127.0.0.1:9/none"}, 200, 504, "LdContextNotAvailable"),
    ],
)
def test_what_cannot_be_had_is_told_from_what_is_no_context(
    hub: Client, elsewhere: Elsewhere, content: Any, status: int, expected: int, kind: str
) -> None:
    address = elsewhere.put("/broken.jsonld", content, status)
    for asked in (
        hub.ask("POST", "/entities", vehicle(**{"@context": address}), Content_Type=LD_JSON),
        hub.ask("POST", "/entities", vehicle(), Link=link(address)),
        hub.get("/entities?type=Vehicle", Link=link(address)),
    ):
        assert (asked.status, asked.problem) == (expected, kind)
    assert hub.get(f"/entities/{ID}").problem == "ResourceNotFound"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (vehicle(**{"@context": CORE}), {"Content_Type": JSON}),
        (vehicle(), {"Content_Type": LD_JSON}),
        (vehicle(**{"@context": CORE}), {"Content_Type": LD_JSON, "Link": link(CORE)}),
        (vehicle(**{"@context": [{"a": {"@id": "urn:a:b", "@context": {}}}]}), {"Content_Type": LD_JSON}),
        (vehicle(**{"@context": 5}), {"Content_Type": LD_JSON}),
    ],
)
def test_a_context_in_the_wrong_place_is_refused(hub: Client, content: Any, headers: dict[str, str]) -> None:
    refused = hub.ask("POST", "/entities", content, **headers)
    assert (refused.status, refused.problem) == (400, "BadRequestData")


def test_core_terms_are_nobodys_to_change(hub: Client) -> None:
    own = {"Property": "https://evil.example/Property", "location": "https://evil.example/location"}
    place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [13, 45]}}
    hub.done("POST", "/entities", vehicle(location=place, **{"@context": own}), Content_Type=LD_JSON)
    found = hub.get(f"/entities/{ID}").body
    assert found["location"] == place
    assert found["speed"]["type"] == "Property"


def test_words_of_a_vocabulary_are_spoken_in_the_askers_words(hub: Client) -> None:
    entity = vehicle(state={"type": "VocabProperty", "vocab": "moving"}, **{"@context": {"moving": "https://x.org/mv"}})
    hub.done("POST", "/entities", entity, Content_Type=LD_JSON)
    assert hub.get(f"/entities/{ID}").body["state"]["vocab"] == "https://x.org/mv"


def test_in_a_batch_each_speaks_its_own_words(hub: Client, elsewhere: Elsewhere) -> None:
    address = elsewhere.put("/batch.jsonld", {"@context": TERMS})
    batch = [
        vehicle(**{"@context": address}),
        {**vehicle(), "id": "urn:x:2", "@context": f"{elsewhere.base}/none"},
        {**vehicle(), "id": "urn:x:3"},
        {**vehicle(), "id": "urn:x:4", "@context": CORE},
    ]
    told = hub.ask("POST", "/entityOperations/create", batch, Content_Type=LD_JSON)
    assert told.status == 207
    assert told.body["success"] == [ID, "urn:x:4"]
    failed = {each["entityId"]: each["error"]["type"].rpartition("/")[2] for each in told.body["errors"]}
    assert failed == {"urn:x:2": "LdContextNotAvailable", "urn:x:3": "BadRequestData"}
    assert hub.get(f"/entities/{ID}").body["type"] == "https://example.org/Vehicle"


CONTEXTS = "/jsonldContexts"


def hosted(hub: Client, content: Any = None) -> str:
    made = hub.ask("POST", CONTEXTS, {"@context": TERMS if content is None else content})
    assert made.status == 201
    path = made.headers["location"]
    assert path.startswith("/ngsi-ld/v1/jsonldContexts/")
    return path.rpartition("/")[2]


def test_a_hosted_context_is_read_used_listed_and_deleted(hub: Client) -> None:
    local = hosted(hub)
    address = f"{hub.base}/ngsi-ld/v1{CONTEXTS}/{local}"
    served = hub.get(f"{CONTEXTS}/{local}")
    assert (served.status, served.headers["content-type"], served.body) == (200, LD_JSON, {"@context": TERMS})
    hub.done("POST", "/entities", vehicle(), Link=link(address))
    assert hub.get(f"/entities/{ID}").body["type"] == "https://example.org/Vehicle"
    details = hub.get(f"{CONTEXTS}/{local}?details=true").body
    assert (details["URL"], details["localId"], details["kind"]) == (address, local, "Hosted")
    assert details["timestamp"].endswith("Z")
    assert details["numberOfHits"] == 1
    assert details["lastUsage"] >= details["timestamp"]
    assert address in hub.get(CONTEXTS).body
    assert address in [each["URL"] for each in hub.get(f"{CONTEXTS}?details=true&kind=Hosted").body]
    assert address not in hub.get(f"{CONTEXTS}?kind=Cached").body
    assert hub.ask("DELETE", f"{CONTEXTS}/{local}?reload=true").problem == "BadRequestData"
    assert hub.ask("DELETE", f"{CONTEXTS}/{local}").status == 204
    assert hub.get(f"{CONTEXTS}/{local}").problem == "ResourceNotFound"
    assert hub.ask("DELETE", f"{CONTEXTS}/{local}").problem == "ResourceNotFound"


def test_a_hosted_context_belongs_to_its_tenant(hub: Client) -> None:
    local = hosted(hub)
    other = Client(hub.base, fresh_tenant())
    for path in (f"{CONTEXTS}/{local}", f"{CONTEXTS}/{local}?details=true"):
        assert other.get(path).status == 404
    assert local not in str(other.get(f"{CONTEXTS}?details=true").body)
    assert other.ask("DELETE", f"{CONTEXTS}/{local}").status == 404
    assert hub.get(f"{CONTEXTS}/{local}").status == 200


def test_a_copy_is_described_but_not_handed_out(hub: Client, elsewhere: Elsewhere) -> None:
    address = elsewhere.put("/copy.jsonld", {"@context": TERMS})
    hub.done("POST", "/entities", vehicle(), Link=link(address))
    name = quote(address, safe="")
    refused = hub.get(f"{CONTEXTS}/{name}")
    assert (refused.status, refused.problem) == (422, "OperationNotSupported")
    details = hub.get(f"{CONTEXTS}/{name}?details=true").body
    assert (details["URL"], details["kind"]) == (address, "Cached")
    assert hub.get(f"{CONTEXTS}/{details['localId']}?details=true").body["URL"] == address
    assert address in hub.get(f"{CONTEXTS}?kind=Cached").body


def test_a_copy_is_fetched_anew_and_kept_where_that_fails(hub: Client, elsewhere: Elsewhere) -> None:
    address = elsewhere.put("/anew.jsonld", {"@context": TERMS})
    hub.done("POST", "/entities", vehicle(), Link=link(address))
    name = quote(address, safe="")
    elsewhere.put("/anew.jsonld", {"@context": {**TERMS, "speed": "https://example.org/other"}})
    assert hub.ask("DELETE", f"{CONTEXTS}/{name}?reload=true").status == 204
    assert "ex:speed" in hub.get(f"/entities/{ID}", Link=link(address)).body
    elsewhere.put("/anew.jsonld", b"", 404)
    failed = hub.ask("DELETE", f"{CONTEXTS}/{name}?reload=true")
    assert (failed.status, failed.problem) == (504, "LdContextNotAvailable")
    assert hub.get(f"{CONTEXTS}/{name}?details=true").body["kind"] == "Cached"
    assert hub.ask("DELETE", f"{CONTEXTS}/{name}").status == 204
    assert hub.get(f"{CONTEXTS}/{name}?details=true").problem == "ResourceNotFound"


@pytest.mark.parametrize("content", [None, 5, True, [1], {"a": 5}, {"a": "b", "b": "a"}])
def test_what_is_no_context_is_not_hosted(hub: Client, content: Any) -> None:
    refused = hub.ask("POST", CONTEXTS, {"@context": content})
    assert (refused.status, refused.problem) == (400, "BadRequestData")
    assert "location" not in refused.headers
    assert hub.ask("POST", CONTEXTS, {"note": 1}).problem == "BadRequestData"


@pytest.mark.parametrize(
    "asked", [f"{CONTEXTS}?kind=Other", f"{CONTEXTS}?details=perhaps", f"{CONTEXTS}/none?details=x"]
)
def test_malformed_questions_about_contexts_are_refused(hub: Client, asked: str) -> None:
    assert hub.get(asked).status == 400


def test_a_context_of_several_parts_gets_one_address_for_the_link(hub: Client) -> None:
    hub.done("POST", "/entities", vehicle(**{"@context": TERMS}), Content_Type=LD_JSON)
    query = {"type": "Query", "entities": [{"type": "Vehicle"}], "@context": TERMS}
    answer = hub.ask("POST", "/entityOperations/query", query, Content_Type=LD_JSON, Accept=JSON)
    assert answer.body == [vehicle()]
    address = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert hub.get(f"/entities/{ID}", Link=link(address)).body == vehicle()
    details = hub.get(f"{CONTEXTS}/{address.rpartition('/')[2]}?details=true").body
    assert details["kind"] == "ImplicitlyCreated"
    assert hub.get(f"{CONTEXTS}/{address.rpartition('/')[2]}").body == {"@context": [TERMS]}
