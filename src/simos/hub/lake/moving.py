"""Moving older days of history into the lake, and what the lake holds into better files. Blocks: for a thread.

A day moves in parts: written into a file beside everything, then in one transaction the file counts and the rows are
gone. Whoever breaks off in between leaves a file that does not count, which is swept away. A part that is touched
meanwhile stays where it is, until the next time.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from simos.hub.lake.child import Child
from simos.hub.lake.layout import path_in
from simos.hub.store.base import Store, Transaction
from simos.hub.store.shelves import DAY, Gone, LakeFile, Moved, Oldest
from simos.kernel.clock import now

log = logging.getLogger(__name__)

INSTANCES = 150_000
"""In one file, about: so many rows are deleted in one transaction."""

GRACE_SECONDS = 600.0
"""For which a file that was replaced stays for those who are reading it."""

T = TypeVar("T")
Run = Callable[[Callable[[Transaction], T]], T]
"""Does something in a transaction, in the turn of the store's one writer."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What one run did. `put_off`: parts that were written to meanwhile."""

    days: set[tuple[str, str, int]] = field(default_factory=set)
    files: int = 0
    instances: int = 0
    bytes: int = 0
    put_off: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Some series of one day and type, with the files that hold them already."""

    series: tuple[int, ...]
    before: tuple[LakeFile, ...] = ()


class Mover:
    """Of one store, whose only mover it is. `run`: see Run; `declared`: types (full names) with how many microseconds
    their history is kept, None for ever."""

    def __init__(self, store: Store, url: str, folder: Path, run: Run[Any], declared: Mapping[str, int | None]) -> None:
        self._store, self._folder, self._run, self._declared = store, folder, run, declared
        self._writing = Child("simos.hub.lake.writing", {"url": url})
        self._replaced: dict[Path, float] = {}
        self._stopping = False

    def stop(self) -> None:
        """What is under way is finished; nothing more is begun."""
        self._stopping = True

    def close(self) -> None:
        self._writing.close()

    def move(self, before: int) -> Told:
        """Days that ended by `before` are in the lake; what was corrected, came late or was deleted of days that moved
        earlier is put in order."""
        told = Told()
        self.sweep()
        for tenant in sorted({"", *self._store.reader.tenants()}):
            self._move_days(tenant, before // DAY * DAY, told)
            self._put_in_order(tenant, told)
        self.sweep()
        return told

    def _move_days(self, tenant: str, before: int, told: Told) -> None:
        tried: set[tuple[int, str]] = set()
        while oldest := self._store.reader.oldest(tenant, before):
            oldest = self._shelve_new(tenant, oldest)
            if self._stopping:
                return
            units = {(each.at // DAY * DAY, each.shelf or "") for each in oldest} - tried
            if not units:
                return  # what is left was touched meanwhile
            first = min(day for day, _ in units)
            for day, shelf in sorted(units):
                if day == first:
                    tried.add((day, shelf))
                    self._move_unit(tenant, shelf, day, told)

    def _shelve_new(self, tenant: str, oldest: Sequence[Oldest]) -> list[Oldest]:
        """Each with the type under which it lies from now on: the first of its types that is declared, or else the
        first."""
        new = [each for each in oldest if each.shelf is None]
        types = self._store.reader.types_of(tenant, [each.entity for each in new]) if new else {}
        shelves = {each.series: self._shelf_for(orjson.loads(types.get(each.entity, "[]"))) for each in new}
        if shelves:
            named = sorted(shelves.items())
            self._run(lambda transaction: transaction.name_shelves(tenant, named))
        return [each._replace(shelf=shelves.get(each.series, each.shelf)) for each in oldest]

    def _shelf_for(self, types: Sequence[str]) -> str:
        return next((each for each in types if each in self._declared), types[0] if types else "")

    def _move_unit(self, tenant: str, shelf: str, day: int, told: Told) -> None:
        counts = self._store.reader.counts(tenant, shelf, day)
        files = [each for each in self._store.reader.lake_files(tenant) if (each.type, each.day) == (shelf, day)]
        for piece in _pieces(counts, files):
            if self._stopping:
                return
            self._move_piece(tenant, shelf, day, piece, told)

    def _move_piece(self, tenant: str, shelf: str, day: int, piece: _Piece, told: Told) -> None:
        number: int = self._run(lambda transaction: transaction.begin_move(tenant, day))
        planned = LakeFile(
            tenant=tenant, file=number, type=shelf, day=day, series_from=0, series_to=0, instances=0, bytes=0
        )
        path = path_in(self._folder.absolute(), planned)
        found = self._writing.ask(
            {
                "tenant": tenant,
                "day": day,
                "series": piece.series,
                "before": [(each.file, str(path_in(self._folder.absolute(), each))) for each in piece.before],
                "gone": [
                    [*row] for row in self._store.reader.lake_gone(tenant)
                ],  # what is deleted later than this is seen by the watch
                "path": str(path),
            }
        )
        file = None
        if found["instances"]:
            sizes = {name: found[name] for name in ("series_from", "series_to", "instances", "bytes")}
            file = LakeFile(tenant=tenant, file=number, type=shelf, day=day, **sizes)
        moved = Moved(tenant=tenant, day=day, taken=found["taken"], replaced=piece.before, file=file)
        if not self._run(lambda transaction: transaction.shelve(moved)):
            path.unlink(missing_ok=True)
            told.put_off += 1
            return
        for each in piece.before:
            self._replaced[path_in(self._folder, each)] = time.monotonic()
        told.days.add((tenant, shelf, day))
        told.files += 1
        told.instances += sum(count for _, count in found["taken"])
        told.bytes += file.bytes if file is not None else 0

    def _put_in_order(self, tenant: str, told: Told) -> None:
        """What was deleted is in no file any more."""
        gone = self._store.reader.lake_gone(tenant)
        if not gone:
            return
        touched = [each for each in self._store.reader.lake_files(tenant) if any(_is_in(each, row) for row in gone)]
        for file in touched:
            if self._stopping:
                return
            in_database = self._store.reader.counts(tenant, file.type, file.day)
            series = tuple(number for number, _ in in_database if file.series_from <= number <= file.series_to)
            self._move_piece(tenant, file.type, file.day, _Piece(series=series, before=(file,)), told)
        left = self._store.reader.lake_files(tenant)
        done = [row for row in gone if not any(_is_in(file, row) for file in left)]
        self._run(lambda transaction: transaction.let_go(tenant, done))

    def expire(self, at: int) -> int:
        """History of declared types that is older at `at` than it is kept is gone, in whole days; how many rows and
        files that were."""
        gone = 0
        for shelf, kept in self._declared.items():
            if kept is None:
                continue
            before = (at - kept) // DAY * DAY
            for tenant in sorted({"", *self._store.reader.tenants()}):
                gone += self._expire(tenant, shelf, before)
        return gone

    def _expire(self, tenant: str, shelf: str, before: int) -> int:
        oldest = self._shelve_new(tenant, self._store.reader.oldest(tenant, before))
        series = [each.series for each in oldest if each.shelf == shelf]
        gone = 0
        for some in _parts(series, 100):
            gone += self._run(partial(_expire_history, tenant=tenant, series=some, before=before))
        shelved = self._store.reader.shelved(tenant, shelf)
        self._run(lambda transaction: transaction.expire_hours(tenant, shelved, before))
        files = [each for each in self._store.reader.lake_files(tenant) if each.type == shelf and each.day < before]
        if files:
            self._run(lambda transaction: transaction.drop_files(files))
            self._replaced |= {path_in(self._folder, each): time.monotonic() for each in files}
        return gone + len(files)

    def sweep(self) -> None:
        """No file lies about that does not count, but for those that may still be read."""
        at = time.monotonic()
        self._replaced = {path: since for path, since in self._replaced.items() if at - since < GRACE_SECONDS}
        if not self._folder.is_dir() or is_held(self._folder):
            return
        counting = {path_in(self._folder, each) for each in self._store.reader.lake_files()}
        for path in self._folder.glob("tenant=*/type=*/day=*/*.parquet*"):
            if path not in counting and path not in self._replaced:
                path.unlink()
        for path in self._folder.glob("tenant=*/type=*/day=*/.*.part"):
            path.unlink()
        for folder in self._folder.glob("tenant=*/type=*/day=*"):
            if not any(folder.iterdir()):
                folder.rmdir()


HELD = ".held"
"""While this file lies in the lake's folder nothing is taken away: somebody copies it."""

