"""The program that writes one file of the lake, by PyArrow: what the database and the files before hold of some series
in one day. It changes nothing in the database.

Run as `python -m simos.hub.lake.writing` by whoever moves days, never by hand.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simos.hub.lake.child import serve
from simos.hub.store.opening import open_store
from simos.hub.store.shelves import LakePoint

ROW_GROUP = 30_000
"""Rows of one group: what has to be read at least of a file for one series."""

_TIME = pa.timestamp("us", tz="UTC")
_NAME = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("series", pa.int64()),
        ("entity", _NAME),
        ("attribute", _NAME),
        ("dataset", _NAME),
        ("time", _TIME),
        ("number", pa.float64()),
        ("instance", pa.string()),
        ("got_at", _TIME),
        ("changed_at", _TIME),
    ]
)
"""Of the files, in order of series and time. `time`: when it was observed, or else got (`got_at` null). `entity`,
`attribute`, `dataset`: by their full names."""


def start(given: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    store = open_store(given["url"])

    def answer(question: dict[str, Any]) -> Any:
        """Writes the file; how many instances of each series came from the database, and what was written."""
        series, day = question["series"], question["day"]
        stored, names = store.reader.day_of(question["tenant"], series, day)
        taken: dict[int, int] = {}
        for row in stored:
            taken[row[0]] = taken.get(row[0], 0) + 1
        rows: list[LakePoint] = stored
        if question["before"]:
            rows = _with_those_before(stored, question["before"], question["gone"])
            if missing := sorted({row[0] for row in rows} - names.keys()):
                names |= store.reader.day_of(question["tenant"], missing, day)[1]
        found = {"taken": sorted(taken.items()), "instances": len(rows)}
        if rows:
            size = _written(rows, names, Path(question["path"]))
            found |= {"series_from": rows[0][0], "series_to": rows[-1][0], "bytes": size}
        return found

    return answer


def _with_those_before(stored: list[LakePoint], files: Iterable[Any], gone: Iterable[Any]) -> list[LakePoint]:
    """What is in the database wins over what is in files; what was deleted is in none."""
    deleted = list(gone)
    rows: dict[tuple[int, int], LakePoint] = {}
    columns = ["series", "time", "instance", "number", "got_at", "changed_at"]
    for number, path in files:
        table = pq.read_table(path, columns=columns, partitioning=None).select(columns)
        times = [table[name].cast(pa.int64()) for name in ("time", "got_at", "changed_at")]
        at, got_at, changed_at = (column.to_pylist() for column in times)
        series, instance, value = (table[name].to_pylist() for name in ("series", "instance", "number"))
        for row in zip(series, at, instance, value, got_at, changed_at, strict=True):
            if not any(
                row[0] == s and since <= row[1] < until and number <= up_to for s, since, until, up_to in deleted
            ):
                rows[row[0], row[1]] = row
    rows |= {(row[0], row[1]): row for row in stored}
    return [rows[key] for key in sorted(rows)]


def _written(rows: list[LakePoint], names: dict[int, Any], path: Path) -> int:
    """The file is on disk when this returns, whole or not at all; how many bytes it has."""
    series, at, instance, number, got_at, changed_at = zip(*rows, strict=True)
    entity, attribute, dataset = zip(*(names[each] for each in series), strict=True)
    columns = (series, entity, attribute, dataset, at, number, instance, got_at, changed_at)
    arrays = [pa.array(column, each.type) for column, each in zip(columns, SCHEMA, strict=True)]
    _make_folders(path.parent)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        pq.write_table(
            pa.Table.from_arrays(arrays, schema=SCHEMA),
            file,
            compression="zstd",
            compression_level=6,
            row_group_size=ROW_GROUP,
            use_dictionary=["entity", "attribute", "dataset", "series"],
            column_encoding={"time": "DELTA_BINARY_PACKED", "got_at": "DELTA_BINARY_PACKED"},
            write_page_index=True,
        )
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    _on_disk(path.parent)
    return path.stat().st_size


def _make_folders(folder: Path) -> None:
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        _on_disk(folder.parent)


def _on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


if __name__ == "__main__":
    serve(start)
