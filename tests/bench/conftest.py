"""What the measurements share: figures of the whole run, a platform that stands, a server to compare it with.

Measurements run with `-m bench` only (`make bench`).
"""

import platform as machine
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.counts import FACILITIES, facility_id
from tests.bench.figures import Figures
from tests.fixtures import REPOSITORY
from tests.postgres_cluster import NoPostgres, postgres_cluster
from tests.running import Running, free_port, running, until

CITY = "celje"
WITH_CONSTANT = {"DJANGO_SETTINGS_MODULE": "tests.bench.constant_settings", "PYTHONPATH": str(REPOSITORY)}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "bench" in str(config.getoption("markexpr")):
        return
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    if ours:
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """The figures of this run; at its end they are shown and written to build/bench.json."""
    found = Figures()
    yield found
    found.write(REPOSITORY / "build" / "bench.json")
    print(f"\n\n{found.table()}\n\nPython {machine.python_version()}; written to build/bench.json")


@contextmanager
def platform_in(home: Path, **options: object) -> Iterator[Running]:
    """A platform with an MQTT port and the constant page."""
    with running(home, mqtt_port=free_port(), settings=WITH_CONSTANT, **options) as found:
        yield found


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform on SQLite, with 100 facilities in one city that all have a fresh count."""
    folder = tmp_path_factory.mktemp("platform")
    with platform_in(folder / "home") as found:
        _furnish(found, folder / "facilities.csv")
        yield found


def _furnish(found: Running, file: Path) -> None:
    rows = ["code,name,kind,capacity,latitude,longitude"]
    rows += [f"p-{place:03},Parkirišče {place},lot,{100 + place},46.2{place:02},15.26" for place in range(FACILITIES)]
    file.write_text("\n".join(rows) + "\n")
    found.simos("city", "switch", CITY, "mobility/parking")
    found.simos("parking", "import", str(file), "--city", CITY)
    until("the facilities are in the hub", lambda: _is_there(found, facility_id("p", FACILITIES - 1)))
    found.hub().upsert(
        CITY,
        [
            {
                "id": facility_id("p", place),
                "type": "OffStreetParking",
                "availableSpotNumber": {"type": "Property", "value": place},
            }
            for place in range(FACILITIES)
        ],
    )


def _is_there(found: Running, entity: str) -> bool:
    return found.hub().entity(CITY, entity) is not None


@pytest.fixture(scope="session")
def writer_token(platform: Running) -> str:
    """A token such as a city's sensors have."""
    return token_of(platform)


def token_of(found: Running) -> str:
    """The secret of a new token that may write parking in the city."""
    made = found.hub().add_token("bench", tenants=[CITY], types=["OffStreetParking"], mayWrite=True)
    return str(made["secret"])


@pytest.fixture(scope="session")
def constant_port() -> Iterator[int]:
    """The port of a server of the hub's kind that knows one constant route."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.constant_hub", str(port)], cwd=REPOSITORY)
    try:
        until("the constant server answers", lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return Running(home=Path(), port=port).get("/health")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[str]:
    """A server of our own that waits for the disk, as a city's would; the tests' one does not."""
    try:
        with postgres_cluster(fsync="on", full_page_writes="on", autovacuum="on") as url:
            yield url
    except NoPostgres as reason:
        pytest.skip(str(reason))


def seconds_of(command: list[str]) -> float:
    """Seconds that a program takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=REPOSITORY)
    return time.perf_counter() - began


__all__ = ["CITY", "platform_in", "seconds_of", "token_of"]
