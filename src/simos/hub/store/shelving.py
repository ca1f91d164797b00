"""Writing beside the lake: what is touched of a moved day comes back first, what is deleted counts no more, days move.

Part of the write transaction. What is in files is never changed here.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Sequence

from simos.hub.store.rows import COLUMNS, Row
from simos.hub.store.session import Session
from simos.hub.store.shelves import DAY, LakeFile, LakePoint, Moved, Part, Place, Shelves, Span, Watch, part_of

_ALWAYS = (-(2**63), 2**63 - 1)
_BRING = (
    "INSERT INTO history (tenant, series, at, instance, number, got_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_GONE = (
    "INSERT INTO lake_gone (tenant, series, since, until, up_to) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (tenant, series, since, until) DO UPDATE SET up_to = excluded.up_to"
)
_NUMBER = (
    "INSERT INTO meta (name, value) VALUES ('lake_file', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_LET_GO = "DELETE FROM lake_gone WHERE tenant = ? AND series = ? AND since = ? AND until = ? AND up_to = ?"


class ShelvingTransaction:
    """The part of `Transaction` that knows of the lake."""

    _session: Session
    _shelves: Shelves

    def _before(self, places: Sequence[Row]) -> None:
        """To be called before history is written at these places, which begin with tenant, series, at."""
        shelves = self._shelves
        if shelves.watch is not None:
            for tenant in {place[0] for place in places}:
                shelves.touch(tenant, (place[2] for place in places if place[0] == tenant))
        if not shelves.until:
            return
        late: dict[str, list[Place]] = {}
        for place in places:
            if place[2] < shelves.until.get(place[0], _ALWAYS[0]):
                late.setdefault(place[0], []).append((place[1], place[2]))
        for tenant, each in late.items():
            self._bring_back(tenant, each)

    def _bring_back(self, tenant: str, places: list[Place]) -> None:
        """What lies in the lake at these places is in the database again, where from now on it counts."""
        source, parameters = self._session.keyed(("tenant", "series", "at"), [(tenant, *place) for place in places])
        on = "h.tenant = k.tenant AND h.series = k.series AND h.at = k.at"
        sql = f"SELECT h.series, h.at FROM {source} JOIN history h ON {on}"
        here = {(series, at) for series, at in self._session.rows(sql, parameters)}
        if rows := self._lying(tenant, [place for place in places if place not in here]):
            self._session.each(_BRING, [(tenant, *row) for row in sorted(rows)])

    def _lying(self, tenant: str, places: Sequence[Place]) -> list[LakePoint]:
        """What the lake holds at these places."""
        lake = self._shelves.lake
        if lake is None or not places:
            return []
        times = [at for _, at in places]
        part = self._part(tenant, {series for series, _ in places}, since=min(times), until=max(times) + 1)
        return lake.at(part, places) if part else []

    def _part(self, tenant: str, series: Iterable[int], *, since: int, until: int) -> Part:
        sql = f"SELECT id, shelf FROM series WHERE tenant = ? AND id {self._session.any_of} AND shelf IS NOT NULL"
        shelved: dict[int, str] = dict(self._session.rows(sql, (tenant, self._session.listed(sorted(series)))))
        return part_of(self._session, tenant, shelved, since=since, until=until)

    def _forget_in_lake(self, tenant: str, series: Sequence[int], at: int | None = None) -> bool:
        """The lake's instances of these series (at `at`, or all) count no more; False where there were none."""
        if self._shelves.watch is not None and self._shelves.watch.tenant == tenant:
            self._shelves.watch.touched = True
        lake = self._shelves.lake
        if lake is None or not series or tenant not in self._shelves.until:
            return False
        since, until = _ALWAYS if at is None else (at, at + 1)
        part = self._part(tenant, series, since=since, until=until)
        if not part:
            return False
        if at is None:
            there = set(self._bearing(part, series))
        else:
            there = {row[0] for row in lake.at(part, [(each, at) for each in series])}
        number = self._last_number()
        if there:
            self._session.each(_GONE, [(tenant, each, since, until, number) for each in sorted(there)])
        return bool(there)

    def _bearing(self, part: Part, series: Sequence[int]) -> list[int]:
        lake = self._shelves.lake
        return lake.bearing(part, series, Span("", *_ALWAYS)) if lake is not None else []

    def _last_number(self) -> int:
        found = self._session.rows("SELECT value FROM meta WHERE name = 'lake_file'")
        return int(found[0][0]) if found else 0

    def name_shelves(self, tenant: str, shelves: Sequence[tuple[int, str]]) -> None:
        """The type under which each of these series lies in the lake, for ever."""
        named = [(shelf, tenant, series) for series, shelf in shelves]
        self._session.each("UPDATE series SET shelf = ? WHERE tenant = ? AND id = ? AND shelf IS NULL", named)

    def begin_move(self, tenant: str, day: int) -> int:
        """The number of a new file, which begins to be written: from now on it is watched whether that day is
        touched."""
        number = self._last_number() + 1
        self._session.each(_NUMBER, [(str(number),)])
        self._shelves.watch = Watch(tenant=tenant, since=day, until=day + DAY)
        self._shelves.until[tenant] = max(day + DAY, self._shelves.until.get(tenant, day))
        return number

    def shelve(self, moved: Moved) -> bool:
        """What was written into a file is no longer in the database, and the file counts. False, and nothing is
        changed, where the day was touched since `begin_move`: then it is to be written again."""
        watch, self._shelves.watch = self._shelves.watch, None
        tenant, day = moved.tenant, moved.day
        if watch is None or watch.touched or (watch.tenant, watch.since) != (tenant, day):
            return False
        delete = "DELETE FROM history WHERE tenant = ? AND series = ? AND at >= ? AND at < ?"
        rows = [(tenant, series, day, day + DAY) for series, _ in moved.taken]
        gone = self._session.each(delete, rows) if rows else 0
        if gone != (taken := sum(count for _, count in moved.taken)):
            raise RuntimeError(f"{taken} instances were written into the lake, and {gone} are in the database")
        self._drop(moved.replaced)
        if moved.file is not None:
            row = tuple(getattr(moved.file, column) for column in COLUMNS["lake_file"])
            self._session.insert("lake_file", [row])
        return True

    def _drop(self, files: Sequence[LakeFile]) -> None:
        delete = "DELETE FROM lake_file WHERE tenant = ? AND type = ? AND day = ? AND file = ?"
        if files:
            self._session.each(delete, [(each.tenant, each.type, each.day, each.file) for each in files])

    def drop_files(self, files: Sequence[LakeFile]) -> None:
        """These count no more, with all that is in them."""
        self._drop(files)

    def let_go(self, tenant: str, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """What was deleted (series, since, until, up to which file) is in no file any more."""
        if rows:
            self._session.each(_LET_GO, [(tenant, *row) for row in rows])

    def expire_history(self, tenant: str, series: Sequence[int], before: int) -> int:
        """Instances and deletions of these series before that time are gone from the database; how many."""
        gone = 0
        for table in ("history", "deletion"):
            delete = f"DELETE FROM {table} WHERE tenant = ? AND series = ? AND at < ?"
            gone += self._session.each(delete, [(tenant, each, before) for each in series]) if series else 0
        return gone
