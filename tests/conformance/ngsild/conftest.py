"""Every test of NGSI-LD has a tenant of its own."""

from collections.abc import Iterator

import pytest

from tests.conformance.ngsild.asking import Client, Receiver, fresh_tenant


@pytest.fixture
def hub(hub_address: str) -> Client:
    """A client of a tenant that nobody else has, which is there."""
    client = Client(hub_address, fresh_tenant())
    client.done("POST", "/entities", {"id": "urn:first", "type": "First"})
    client.done("DELETE", "/entities/urn:first")
    return client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.close()