HELD_SECONDS = 86_400.0
"""After which whoever held it is taken for dead."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nothing is taken away from the lake for the length of the block, which copies the hub's store first."""
    if not folder.is_dir():
        yield
        return
    (folder / HELD).touch()
    try:
        yield
    finally:
        (folder / HELD).unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    sign = folder / HELD
    return sign.exists() and now().timestamp() - sign.stat().st_mtime < HELD_SECONDS


def _expire_history(transaction: Transaction, *, tenant: str, series: Sequence[int], before: int) -> int:
    return transaction.expire_history(tenant, series, before)


def _is_in(file: LakeFile, row: Gone) -> bool:
    """Whether the file may hold what was deleted."""
    within = row.since < file.day + DAY and file.day < row.until
    return file.file <= row.up_to and within and file.series_from <= row.series <= file.series_to


def _pieces(counts: Sequence[tuple[int, int]], files: Iterable[LakeFile]) -> Iterator[_Piece]:
    """The series cut into pieces, so that afterwards again no two files hold the same series. Those between two files
    go with the one before; those behind the last, and before the first, are pieces of their own."""
    bounds = sorted(files, key=lambda file: file.series_from)
    inside: dict[int, list[int]] = {}
    free: list[tuple[int, int]] = []
    for series, count in counts:
        place = max((n for n, file in enumerate(bounds) if file.series_from <= series), default=-1)
        if place < 0 or (place == len(bounds) - 1 and series > bounds[-1].series_to):
            free.append((series, count))
        else:
            inside.setdefault(place, []).append(series)
    for place, some in inside.items():
        yield _Piece(series=tuple(some), before=(bounds[place],))
    piece, size, edge = list[int](), 0, bounds[0].series_from if bounds else 0
    for series, count in free:
        crossing = bool(piece) and bool(bounds) and piece[-1] < edge < series
        if piece and (size + count > INSTANCES or crossing):
            yield _Piece(series=tuple(piece))
            piece, size = [], 0
        piece.append(series)
        size += count
    if piece:
        yield _Piece(series=tuple(piece))


def _parts(series: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (series[start : start + size] for start in range(0, len(series), size))
