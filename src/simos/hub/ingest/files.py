"""Files and payloads as blocks of records: CSV, Parquet, JSON, JSON lines, packed or not. Understands only the form."""

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import orjson

from simos.hub.ingest.blocks import Block
from simos.hub.ingest.mapping import Csv, Mapping
from simos.hub.ingest.uplinks import NORMALISED, normalised, with_topic
from simos.kernel.errors import Invalid, RowError

_TABLES = {".csv": "csv", ".parquet": "parquet"}
_PACKED = ".gz"
_ENDINGS = {*_TABLES, ".jsonl", ".ndjson", ".json"}


def check_format(path: Path, mapping: Mapping) -> None:
    """Invalid where the ending of the file says that it is of another format than its mapping."""
    ending = _ending(path)
    is_table = mapping.format in _TABLES.values()
    if ending in _ENDINGS and _TABLES.get(ending) != (mapping.format if is_table else None):
        raise Invalid(f"{path.name} ends with {ending}, but its mapping says format: {mapping.format}.")


def _ending(path: Path) -> str:
    """What says the format; a packed file says it before its .gz."""
    return (path.with_suffix("") if path.suffix.lower() == _PACKED else path).suffix.lower()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], Callable[[], float | None]]]:
    """The file's content, unpacked, and what tells which part of the file is read."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size

        def share() -> float | None:
            return os.lseek(file.fileno(), 0, os.SEEK_CUR) / size if size else None

        if path.suffix.lower() == _PACKED:
            with gzip.open(file) as unpacked:
                yield cast("IO[bytes]", unpacked), share
        else:
            yield file, share


def blocks_of(path: Path, mapping: Mapping, *, size: int, after: int = 0) -> Iterator[Block]:
    """The records of a file, `size` at most in each block, but for the first `after` of them."""
    if mapping.format == "parquet":
        yield from _parquet(path, size, after)
    elif mapping.format == "csv":
        with _opened(path) as (file, share), io.TextIOWrapper(file, mapping.csv.encoding, newline="") as lines:
            for block in csv_blocks(lines, mapping.csv, size=size, after=after):
                yield replace(block, share=share())
    elif _ending(path) == ".json":
        with _opened(path) as (file, _):
            yield from _parts(_records(file.read(), mapping), size, after)
    else:
        with _opened(path) as (file, share):
            for block in jsonl_blocks(file, mapping, size=size, after=after):
                yield replace(block, share=share())


def payload_block(payload: bytes, mapping: Mapping, topic: str = "") -> Block:
    """All records of one message or document. `topic`: under which it came, for what stands nowhere else."""
    if mapping.format == "parquet":
        raise Invalid("A Parquet file is no message: load it by simos hub load.")
    if mapping.format == "csv":
        text = io.StringIO(payload.decode(mapping.csv.encoding, "replace"), newline="")
        blocks = list(csv_blocks(text, mapping.csv, size=max(1, len(payload))))
        return blocks[0] if blocks else Block(numbers=(), columns={})
    if mapping.format == "jsonl":
        blocks = list(jsonl_blocks(payload.splitlines(), mapping, size=max(1, len(payload))))
        return blocks[0] if blocks else Block(numbers=())
    records = _records(payload, mapping, topic)
    return Block(numbers=range(1, len(records) + 1), records=records)


def _records(payload: bytes, mapping: Mapping, topic: str = "") -> list[Any]:
    try:
        content = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"This is not JSON: {error}") from None
    if mapping.format in NORMALISED:
        return normalised(mapping.format, content, topic)
    found = _listed(content, mapping)
    return with_topic(found, topic) if topic else found


def _listed(content: Any, mapping: Mapping) -> list[Any]:
    if mapping.records is None:
        return content if isinstance(content, list) else [content]
    try:
        found = mapping.records.of(content)
    except ValueError as error:
        raise Invalid(f"records: {error}") from None
    if found is None:
        raise Invalid(f"records: {mapping.records.text} finds nothing in what came.")
    return found if isinstance(found, list) else [found]


def _parts(records: list[Any], size: int, after: int) -> Iterator[Block]:
    for first in range(after, len(records), size):
        part = records[first : first + size]
        until = first + len(part)
        yield Block(numbers=range(first + 1, until + 1), records=part, until=until, share=until / len(records))


def csv_blocks(lines: Iterable[str], form: Csv, *, size: int, after: int = 0) -> Iterator[Block]:
    """The rows of a CSV text. Rows of another width than the header are faults; Invalid where there is no header."""
    rows = csv.reader(lines, delimiter=form.delimiter)
    try:
        header = [each.strip() for each in next(rows, [])]
        if not any(header):
            raise Invalid("The file begins with no header: the names of its columns.")
        if twice := sorted({each for each in header if header.count(each) > 1}):
            raise Invalid(f"The header names a column twice: {', '.join(twice)}.")
        next(islice(rows, after, after), None)
        row = after + 1
        while part := list(islice(rows, size)):
            yield _table(header, part, row + 1, row - 1 + len(part))
            row += len(part)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Invalid(f"This is no CSV of the encoding {form.encoding}: {error}. See csv in the mapping.") from None


def _table(header: list[str], part: list[list[str]], first: int, until: int) -> Block:
    numbers: Any = range(first, first + len(part))
    faults: list[RowError] = []
    width = len(header)
    if any(len(each) != width for each in part):
        numbered = list(zip(numbers, part, strict=True))
        faults = [
            RowError(row=number, field="", message=f"has {len(each)} cells, where the header has {width}")
            for number, each in numbered
            if len(each) not in (0, width)
        ]
        good = [(number, each) for number, each in numbered if len(each) == width]
        numbers, part = [number for number, _ in good], [each for _, each in good]
    cells: Any = zip(*part, strict=True) if part else ((),) * width
    columns = dict(zip(header, map(list, cells), strict=True))
    return Block(numbers=numbers, columns=columns, faults=tuple(faults), until=until)


def jsonl_blocks(lines: Iterable[bytes], mapping: Mapping, *, size: int, after: int = 0) -> Iterator[Block]:
    """One JSON value, or one message of a known form, in each line. A line that is none is a fault, an empty
    one passed over."""
    iterator = iter(lines)
    next(islice(iterator, after, after), None)
    row = after
    while part := list(islice(iterator, size)):
        numbers, records, faults = list[int](), list[Any](), list[RowError]()
        for line in part:
            row += 1
            if not line.strip():
                continue
            try:
                content = orjson.loads(line)
                found = normalised(mapping.format, content) if mapping.format in NORMALISED else [content]
                records += found
                numbers += [row] * len(found)
            except orjson.JSONDecodeError as error:
                faults.append(RowError(row=row, field="", message=f"is not JSON: {error}"))
        yield Block(numbers=numbers, records=records, faults=tuple(faults), until=row)


def _parquet(path: Path, size: int, after: int) -> Iterator[Block]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(f"{path.name} is no Parquet file: {error}") from None
    with file:
        done = 0
        for batch in file.iter_batches(batch_size=size):
            last = done + batch.num_rows
            if last > after:
                part = batch.slice(max(0, after - done))
                first = max(done, after) + 1
                yield replace(_arrow_block(part, first), share=last / file.metadata.num_rows)
            done = last


def _arrow_block(batch: Any, first: int) -> Block:
    import pyarrow as pa

    columns = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        columns[name] = column.to_pylist()
    until = first - 1 + batch.num_rows
    return Block(numbers=range(first, until + 1), columns=columns, until=until)
