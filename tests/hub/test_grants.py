"""What a token opens, over HTTP: its types and no others, and nothing any more from the moment it is taken back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from simos.hub.client import HubClient, HubRefused
from simos.hub.faces import hub_app
from simos.hub.grants import service
from simos.hub.server import running
from simos.hub.server.running import Server, server_config
from simos.hub.server.sockets import unix_socket
from tests.hub.mqtt_running import Hub, running_hub

CITY = "gorica"
LAMP, SPOT = "urn:ngsi-ld:Lamp:1", "urn:ngsi-ld:Spot:1"


@contextlib.asynccontextmanager
async def served(hub: Hub, path: Path) -> AsyncIterator[None]:
    server = Server(server_config(hub_app(hub.desk)), before_stop=hub.desk.live.close)
    serving = asyncio.create_task(server.serve(sockets=[unix_socket(path)]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubClient]:
    """A client that may do everything, of a hub that holds a lamp."""
    opened = running.open_desk
    monkeypatch.setattr(
        running, "open_desk", lambda url, _known, **options: opened(url, [service("operator")], **options)
    )
    with running_hub(monkeypatch, f"sqlite:///{tmp_path}/hub.sqlite3") as hub:
        hub.enter(served(hub, tmp_path / "s"))
        client = HubClient(f"unix:{tmp_path}/s", "operator", patience=5)
        client.add_tenant(CITY)
        client.upsert(CITY, [lamp(1)])
        yield client


def lamp(value: int, **more: Any) -> dict[str, Any]:
    return {"id": LAMP, "type": "Lamp", "power": {"type": "Property", "value": value}, **more}


def with_token(operator: HubClient, *types: str) -> tuple[HubClient, str]:
    made = operator.add_token("spots", tenants=[CITY], types=list(types), mayWrite=True)
    return HubClient(operator.base, made["secret"], patience=0), made["id"]


def refusal_of(client: HubClient, method: str, path: str, content: Any = None) -> int:
    with pytest.raises(HubRefused) as refused:
        client.ask(method, f"/ngsi-ld/v1/{path}", tenant=CITY, content=content)
    return refused.value.status


def power(operator: HubClient) -> Any:
    found = operator.entity(CITY, LAMP, options="keyValues")
    return found and found["power"]


def test_a_token_cannot_reach_a_thing_of_another_type_by_calling_it_its_own(operator: HubClient) -> None:
    spots, _ = with_token(operator, "Spot")
    disguised = {**lamp(2), "type": "Spot"}
    past = {**disguised, "power": [{"type": "Property", "value": 9, "observedAt": "2025-09-01T00:00:00Z"}]}
    for refused in (
        refusal_of(spots, "PATCH", f"entities/{LAMP}", {"power": {"type": "Property", "value": 2}}),
        refusal_of(spots, "PATCH", f"entities/{LAMP}/attrs/power", {"value": 2}),
        refusal_of(spots, "PUT", f"entities/{LAMP}", disguised),
        refusal_of(spots, "POST", "temporal/entities", past),
        refusal_of(spots, "DELETE", f"entities/{LAMP}"),
    ):
        assert refused == 403
    assert power(operator) == 1
    _, history = operator.ask("GET", f"/ngsi-ld/v1/temporal/entities/{LAMP}", tenant=CITY)
    assert "2025-09-01" not in str(history), "the past is not theirs to write either"


@pytest.mark.parametrize(
    ("path", "sees", "hidden"),
    [
        (f"/ogc/{CITY}/collections/Lamp/items", 200, 403),
        (f"/ogc/{CITY}/collections/Lamp/items/{LAMP}", 200, 403),
        (f"/sensorthings/{CITY}/v1.1/Things('{LAMP}')", 200, 404),
        (f"/sensorthings/{CITY}/v1.1/Datastreams('{LAMP}!power')/Observations", 200, 404),
    ],
)
def test_other_standards_show_a_thing_to_those_alone_who_may_see_its_type(
    operator: HubClient, path: str, sees: int, hidden: int
) -> None:
    seen = {"type": "Property", "value": 2, "observedAt": "2026-11-01T08:00:00Z"}
    operator.upsert(CITY, [{"id": LAMP, "type": "Lamp", "power": seen}])
    lamps, spots = with_token(operator, "Lamp")[0], with_token(operator, "Spot")[0]
    assert lamps.ask("GET", path)[0] == sees
    with pytest.raises(HubRefused) as refused:
        spots.ask("GET", path)
    assert refused.value.status == hidden
    assert spots.ask("GET", f"/ogc/{CITY}/collections")[1]["collections"] == []
    assert spots.ask("GET", f"/sensorthings/{CITY}/v1.1/Observations")[1]["value"] == []


def test_of_a_batch_the_granted_part_is_stored(operator: HubClient) -> None:
    spots, _ = with_token(operator, "Spot")
    free = {"id": SPOT, "type": "Spot", "free": {"type": "Property", "value": 3}}
    answer = spots.upsert(CITY, [free, {**lamp(2), "type": "Spot"}])
    assert answer.stored == (SPOT,)
    assert [thing for thing, _ in answer.refused] == [LAMP]
    status, said = spots.ask("POST", "/ngsi-ld/v1/entityOperations/delete", tenant=CITY, content=[SPOT, LAMP])
    assert status == 207
    assert said["success"] == [SPOT]
    assert said["errors"][0]["error"]["status"] == 403
    assert power(operator) == 1


def test_a_token_that_is_taken_back_counts_no_more_though_it_was_just_used(operator: HubClient) -> None:
    lamps, token_id = with_token(operator, "Lamp")
    lamps.upsert(CITY, [lamp(2)])
    assert power(lamps) == 2
    operator.ask("DELETE", f"/hub/tokens/{token_id}")
    assert refusal_of(lamps, "GET", f"entities/{LAMP}") == 401
    assert refusal_of(lamps, "POST", "entityOperations/upsert", [lamp(3)]) == 401
    assert power(operator) == 2
