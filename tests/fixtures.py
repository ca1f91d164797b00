"""What tests of every floor may ask for: databases of their own, and the real data beside the repository."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from simos.hub.store.base import Store
from simos.hub.store.opening import open_store
from simos.hub.store.postgres_tables import STEPS
from tests.postgres_cluster import NoPostgres, postgres_cluster

REPOSITORY = Path(__file__).parents[1]
SERVER = "SIMOS_TEST_POSTGRES_URL"
REGISTER_ONLY = "--register-only"

_number = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(REGISTER_ONLY, action="store_true", help="only tests that ask for Django's database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption(REGISTER_ONLY):
        others = [each for each in items if not _asks_for_the_register(each)]
        config.hook.pytest_deselected(items=others)
        items[:] = [each for each in items if each not in set(others)]


def _asks_for_the_register(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & {"db", "transactional_db"})


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; skips where it is not there."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the shared data, which is not at {folder}")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server on which databases may be made, as the address of one that is there already."""
    if given := os.environ.get(SERVER):
        yield given
        return
    try:
        with postgres_cluster() as url:
            yield url
    except NoPostgres as reason:
        pytest.skip(str(reason))


def with_database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def made_database(server: str, *, like: str = "template0") -> Iterator[str]:
    """A database for the length of the block, as its address: empty, or a copy of the one named."""
    name = f"simos_test_{os.getpid()}_{next(_number)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
    try:
        yield with_database(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """An empty database of this test's own, on PostgreSQL."""
    with made_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def _hub_on_postgres(postgres_url: str) -> Iterator[str]:
    with made_database(postgres_url) as url:
        yield url


@pytest.fixture
def postgres_store_url(_hub_on_postgres: str) -> str:
    """An empty hub on PostgreSQL. Emptied, not made anew: that is fifty times as fast."""
    with psycopg.connect(_hub_on_postgres, autocommit=True) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(f"{others} AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'hub'").fetchall()
        for (table,) in tables:
            if table != "meta":
                connection.execute(f"DELETE FROM hub.{table}")
        if tables:
            connection.execute("UPDATE hub.meta SET value = %s WHERE name = 'schema_version'", [str(len(STEPS))])
    migrated(_hub_on_postgres)
    return _hub_on_postgres


def migrated(url: str) -> str:
    """`url`, where now are the hub's tables."""
    store = open_store(url)
    store.migrate()
    store.close()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty hub of this test's own, on each database in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_store_url"))
    return migrated(f"sqlite:///{tmp_path}/hub.sqlite3")


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    """Opens stores that are closed at the end of the test."""
    stores: list[Store] = []

    def open_one(url: str) -> Store:
        stores.append(open_store(url))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(store_url: str, opened: Callable[[str], Store]) -> Store:
    """An empty hub, open, on each database in turn."""
    return opened(store_url)
