"""Aggregates from the lake: 1,000 series of 30 days at one a minute, beside bare DuckDB on the same files."""

import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simos.hub.lake.layout import path_in
from simos.hub.lake.writing import ROW_GROUP, SCHEMA
from simos.hub.store.base import AggregateQuery, HistoryQuery
from simos.hub.store.opening import open_store
from simos.hub.store.shelves import DAY, LakeFile
from tests.bench.figures import Figures
from tests.lake.moved import store_with_lake

pytestmark = pytest.mark.bench

SERIES, DAYS, MINUTE = 1000, 30, 60_000_000
PER_FILE = 100
FIRST = 20_000 * DAY
ROUNDS = 3


def furnish(url: str, folder: Path) -> list[LakeFile]:
    """The files that moving would have made; only made faster."""
    files = []
    store = open_store(url)
    store.migrate()
    with store.transaction() as transaction:
        session: Any = transaction._session  # type: ignore[attr-defined]
        session.insert("series", [("", f"urn:x:{n}", "urn:power", "") for n in range(1, SERIES + 1)])
        session.rows("UPDATE series SET shelf = 'urn:Meter'")
        for day in range(DAYS):
            for start in range(1, SERIES + 1, PER_FILE):
                file = LakeFile(
                    tenant="", file=len(files) + 1, type="urn:Meter", day=FIRST + day * DAY, series_from=start,
                    series_to=start + PER_FILE - 1, instances=PER_FILE * 1440, bytes=0,
                )  # fmt: skip
                written(folder, file)
                files.append(file)
        session.insert("lake_file", [tuple(getattr(f, c) for c in ("tenant", "file", "type", "day", "series_from",
                                     "series_to", "instances", "bytes")) for f in files])  # fmt: skip
    store.close()
    return files


def written(folder: Path, file: LakeFile) -> None:
    minutes = np.arange(1440, dtype=np.int64)
    series = np.repeat(np.arange(file.series_from, file.series_to + 1, dtype=np.int64), 1440)
    times = np.tile(file.day + minutes * MINUTE, PER_FILE)
    numbers = (series * 7 + np.tile(minutes, PER_FILE)) % 997 / 10
    texts = [f'{{"observedAt":"{at}","type":"Property","value":{at % 997 / 10}}}' for at in times[:1440]]
    constant = {
        "entity": [f"urn:x:{n}" for n in series],
        "attribute": ["urn:power"] * len(series),
        "dataset": [""] * len(series),
    }
    columns = {"series": series, "time": times, "number": numbers, "instance": texts * PER_FILE, "got_at": times}
    columns |= constant | {"changed_at": [None] * len(series)}
    table = pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in SCHEMA], schema=SCHEMA)
    path = path_in(folder, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)


def test_hourly_from_the_lake(tmp_path: Path, figures: Figures) -> None:
    url, folder = f"sqlite:///{tmp_path}/hub.sqlite3", tmp_path / "lake"
    furnish(url, folder)
    history = HistoryQuery(tenant="", entities=tuple(f"urn:x:{n}" for n in range(1, SERIES + 1)), time="observedAt")
    hour = AggregateQuery(history=history, origin=FIRST, width=DAY // 24, methods=frozenset({"avg"}))
    sql = f"SELECT series, epoch_us(time) // 3600000000 AS hour, avg(number) FROM '{folder}/**/*.parquet' GROUP BY ALL"
    ours, bare = [], []
    with store_with_lake(url, folder) as (store, _):
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert sum(len(each.periods) for each in store.reader.aggregates(hour)) == SERIES * DAYS * 24
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            assert len(duckdb.execute(sql).fetchall()) == SERIES * DAYS * 24
            bare.append(time.perf_counter() - began)
    figures.add(
        "history", "hourly mean of 1,000 series of 30 days from the lake", min(ours), min(bare), "s", "bare DuckDB"
    )
