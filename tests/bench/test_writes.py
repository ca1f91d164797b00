"""Counts taken in over HTTP and MQTT, on SQLite and PostgreSQL, beside a bare write of the very same rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from simos.hub.contexts import CORE
from simos.hub.store.base import HistoryQuery
from simos.hub.store.opening import open_store
from tests.bench.bare import Batch, rows_of, seconds_on_postgres, seconds_on_sqlite
from tests.bench.conftest import CITY, platform_in, token_of
from tests.bench.counts import FACILITIES, Document, batches, bodies, counts, stations
from tests.bench.figures import Figures
from tests.bench.http_load import Order, loaded, request
from tests.bench.mqtt_load import Order as Publishing
from tests.bench.mqtt_load import published
from tests.bench.rounds import best_rates
from tests.fixtures import made_database
from tests.running import Running

pytestmark = pytest.mark.bench

BATCHES = {1: 1_000, 100: 10_000, 1000: 20_000}
"""Counts sent in a round, by the size of a batch."""

MESSAGES = 4_000
STATIONS = 5_000
CREATES = 1_000
UPSERT = "/ngsi-ld/v1/entityOperations/upsert?options=update"

BareSeconds = Callable[[Sequence[Batch]], float]


@dataclass(slots=True, kw_only=True)
class Site:
    """A platform to write to, and how to write to its kind of database without it."""

    database: str
    platform: Running
    token: str
    bare: BareSeconds

    def history_of(self, ids: Sequence[str], attribute: str = "availableSpotNumber") -> int:
        """Points of history that are stored."""
        store = open_store(self.platform.database_url or f"sqlite:///{self.platform.home}/hub.sqlite3")
        try:
            wanted = HistoryQuery(tenant=CITY, entities=tuple(ids), attributes=(CORE.expand(attribute),))
            return sum(1 for _ in store.reader.history(wanted))
        finally:
            store.close()


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("writes")
    if request.param == "SQLite":
        with platform_in(folder / "home") as platform:
            yield Site(
                database="SQLite",
                platform=platform,
                token=token_of(platform),
                bare=lambda rows: seconds_on_sqlite(folder, rows),
            )
        return
    server = request.getfixturevalue("durable_postgres")

    def bare(rows: Sequence[Batch]) -> float:
        with made_database(server) as url:
            return seconds_on_postgres(url, rows)

    with made_database(server) as url, platform_in(folder / "home", database_url=url) as platform:
        yield Site(database="PostgreSQL", platform=platform, token=token_of(platform), bare=bare)


@pytest.mark.parametrize("size", BATCHES)
def test_http_batches(site: Site, figures: Figures, size: int) -> None:
    wanted = BATCHES[size]
    rows = rows_of(batches(counts("bare", wanted), size))

    def sent_by(clients: int, mark: str) -> float:
        parts = _parts(f"h{size}-{clients}-{mark}", wanted, clients)
        load = loaded(Order(port=site.platform.port, clients=[_requests(site, part, size) for part in parts]))
        assert set(load.statuses) <= {201, 204}
        assert site.history_of(_ids(parts)) == wanted, "every count is stored once"
        return wanted / load.seconds

    best = best_rates(
        {
            "bare": lambda _: wanted / site.bare(rows),
            "1 client": lambda mark: sent_by(1, mark),
            "4 clients": lambda mark: sent_by(4, mark),
        }
    )
    for who in ("1 client", "4 clients"):
        _add(site, figures, f"HTTP, batches of {size}, {who}", best[who], best["bare"], "counts/s")


def test_http_stations(site: Site, figures: Figures) -> None:
    rows = rows_of(batches(stations("bare", STATIONS, facilities=1000), 1000))

    def sent(mark: str) -> float:
        documents = stations(f"s-{mark}", STATIONS, facilities=1000)
        load = loaded(Order(port=site.platform.port, clients=[_requests(site, documents, 1000)]))
        assert set(load.statuses) <= {201, 204}
        return STATIONS / load.seconds

    best = best_rates({"bare": lambda _: STATIONS / site.bare(rows), "hub": sent})
    what = "HTTP, batches of 1000 with 8 attributes each"
    _add(site, figures, what, best["hub"], best["bare"], "entities/s")


def test_http_creates(site: Site, figures: Figures) -> None:
    rows = rows_of(batches(stations("bare", CREATES, facilities=CREATES), 1))

    def sent(mark: str) -> float:
        documents = stations(f"c-{mark}", CREATES, facilities=CREATES)
        clients = [
            [_request(site, "/ngsi-ld/v1/entities", orjson.dumps(each)) for each in documents[client::8]]
            for client in range(8)
        ]
        load = loaded(Order(port=site.platform.port, clients=clients))
        assert set(load.statuses) == {201}
        return CREATES / load.seconds

    best = best_rates({"bare": lambda _: CREATES / site.bare(rows), "hub": sent})
    what = "HTTP, single creates with 8 attributes, 8 clients"
    _add(site, figures, what, best["hub"], best["bare"], "entities/s", "bare executemany, one a transaction")


def test_mqtt(site: Site, figures: Figures) -> None:
    rows = rows_of(batches(counts("bare", MESSAGES), 1))

    def sent_by(publishers: int, mark: str) -> float:
        parts = _parts(f"m{publishers}-{mark}", MESSAGES, publishers)
        orders = [
            Publishing(
                port=site.platform.mqtt_port,
                name=f"publisher-{place}",
                secret=site.token,
                topic=f"{CITY}/entities",
                payloads=[orjson.dumps(each) for each in part],
            )
            for place, part in enumerate(parts)
        ]
        seconds = published(orders)
        assert site.history_of(_ids(parts)) == MESSAGES, "every acknowledged count is stored once"
        return MESSAGES / seconds

    best = best_rates(
        {
            "bare": lambda _: MESSAGES / site.bare(rows),
            "1 publisher": lambda mark: sent_by(1, mark),
            "4 publishers": lambda mark: sent_by(4, mark),
        }
    )
    for who in ("1 publisher", "4 publishers"):
        against = "bare executemany, one a transaction"
        _add(site, figures, f"MQTT QoS 1, {who}", best[who], best["bare"], "counts/s", against)


def _parts(name: str, wanted: int, clients: int) -> list[list[Document]]:
    """Each client's own counts, of facilities that are its own: order holds among the counts of one sender."""
    each = FACILITIES // clients
    return [counts(f"{name}-{client}", wanted // clients, facilities=each) for client in range(clients)]


def _ids(parts: Sequence[Sequence[Document]]) -> list[str]:
    return sorted({document["id"] for part in parts for document in part})


def _requests(site: Site, documents: Sequence[Document], size: int) -> list[bytes]:
    return [_request(site, UPSERT, body) for body in bodies(documents, size)]


def _request(site: Site, path: str, body: bytes) -> bytes:
    return request("POST", path, port=site.platform.port, body=body, token=site.token, tenant=CITY)


def _add(
    site: Site,
    figures: Figures,
    what: str,
    value: float,
    bare: float,
    unit: str,
    against: str = "bare executemany, alike",
) -> None:
    figures.add(f"write, {site.database}", what, value, bare, unit, against)
