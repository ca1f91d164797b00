"""The baseline of every write: the very rows that the hub writes, put into the same tables by bare executemany.

No reading, no meaning, no network; durable, one transaction a batch. What is over that is what the hub costs.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from simos.hub.contexts import CORE
from simos.hub.merge import apply
from simos.hub.ngsild import parse_entity
from simos.hub.store.opening import open_store
from simos.hub.store.rows import COLUMNS, Row, change_row, entity_row, point_row
from simos.hub.values import Entity, Mode
from simos.kernel.clock import micros_of
from tests.bench.counts import FIRST, Document

TENANT = "celje"
TABLES = ("entity", "history", "change")
_PUT_ENTITY = "ON CONFLICT (tenant, id) DO UPDATE SET doc = excluded.doc, modified_at = excluded.modified_at"


@dataclass(slots=True)
class Batch:
    """The rows of one transaction, by table."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})


def rows_of(batches: Sequence[Sequence[Document]]) -> list[Batch]:
    """What the hub would store for these upserts. Each series is numbered as it is met."""
    present: dict[str, Entity] = {}
    series: dict[tuple[str, str], int] = {}
    at, seq, made = micros_of(FIRST), 0, []
    for documents in batches:
        batch, touched = Batch(), {}
        for document in documents:
            at += 1
            write = parse_entity(document, CORE).write(TENANT, Mode.UPSERT)
            effect = apply(present.get(write.id), write, at=at)
            assert effect.entity is not None
            assert effect.change is not None
            present[write.id] = touched[write.id] = effect.entity
            seq += 1
            batch.rows["change"].append(change_row(effect.change, seq))
            for point in effect.points:
                number = series.setdefault((point.entity, point.attribute), len(series) + 1)
                batch.rows["history"].append(point_row(point, number))
        batch.rows["entity"] = [entity_row(touched[each]) for each in sorted(touched)]
        made.append(batch)
    return made


def _statements(mark: str) -> dict[str, str]:
    found = {}
    for table in TABLES:
        columns = COLUMNS[table]
        conflict = _PUT_ENTITY if table == "entity" else ""
        places = ", ".join([mark] * len(columns))
        found[table] = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {conflict}"
    return found


def seconds_on_sqlite(folder: Path, batches: Sequence[Batch]) -> float:
    """Seconds to put all of it into a new SQLite file in `folder`."""
    path = folder / "bare.sqlite3"
    _made(f"sqlite:///{path}")
    statements = _statements("?")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
        began = time.perf_counter()
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            for table, statement in statements.items():
                connection.executemany(statement, batch.rows[table])
            connection.execute("UPDATE log_head SET seq = seq + ?", (len(batch.rows["change"]),))
            connection.execute("COMMIT")
        seconds = time.perf_counter() - began
    for left in folder.glob("bare.sqlite3*"):
        left.unlink()
    return seconds


def seconds_on_postgres(url: str, batches: Sequence[Batch]) -> float:
    """Seconds to put all of it into the empty database at `url`."""
    _made(url)
    statements = _statements("%s")
    with psycopg.connect(url, options="-c search_path=hub", autocommit=True) as connection:
        began = time.perf_counter()
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                for table, statement in statements.items():
                    cursor.executemany(statement, batch.rows[table])
                cursor.execute("UPDATE log_head SET seq = seq + %s", (len(batch.rows["change"]),))
        return time.perf_counter() - began


def _made(url: str) -> None:
    store = open_store(url)
    store.migrate()
    store.close()
