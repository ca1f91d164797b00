"""Facilities and recorded counts as CSV files, gzipped or not, read row by row.

Knows files, not the register nor the hub.
"""

import csv
import gzip
import io
import itertools
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from simos.kernel.errors import Invalid, RowError
from simos.modules.mobility.parking.rules.cells import CODE, CODE_FORM
from simos.modules.mobility.parking.rules.rows import SURPLUS, NumberedRow, columns_in, facts_of

COUNT_COLUMNS = ("timestamp_utc", "place_id", "free")
FREE_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class CountRow:
    """So many spaces were free at `at` (aware UTC) in facility `code`. `number` counts rows, the header is 1."""

    number: int
    at: datetime
    code: str
    free: int


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file as text (UTF-8), unpacked where its name ends in .gz; Invalid where it cannot be read as that."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as packed:
            yield io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name} is not UTF-8 (a spreadsheet saves that as 'CSV UTF-8'): {error}") from None
    except (gzip.BadGzipFile, zlib.error, EOFError, csv.Error) as error:
        raise Invalid(f"{path.name} cannot be read: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A CSV file with a header. Each row bears its number as a spreadsheet shows it, the header being 1."""

    header: tuple[str, ...]
    rows: tuple[NumberedRow, ...]


def table_in(path: Path) -> TableFile:
    """The whole file; `,` or `;` between the cells, as spreadsheets of either custom write. Empty rows are passed over.

    A row with too few cells has empty ones, one with too many bears them under SURPLUS. Invalid where it cannot be
    read at all.
    """
    with opened(path) as file:
        first = file.readline()
        delimiter = ";" if first.count(";") > first.count(",") else ","
        lines = csv.reader(itertools.chain([first], file), delimiter=delimiter)
        header, *rows = [tuple(cells) for cells in lines] or [()]
    numbered = ((number, _by_column(header, cells)) for number, cells in enumerate(rows, start=2))
    return TableFile(header=header, rows=tuple(each for each in numbered if any(map(str.strip, each[1].values()))))


def _by_column(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    surplus = ", ".join(filter(None, map(str.strip, cells[len(header) :])))
    return row | {SURPLUS: surplus} if surplus else row


def counts_in(path: Path, *, since: datetime, until: datetime) -> Iterator[CountRow | RowError]:
    """The rows of [since, until) in the file's order; a RowError for each row that is no count. Invalid for another
    kind of file."""
    day = timedelta(days=1)  # either side, for times that are not given in UTC
    first, last = (since - day).date().isoformat(), (until + day).date().isoformat()
    with opened(path) as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if tuple(name.strip() for name in header) != COUNT_COLUMNS:
            raise Invalid(f"{path.name} has the columns {','.join(header)}; needed are {','.join(COUNT_COLUMNS)}")
        for number, cells in enumerate(reader, start=2):
            # Text compares like time here; most of a year's file is passed over without being understood.
            if cells and len(cells[0]) >= 10 and cells[0][4:5] == "-" and not first <= cells[0][:10] <= last:
                continue
            row = _row(number, cells)
            if isinstance(row, RowError) or since <= row.at < until:
                yield row


@dataclass(slots=True)
class Series:
    """Counts by facility in order of time: seconds since 1970 and free spaces, 64 bits each. A row that is no count is
    left out; the first few reasons are kept."""

    series: dict[str, tuple["array[int]", "array[int]"]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    left_out: int = 0


KEPT_ERRORS = 20
ALL_TIME = {"since": datetime(1970, 1, 2, tzinfo=UTC), "until": datetime(2200, 1, 1, tzinfo=UTC)}


def counted_in(path: Path) -> Series:
    """All counts of the file. Where two stand for one instant, the later row holds."""
    found = Series()
    unordered: set[str] = set()
    for row in counts_in(path, **ALL_TIME):
        if isinstance(row, RowError):
            found.left_out += 1
            found.errors.extend([row] if len(found.errors) < KEPT_ERRORS else [])
            continue
        times, free = found.series.setdefault(row.code, (array("q"), array("q")))
        second = int(row.at.timestamp())
        if times and second < times[-1]:
            unordered.add(row.code)
        times.append(second)
        free.append(row.free)
    for code in unordered:
        times, free = found.series[code]
        order = sorted(range(len(times)), key=times.__getitem__)  # stable: rows of one instant keep their order
        found.series[code] = (array("q", (times[each] for each in order)), array("q", (free[each] for each in order)))
    return found


def _row(number: int, cells: Sequence[str]) -> CountRow | RowError:
    if len(cells) != len(COUNT_COLUMNS):
        return RowError(number, "", f"has {len(cells)} cells, not {len(COUNT_COLUMNS)}")
    stamp, code, free = cells
    try:
        given = datetime.fromisoformat(stamp)
        at = given.astimezone(UTC)
    except (ValueError, OverflowError):
        return RowError(number, "timestamp_utc", "a time such as 2025-09-01T06:05Z is needed", stamp)
    if given.tzinfo is None:
        return RowError(number, "timestamp_utc", "the time needs its zone, such as Z", stamp)
    if not CODE.fullmatch(code):
        return RowError(number, "place_id", CODE_FORM, code)
    if not (free.isascii() and free.isdigit()) or len(free) > 6 or int(free) > FREE_LIMIT:
        return RowError(number, "free", f"a whole number from 0 to {FREE_LIMIT} is needed", free)
    return CountRow(number, at, code, int(free))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The facilities of one place in a facilities file, and the beginnings of codes that are that place's alone.

    `rows` hold the file's own columns. A source's counts may name facilities that the facilities file does not.
    """

    header: tuple[str, ...]
    rows: tuple[NumberedRow, ...]
    codes: frozenset[str]
    sources: frozenset[str]

    def has(self, code: str) -> bool:
        """Whether a facility belongs to the place: the file says so, or its source counts in no other place."""
        return code in self.codes or any(code == source or code.startswith(f"{source}-") for source in self.sources)


def recorded_at(path: Path, place: str) -> Recorded:
    """The part of a facilities file whose `city_name` is `place` (case does not matter); all of it where there is no
    such column. Invalid, naming the places there are, where nothing is left."""
    table = table_in(path)
    if "city_name" not in table.header:
        ours = table.rows
    else:
        ours = tuple(each for each in table.rows if each[1]["city_name"].casefold() == place.casefold())
    if not ours:
        places = sorted({row["city_name"] for _, row in table.rows if "city_name" in row})
        raise Invalid(f"{path.name} has no facilities of {place!r}; it has {', '.join(places[:20]) or 'none'}")
    numbers = {number for number, _ in ours}
    theirs = [each for each in table.rows if each[0] not in numbers]
    return Recorded(
        header=table.header,
        rows=ours,
        codes=frozenset(_codes_in(ours) - _codes_in(theirs)),
        sources=frozenset(_sources_in(ours) - _sources_in(theirs)),
    )


def _codes_in(rows: Iterable[NumberedRow]) -> set[str]:
    return {row.get("place_id") or row.get("code") or "" for _, row in rows} - {""}


def _sources_in(rows: Iterable[NumberedRow]) -> set[str]:
    return {row.get("source_id") or "" for _, row in rows} - {""}


def capacities_in(table: TableFile) -> tuple[Mapping[str, int], Sequence[RowError]]:
    """The capacities that a facilities file gives, by code, and its rows that are no facility."""
    columns = columns_in(table.header)
    rows = [facts_of(row, columns, number) for number, row in table.rows]
    given = {row.facts.code: row.facts.capacity for row in rows if row.facts and row.facts.capacity}
    return given, [error for row in rows for error in row.errors]


def places_of(table: TableFile, codes: Iterable[str]) -> Mapping[str, str]:
    """Each facility's place: as the file says by `city_name`; of one that it does not name, the place of its source,
    where that counts in one place only; else "other"."""
    said = {row.get("place_id") or row.get("code") or "": row.get("city_name", "") for _, row in table.rows}
    by_source: dict[str, set[str]] = {}
    for _, row in table.rows:
        by_source.setdefault(row.get("source_id", ""), set()).add(row.get("city_name", ""))
    sources = {source: min(places) for source, places in by_source.items() if source and len(places) == 1}

    def place_of(code: str) -> str:
        named = [source for source in sources if code == source or code.startswith(f"{source}-")]
        return said.get(code) or sources.get(max(named, key=len, default=""), "") or "other"

    return {code: place_of(code) for code in codes}
