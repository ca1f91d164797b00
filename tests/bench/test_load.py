"""Files loaded in bulk, CSV and Parquet by column and JSON lines by expressions, beside a bare write of the same rows.

The baseline is given its rows ready made: what the hub needs over it is reading, mapping and its rules.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import orjson
import psycopg
import pytest

from simos.hub.ingest.bulk import StoreSink, load_file
from simos.hub.ingest.mapping import read_mapping
from simos.hub.store.opening import open_store
from simos.hub.store.rows import COLUMNS, Row
from tests.bench.figures import Figures
from tests.bench.rounds import best_rates
from tests.fixtures import made_database, migrated

pytestmark = pytest.mark.bench

STATIONS, HOURS = 500, 120
NAMES = ("pm10", "pm25", "no2", "o3")
OBSERVATIONS = STATIONS * HOURS * len(NAMES)
REACH = {"csv": 60_000, "parquet": 60_000, "jsonl": 20_000}
MAPPING = """\
format: {format}
id: "urn:ngsi-ld:AirQualityObserved:{{station}}"
type: AirQualityObserved
observedAt: time
attributes:
""" + "".join(f"  {name}: {{{{from: {{0}}{name}, unitCode: GQ}}}}\n" for name in NAMES)


@dataclass(frozen=True, slots=True)
class Files:
    folder: Path

    @property
    def history(self) -> list[list[Row]]:
        """The rows that the hub's history gets, in transactions of 50,000."""
        rows, series = list[Row](), 0
        for station in range(STATIONS):
            for name in NAMES:
                series += 1
                for hour in range(HOURS):
                    value, at = _value(station, hour, name), _time(hour)
                    text = f'{{"observedAt":"{at}","type":"Property","unitCode":"GQ","value":{value}}}'
                    micros = 1_756_684_800_000_000 + hour * 3_600_000_000
                    rows.append(("celje", series, micros, text, float(value), micros))
        rows.sort(key=lambda row: (row[2], row[1]))
        parts = [rows[first : first + 50_000] for first in range(0, len(rows), 50_000)]
        return [sorted(part, key=lambda row: row[:3]) for part in parts]


def _value(station: int, hour: int, name: str) -> float:
    return (station * 7 + hour * 13 + len(name)) % 997 / 10 + 0.05


def _time(hour: int) -> str:
    return f"2025-09-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    import pyarrow as pa
    from pyarrow import parquet

    folder = tmp_path_factory.mktemp("load")
    rows = [
        {"station": f"s{station}", "time": _time(hour), **{name: _value(station, hour, name) for name in NAMES}}
        for hour in range(HOURS)
        for station in range(STATIONS)
    ]
    lines = ["station,time," + ",".join(NAMES), *(",".join(map(str, row.values())) for row in rows)]
    (folder / "air.csv").write_text("\n".join(lines) + "\n")
    parquet.write_table(pa.Table.from_pylist(rows), folder / "air.parquet")
    nested = (
        {"station": row["station"], "time": row["time"], "m": {name: row[name] for name in NAMES}} for row in rows
    )
    (folder / "air.jsonl").write_bytes(b"\n".join(map(orjson.dumps, nested)))
    return Files(folder)


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Iterator[str]]:
    """Makes empty hubs."""
    folder = tmp_path_factory.mktemp("stores")
    if request.param == "PostgreSQL":
        server = request.getfixturevalue("durable_postgres")

        def on_postgres(_mark: str) -> Iterator[str]:
            with made_database(server) as url:
                yield migrated(url)

        return on_postgres

    def on_sqlite(mark: str) -> Iterator[str]:
        yield migrated(f"sqlite:///{folder}/{mark}.sqlite3")

    return on_sqlite


def test_load(made: Callable[[str], Iterator[str]], files: Files, figures: Figures) -> None:
    parts = files.history

    def bare(mark: str) -> float:
        for url in made(f"bare-{mark}"):
            return OBSERVATIONS / (_on_sqlite(url, parts) if url.startswith("sqlite") else _on_postgres(url, parts))
        raise AssertionError

    def loading(kind: str, mark: str) -> float:
        for url in made(f"{kind}-{mark}"):
            store = open_store(url)
            mapping = read_mapping(MAPPING.format("m." if kind == "jsonl" else "", format=kind), "air.yaml")
            began = time.perf_counter()
            done = load_file(files.folder / f"air.{kind}", mapping, "", StoreSink(store), key=mark)
            seconds = time.perf_counter() - began
            store.close()
            assert (done.observations, done.faults) == (OBSERVATIONS, 0)
            return OBSERVATIONS / seconds
        raise AssertionError

    best = best_rates({"bare": bare, **{kind: (lambda mark, kind=kind: loading(kind, mark)) for kind in REACH}})
    database = "PostgreSQL" if "postgres" in made.__name__ else "SQLite"
    against = "bare COPY, ready rows" if database == "PostgreSQL" else "bare executemany, ready rows"
    for kind, reach in REACH.items():
        what = f"bulk load of {kind} (to reach {reach:,})"
        figures.add(f"load, {database}", what, best[kind], best["bare"], "observations/s", against)


def _on_sqlite(url: str, parts: Sequence[Sequence[Row]]) -> float:
    columns = COLUMNS["history"]
    sql = f"INSERT INTO history ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
        began = time.perf_counter()
        for part in parts:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql, part)
            connection.execute("COMMIT")
        return time.perf_counter() - began


def _on_postgres(url: str, parts: Sequence[Sequence[Row]]) -> float:
    sql = f"COPY history ({', '.join(COLUMNS['history'])}) FROM STDIN"
    with psycopg.connect(url, options="-c search_path=hub", autocommit=True) as connection:
        began = time.perf_counter()
        for part in parts:
            with connection.transaction(), connection.cursor() as cursor, cursor.copy(sql) as copy:
                for row in part:
                    copy.write_row(row)
        return time.perf_counter() - began
