"""A data set as a file: CSV, GeoJSON, Parquet; as it is now, or its history. Made piece by piece, never held whole."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson

from simos.hub.features.documents import plain_feature
from simos.hub.ngsild import text_of_micros
from simos.hub.ngsild.kinds import MEMBER
from simos.hub.short_names import short_name
from simos.hub.values import Entity, Point
from simos.modules.data.catalogue.values import DataSet

OWN = ("id", "observedAt", "longitude", "latitude")
HISTORY = ("id", "attribute", "observedAt", "value", "unit")
AT_ONCE = 5000
"""Rows of one piece of a Parquet file."""

Row = Sequence[Any]


def columns_of(it: DataSet) -> tuple[str, ...]:
    """Of the present: what each thing has, then the attributes that the type declares."""
    return (*OWN, *(each.name for each in it.type.attributes if each.name != "location"))


def rows_of(it: DataSet, things: Iterable[Entity], lang: str) -> Iterator[Row]:
    """The things as they are now, in the order of `columns_of`. What is no plain value is written as JSON."""
    names = columns_of(it)[len(OWN) :]
    for entity in things:
        feature = plain_feature(entity, lang)
        properties, geometry = feature["properties"], feature["geometry"] or {}
        place = geometry["coordinates"] if geometry.get("type") == "Point" else (None, None)
        yield (entity.id, properties["observedAt"], *place[:2], *(_plain(properties.get(name)) for name in names))


def history_rows(points: Iterable[Point]) -> Iterator[Row]:
    """One row for each value of each attribute, in the order of HISTORY."""
    for point in points:
        instance = orjson.loads(point.instance)
        value = _plain(instance.get(MEMBER[instance["type"]]))
        yield (point.entity, short_name(point.attribute), text_of_micros(point.at), value, instance.get("unitCode", ""))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv_of(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV by RFC 4180, in UTF-8. A text that a spreadsheet would take for a formula gets a ' before it."""
    yield _lines([header])
    part: list[Row] = []
    for row in rows:
        part.append([_harmless(cell) for cell in row])
        if len(part) == 500:
            yield _lines(part)
            part = []
    if part:
        yield _lines(part)


def _lines(rows: Iterable[Row]) -> bytes:
    into = StringIO()
    csv.writer(into).writerows(rows)
    return into.getvalue().encode()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def geojson_of(things: Iterable[Entity], lang: str) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946)."""
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for entity in things:
        yield (b"" if first else b",") + orjson.dumps(plain_feature(entity, lang))
        first = False
    yield b"]}"


def parquet_of(header: Sequence[str], rows: Iterable[Row], numbers: frozenset[str]) -> Iterator[bytes]:
    """A Parquet file; the columns `numbers` hold numbers, all others texts. Made in a file that is gone afterwards."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.float64() if name in numbers else pa.string()) for name in header])
    with NamedTemporaryFile(suffix=".parquet") as file:
        with pq.ParquetWriter(file.name, schema, compression="zstd") as writer:
            for part in _parts(rows):
                columns = [
                    pa.array([_fit(row[place], name in numbers) for row in part], schema.field(name).type)
                    for place, name in enumerate(header)
                ]
                writer.write_table(pa.table(columns, schema=schema))
        with Path(file.name).open("rb") as made:
            while piece := made.read(1 << 16):
                yield piece


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _fit(cell: Any, number: bool) -> Any:
    if number:
        return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    return None if cell is None else cell if isinstance(cell, str) else json.dumps(cell)


def with_number_column(header: Sequence[str], rows: Iterable[Row]) -> tuple[tuple[str, ...], Iterator[Row]]:
    """History with the value as a number beside it, where it is one: for formats whose columns have one type."""
    return (*header, "number"), ((*row, row[3]) for row in rows)
