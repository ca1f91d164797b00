"""Platforms that the tests share: starting one takes seconds. Each test uses a city of its own in it."""

from collections.abc import Iterator

import pytest

from tests.fixtures import made_database
from tests.running import Running, free_port, running


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The setting SIMOS_DATABASE_URL, for each database in turn."""
    if request.param == "sqlite":
        yield ""
        return
    with made_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(scope="session")
def platform(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running platform on each database in turn."""
    with running(tmp_path_factory.mktemp("simos") / "home", database_url=database_url) as platform:
        yield platform


@pytest.fixture(scope="session")
def small_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running platform on SQLite, for what does not depend on the database."""
    with running(tmp_path_factory.mktemp("simos") / "home", mqtt_port=free_port()) as platform:
        yield platform
