"""Every route of the hub, asked without a token, with an unknown one, with another city's, with one that only reads."""

from collections.abc import Mapping
from typing import Any

import pytest

from simos.hub.client import HubClient, HubRefused
from simos.hub.faces import ROUTES
from simos.hub.server.routes import READING
from tests.access.conftest import World

pytestmark = pytest.mark.django_db
ADMINISTRATION = "/hub/t", "/hub/d", "/hub/r", "/hub/c", "/hub/lo", "/hub/f", "/hub/lake"
NAMED = {"tenant": "celje", "collection": "Lamp"} | {
    "id": "urn:ngsi-ld:Lamp:1",
    "type": "Lamp",
    "attribute": "power",
    "instance": "urn:ngsi-ld:Instance:1",
}


@pytest.fixture(scope="module")
def asking(world: World) -> Mapping[str, HubClient]:
    """Those who ask in Celje's tenant: a token of Koper's, one of Celje's that only reads, a made-up one, and none."""
    koper = world.hub.add_token("koper", tenants=["koper"], types=["*"], mayWrite=True)
    reads = world.hub.add_token("reads", tenants=["celje"], types=["*"])
    secrets = {"koper": koper["secret"], "reads": reads["secret"], "unknown": "made-up", "none": ""}
    return {name: HubClient(world.hub.base, secret, patience=0) for name, secret in secrets.items()}


def status(client: HubClient, method: str, path: str, tenant: str = "celje") -> int:
    try:
        return client.ask(method, path.format(**NAMED), tenant=tenant, content=body(method))[0]
    except HubRefused as refused:
        return refused.status


def body(method: str) -> Any:
    return {} if method in ("POST", "PUT", "PATCH") else None


ASKED = [(method, path, writing) for method, path, _endpoint, writing in ROUTES if path != "/hub/live"]


@pytest.mark.parametrize(("method", "path", "writing"), ASKED)
def test_a_route_of_the_hub_answers_nobody_of_another_city(
    asking: Mapping[str, HubClient], method: str, path: str, writing: bool
) -> None:
    got = {name: status(client, method, path) for name, client in asking.items()}
    assert got["koper"] == 403
    assert got["unknown"] == 401
    if writing is not READING or path.startswith(ADMINISTRATION):
        assert (got["reads"], got["none"]) == (403, 401)
    else:
        assert got["reads"] not in (401, 403)


def test_a_live_stream_is_no_way_around(asking: Mapping[str, HubClient]) -> None:
    for name, expected in (("koper", 403), ("unknown", 401)):
        assert status(asking[name], "GET", "/hub/live?tenant=celje") == expected


def test_there_is_no_token_of_no_city(world: World) -> None:
    with pytest.raises(HubRefused) as refused:
        world.hub.add_token("nowhere", tenants=[], types=["*"], mayWrite=True)
    assert refused.value.status == 400
