"""What the store knows of the lake, where older days of history lie in files: which files, and how they are asked.

The store says which files count, in the transaction in which it reads; what is in them is the lake's to say. A file
that was written is never changed: another takes its place.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from simos.hub.store.rows import COLUMNS, Row
from simos.hub.store.session import Session

DAY = 86_400_000_000
"""Microseconds of a day, which always begins at midnight UTC."""

LakePoint = tuple[int, int, str, float | None, int | None, int | None]
"""series, at, instance, number, got_at, changed_at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeFile:
    """One file: `instances` of the series from `series_from` to `series_to` in one day. No two files of a type and day
    hold the same series. `file`: its number, later ones are higher; `type`: under which its series lie for ever."""

    tenant: str
    file: int
    type: str
    day: int
    series_from: int
    series_to: int
    instances: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Instances of one day and type that have been written into a file. `taken`: how many of each series came from the
    database; `replaced`: files whose instances are in `file` too. `file` None: nothing is left."""

    tenant: str
    day: int
    taken: Sequence[tuple[int, int]]
    replaced: Sequence[LakeFile] = ()
    file: LakeFile | None = None


class Gone(NamedTuple):
    """Instances in [since, until) that were deleted, but are still in files numbered up to `up_to`."""

    series: int
    since: int
    until: int
    up_to: int


class Span(NamedTuple):
    """Microseconds of [since, until), in time `time` (as in HistoryQuery)."""

    time: str
    since: int
    until: int


class Oldest(NamedTuple):
    """A series with the time of its oldest instance in the database. `shelf`: the type under which it lies, if any."""

    series: int
    entity: str
    shelf: str | None
    at: int


Place = tuple[int, int]
"""(series, at)."""


class Periods(NamedTuple):
    """Of `width` microseconds, counted by series from its origin on; width None: all in one, whose number is 0."""

    origins: Mapping[int, int]
    width: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The files that hold what is wanted, and what does not count of them."""

    files: Sequence[LakeFile]
    gone: Sequence[Gone] = ()

    def __bool__(self) -> bool:
        return bool(self.files)


Parcels = dict[str, list[Any]]
"""What is summed up of one series, by name of the sum one figure for each of its periods, which are in order.

`period`: its number; `count`: of instances; `numbers`: of those that are numbers, of which `total`, `least`, `most`,
`sumsq` (sum of squares) and `squares` (of the deviations from the mean); `first`, `last`: times of instances.
"""


class Lake(Protocol):
    """Answers of files. Safe to use from several threads; Unavailable where they cannot be read."""

    def points(
        self,
        part: Part,
        series: Sequence[int],
        span: Span,
        *,
        first: int | None = None,
        last: int | None = None,
        without: Sequence[Place] = (),
    ) -> dict[int, list[LakePoint]]:
        """By series its instances in order of the time that is asked by: all, or so many oldest or newest."""
        ...

    def at(self, part: Part, places: Sequence[Place]) -> list[LakePoint]:
        """The instances at these places that there are."""
        ...

    def bearing(self, part: Part, series: Sequence[int], span: Span, *, without: Sequence[Place] = ()) -> list[int]:
        """Those that have an instance."""
        ...

    def newest(
        self, part: Part, series: Sequence[int], span: Span, *, without: Sequence[Place] = ()
    ) -> dict[int, tuple[int, str, float | None, int]]:
        """By series that has an instance: time, instance and number of the newest, and the least time asked by."""
        ...

    def parcels(
        self, part: Part, periods: Periods, span: Span, *, sums: Sequence[str], without: Sequence[Place] = ()
    ) -> dict[int, Parcels]:
        """By series what its instances sum up to; `period` and `sums` are told."""
        ...

    def texts(
        self, part: Part, periods: Periods, span: Span, *, members: Mapping[int, str], without: Sequence[Place] = ()
    ) -> dict[int, list[tuple[int, str]]]:
        """By series with their period the different values, as JSON, of the member that is named for it."""
        ...


class ShelfReader(Protocol):
    """What a reader tells whoever moves days."""

    def oldest(self, tenant: str, before: int) -> Sequence[Oldest]:
        """The series that have an instance before that time in the database itself."""
        ...

    def types_of(self, tenant: str, ids: Sequence[str]) -> dict[str, str]:
        """The types, as JSON, of those entities that have a present or a past."""
        ...

    def counts(self, tenant: str, shelf: str, day: int) -> Sequence[tuple[int, int]]:
        """Series of a type of the lake with how many instances of a day the database holds, in order."""
        ...

    def day_of(
        self, tenant: str, series: Sequence[int], day: int
    ) -> tuple[list[LakePoint], dict[int, tuple[Any, ...]]]:
        """What the database holds of these series in a day, in order; and of each entity, attribute and dataset."""
        ...

    def lake_files(self, tenant: str | None = None) -> Sequence[LakeFile]:
        """Files of the lake that count: of one tenant, or of every one."""
        ...

    def shelved(self, tenant: str, shelf: str) -> Sequence[int]:
        """The series that lie under this type."""
        ...

    def lake_gone(self, tenant: str) -> Sequence[Gone]:
        """What was deleted of the lake, and is still in files."""
        ...


