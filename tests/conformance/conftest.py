"""One hub for each database, served for all tests that ask over HTTP."""

from collections.abc import Iterator

import pytest

from tests.conformance.ngsild.asking import served
from tests.fixtures import made_database


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def hub_address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        with served(f"sqlite:///{tmp_path_factory.mktemp('hub')}/hub.sqlite3") as address:
            yield address
        return
    with made_database(request.getfixturevalue("postgres_url")) as url, served(url) as address:
        yield address
