"""One hub for each database, served for all tests; every test has a tenant of its own."""

from collections.abc import Iterator

import pytest

from tests.conformance.ngsild.asking import Client, Receiver, fresh_tenant, served
from tests.fixtures import made_database


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def hub_address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        with served(f"sqlite:///{tmp_path_factory.mktemp('hub')}/hub.sqlite3") as address:
            yield address
        return
    with made_database(request.getfixturevalue("postgres_url")) as url, served(url) as address:
        yield address


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