class ShelfWriter(Protocol):
    """What a transaction does for whoever moves days."""

    def name_shelves(self, tenant: str, shelves: Sequence[tuple[int, str]]) -> None:
        """The type under which each of these series lies in the lake, for ever."""
        ...

    def begin_move(self, tenant: str, day: int) -> int:
        """The number of a new file of the lake; from now on it is watched whether that day is touched."""
        ...

    def shelve(self, moved: Moved) -> bool:
        """What was written into a file is no longer in the database, and the file counts. False, and nothing is
        changed, where the day was touched since `begin_move`."""
        ...

    def roll(self, tenant: str, series: int, until: int) -> bool:
        """Hours before `until` (a full hour) that are not summed up, or were written to since, are: some of them.
        Whether there are more."""
        ...

    def expire_hours(self, tenant: str, series: Sequence[int], before: int) -> None:
        """No hour of these before that time is summed up."""
        ...

    def drop_files(self, files: Sequence[LakeFile]) -> None:
        """These count no more, with all that is in them."""
        ...

    def let_go(self, tenant: str, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """What was deleted (see `Gone`) is in no file any more."""
        ...

    def expire_history(self, tenant: str, series: Sequence[int], before: int) -> int:
        """Instances and deletions of these series before that time are gone from the database; how many."""
        ...


@dataclass(slots=True, kw_only=True)
class Watch:
    """Whether anything of these days was written since the watch began."""

    tenant: str
    since: int
    until: int
    touched: bool = False


@dataclass(slots=True)
class Shelves:
    """What the reader and the writer of one store share of the lake. `until`: by tenant the end of the newest day that
    has files, for the one process that writes. `watch`: kept by whoever moves a day."""

    lake: Lake | None = None
    until: dict[str, int] = field(default_factory=dict)
    watch: Watch | None = None
    wished: set[tuple[str, int]] | None = None
    """Series (with their tenant) whose hours should be summed up; None where nobody does that here."""

    rolled: dict[tuple[str, int], int] | None = None
    """By tenant and series until when its hours are summed up; None where that is still to be read."""
    known: bool = False

    def know(self, session: Session) -> None:
        """`until` is as the database says, from the first transaction on."""
        if self.lake is not None and not self.known:
            self.until, self.known = until_of(session), True

    def touch(self, tenant: str, times: Iterable[int]) -> None:
        """To be called with the times of what is written or deleted."""
        watch = self.watch
        if watch is not None and watch.tenant == tenant and not watch.touched:
            watch.touched = any(watch.since <= at < watch.until for at in times)


_FILES = f"SELECT {', '.join(COLUMNS['lake_file'])} FROM lake_file WHERE tenant = ?"


def file_of(row: Row) -> LakeFile:
    return LakeFile(**dict(zip(COLUMNS["lake_file"], row, strict=True)))


def part_of(session: Session, tenant: str, shelved: Mapping[int, str | None], *, since: int, until: int) -> Part:
    """The files that may hold instances of [since, until) of these series, which lie in the lake under the types."""
    types = sorted({each for each in shelved.values() if each is not None})
    if not types:
        return Part(files=())
    where = f"{_FILES} AND type {session.any_of} AND day > ? AND day < ? ORDER BY type, day, series_from"
    since, until = max(since, -(2**62)), min(until, 2**62)
    rows = session.rows(where, (tenant, session.listed(types), since - DAY, until))
    files = [file for file in map(file_of, rows) if _holds_any(file, shelved)]
    return Part(files=files, gone=gone_of(session, tenant, shelved) if files else ())


def _holds_any(file: LakeFile, shelved: Mapping[int, str | None]) -> bool:
    if len(shelved) > 100:  # looked through one by one that costs more than a file too many
        return True
    return any(file.series_from <= each <= file.series_to and file.type == type_ for each, type_ in shelved.items())


def gone_of(session: Session, tenant: str, series: Iterable[int] | None = None) -> list[Gone]:
    """What was deleted of the lake and is still in files, of these series."""
    rows = session.rows("SELECT series, since, until, up_to FROM lake_gone WHERE tenant = ?", (tenant,))
    wanted = None if series is None else set(series)
    return [Gone(*row) for row in rows if wanted is None or row[0] in wanted]


def until_of(session: Session) -> dict[str, int]:
    """By tenant the end of its newest day in the lake."""
    return {tenant: day + DAY for tenant, day in session.rows("SELECT tenant, max(day) FROM lake_file GROUP BY tenant")}


def files_of(session: Session, tenant: str | None = None) -> list[LakeFile]:
    """All files, of one tenant or of every one."""
    listed: Any = _FILES if tenant is not None else _FILES.removesuffix(" WHERE tenant = ?")
    return [file_of(row) for row in session.rows(listed, () if tenant is None else (tenant,))]
