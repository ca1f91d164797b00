"""How entities evolved, in SQL that both databases understand: points, who has any, aggregates by period.

Where older days lie in the lake, what it tells is put together with what the database holds; that wins, since what is
corrected or comes late goes there.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from simos.hub.store.aggregating import ONLY, TIME, InTheLake, aggregated
from simos.hub.store.base import AggregateQuery, Aggregates, EvolutionQuery, HistoryQuery
from simos.hub.store.rollups import MANY, from_hours, is_stale, may_be_rolled, rolled_until
from simos.hub.store.rows import COLUMNS, Row, json_text, past_of
from simos.hub.store.session import Session, Sessions
from simos.hub.store.shelves import DAY, Part, Place, Shelves, Span, part_of
from simos.hub.values import Past, Point
from simos.kernel.clock import micros_of, now

POINTS_AT_ONCE = 10_000
"""Points of one series read in one go: a reader of years holds no more than that."""

SERIES_AT_ONCE = 1000
"""Series for which the lake is asked in one go."""

_FIRST, _LAST = -(2**63), 2**63 - 1
_PAST = COLUMNS["past"]
_LIKE = str.maketrans({"!": "!!", "%": "!%", "_": "!_"})


class SqlEvolution:
    """The part of `Reader` that is about time."""

    _sessions: Sessions
    _shelves: Shelves

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        with self._sessions.lent() as session:
            return session.rows(sql, parameters)

    @contextmanager
    def _moment(self) -> Iterator[Session]:
        """A session whose reads all see the database as it is now: a day that moves meanwhile is seen here or there."""
        with self._sessions.lent() as session:
            session.rows(session.snapshot)
            try:
                yield session
            finally:
                session.rows("COMMIT")

    def history(self, query: HistoryQuery) -> Iterator[Point]:
        """Holds nothing open between two points: the one who asks may take his time."""
        bounded = query.first is not None or query.last is not None or TIME[query.time] != "at"
        for some in _parts(self._series(query), SERIES_AT_ONCE if bounded else 1):
            told = self._told(query, some) if bounded and query.time != "deletedAt" else {}
            for each in some:
                living = (
                    iter(told.get(each[3], ())) if bounded or query.time == "deletedAt" else self._paged(query, each)
                )
                yield from self._of_series(query, each, living)

    def _of_series(self, query: HistoryQuery, each: Row, living: Iterable[Row]) -> Iterator[Point]:
        entity, attribute, dataset, series, _ = each
        gone = list(self._deleted(query, series)) if query.deletions or query.time == "deletedAt" else []
        rows = _in_order(living, gone) if gone else living
        for at, instance, number, got_at, changed_at in rows:
            yield Point(
                tenant=query.tenant,
                entity=entity,
                attribute=attribute,
                dataset=dataset,
                series=series,
                at=at,
                instance=instance.encode(),
                number=number,
                got_at=got_at,
                changed_at=None if changed_at == _FIRST else changed_at,
                deleted=changed_at == _FIRST,
            )

    def _series(self, query: HistoryQuery) -> list[Row]:
        with self._sessions.lent() as session:
            sql = (
                f"SELECT entity, attribute, dataset, id, shelf FROM series WHERE tenant = ? AND entity {session.any_of}"
            )
            parameters = [query.tenant, session.listed(query.entities)]
            for column, wanted in (("attribute", query.attributes), ("dataset", query.datasets)):
                if wanted:
                    sql += f" AND {column} {session.any_of}"
                    parameters.append(session.listed(wanted))
            return session.rows(f"{sql} ORDER BY entity, attribute, dataset", parameters)

    def _paged(self, query: HistoryQuery, each: Row) -> Iterator[Row]:
        """All of one series, by `at`."""
        page = replace(query, first=POINTS_AT_ONCE)
        full = True
        while full:
            rows = self._told(page, [each]).get(each[3], [])
            yield from rows
            if full := len(rows) == POINTS_AT_ONCE:
                page = replace(page, since=rows[-1][0] + 1)

    def _told(self, query: HistoryQuery, some: Sequence[Row]) -> dict[int, list[Row]]:
        """By series the instances that are asked for: in the database, and in the lake."""
        span = Span(query.time, *_span(query))
        with self._moment() as session:
            told = {each[3]: _stored(session, query, each[3]) for each in some}
            part = self._part(session, query.tenant, some, span)
            without = _without(session, query.tenant, part, some) if part and TIME[query.time] != "at" else []
        lake = self._shelves.lake
        if part and lake is not None:
            series = [each[3] for each in some if each[4] is not None]
            lying = lake.points(part, series, span, first=query.first, last=query.last, without=without)
            for number, points in lying.items():
                told[number] = _put_together(told[number], points, query)
        return told

    def _part(self, session: Session, tenant: str, some: Iterable[Row], span: Span) -> Part:
        """The files of the lake that may hold something of these series."""
        if self._shelves.lake is None:
            return Part(files=())
        by_day = TIME[span.time] == "at"
        shelved = {each[3]: each[4] for each in some}
        since, until = (span.since, span.until) if by_day else (_FIRST, _LAST)
        return part_of(session, tenant, shelved, since=since, until=until)

    def _deleted(self, query: HistoryQuery, series: int) -> Iterator[Row]:
        """Marked by a change before all time, which no other point has."""
        sql = "SELECT at, instance FROM deletion WHERE tenant = ? AND series = ? AND at >= ? AND at < ? ORDER BY at"
        for at, instance in self._rows(sql, (query.tenant, series, *_span(query))):
            yield (at, instance, None, None, _FIRST)

    def evolutions(self, query: EvolutionQuery) -> Sequence[Past]:
        with self._moment() as session:
            lying = self._lying(session, query) if query.time not in ("", "deletedAt") else []
            sql, parameters = _evolving(query, session, lying)
            return [past_of(row) for row in session.rows(sql, parameters)]

    def _lying(self, session: Session, query: EvolutionQuery) -> list[int]:
        """The series that have an instance in the lake, of those that are asked for."""
        lake = self._shelves.lake
        if lake is None:
            return []
        sql, parameters = "SELECT entity, attribute, dataset, id, shelf FROM series WHERE tenant = ?", [query.tenant]
        for column, wanted in (("entity", query.ids), ("attribute", query.attributes)):
            if wanted:
                sql += f" AND {column} {session.any_of}"
                parameters.append(session.listed(wanted))
        some = session.rows(f"{sql} AND shelf IS NOT NULL", parameters)
        span = Span(query.time, *_span(query))
        part = self._part(session, query.tenant, some, span) if some else Part(files=())
        if not part:
            return []
        without = _without(session, query.tenant, part, some) if TIME[query.time] != "at" else []
        return lake.bearing(part, [each[3] for each in some], span, without=without)

    def aggregates(self, query: AggregateQuery) -> Iterator[Aggregates]:
        for some in _parts(self._series(query.history), SERIES_AT_ONCE):
            found = self._aggregated(query, some)
            for entity, attribute, dataset, series, _ in some:
                if (told := found.get(series)) is not None:
                    yield Aggregates(entity=entity, attribute=attribute, dataset=dataset, **told)

    def _aggregated(self, query: AggregateQuery, some: Sequence[Row]) -> dict[int, Any]:
        span = Span(query.history.time, *_span(query.history))
        with self._moment() as session:
            part = self._part(session, query.history.tenant, some, span)
            lake, found = self._shelves.lake, dict[int, Any]()
            rollable = may_be_rolled(query)
            if rollable:
                found = self._rolled(session, query, span, some, part)
            left = [each for each in some if each[3] not in found]
            lying = [each for each in left if each[4] is not None] if part and lake is not None else []
            if lying and lake is not None:
                without = _without(session, query.history.tenant, part, lying)
                asked = InTheLake(lake, query, span)
                found |= asked.aggregated(session, part, [each[3] for each in lying], without)
            found |= {each[3]: aggregated(session, query, span, each[3]) for each in left if each[3] not in found}
        if rollable and self._shelves.wished is not None:
            tenant = query.history.tenant
            many = ((tenant, each[3]) for each in left if found[each[3]] and len(found[each[3]]["periods"]) >= MANY)
            self._shelves.wished.update(many)
        return found

    def _rolled(
        self, session: Session, query: AggregateQuery, span: Span, some: Sequence[Row], part: Part
    ) -> dict[int, Any]:
        """Those that the sums of hours can tell."""
        until = rolled_until(session, query.history.tenant, [each[3] for each in some])
        found = {
            each[3]: told
            for each in some
            if each[3] in until
            and (told := from_hours(session, query, span, each[3], until[each[3]], _of(part, each))) is not None
        }
        if (wished := self._shelves.wished) is not None:
            tenant, at = query.history.tenant, micros_of(now())
            stale = ((tenant, each) for each in until if is_stale(session, tenant, each, until[each], span, at))
            wished.update(stale)
        return found


def _of(part: Part, each: Row) -> Part:
    """The files that may hold something of one series."""
    files = [file for file in part.files if file.type == each[4] and file.series_from <= each[3] <= file.series_to]
    return Part(files=files)


def _parts(rows: list[Row], size: int) -> Iterator[list[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _stored(session: Session, query: HistoryQuery, series: int) -> list[Row]:
    """What the database holds."""
    time = TIME[query.time]
    where = f"tenant = ? AND series = ? AND {time} >= ? AND {time} < ? {ONLY.get(query.time, '')}"
    sql = f"SELECT at, instance, number, got_at, changed_at FROM history WHERE {where} ORDER BY {time}"
    key = (query.tenant, series, *_span(query))
    if query.last is not None:
        return session.rows(f"{sql} DESC LIMIT ?", (*key, query.last))[::-1]
    return session.rows(f"{sql} LIMIT ?", (*key, _LAST if query.first is None else query.first))


def _put_together(stored: list[Row], lying: Iterable[Row], query: HistoryQuery) -> list[Row]:
    """What is in the database wins."""
    by_time = {row[1]: row[1:] for row in lying} | {row[0]: row for row in stored}
    rows = sorted(by_time.values(), key=lambda row: (_time(row, query.time), row[0]))
    return rows[-query.last :] if query.last is not None else rows[: query.first]


def _time(row: Row, time: str) -> int:
    at, _, _, got_at, changed_at = row
    found: int = at
    if time in ("createdAt", "modifiedAt"):
        found = at if got_at is None else got_at
    return changed_at if time == "modifiedAt" and changed_at is not None else found


def _without(session: Session, tenant: str, part: Part, some: Sequence[Row]) -> list[Place]:
    """What the database holds of the days of these files: there the lake does not count."""
    since, until = min(file.day for file in part.files), max(file.day for file in part.files)
    sql = f"SELECT series, at FROM history WHERE tenant = ? AND series {session.any_of} AND at >= ? AND at < ?"
    series = session.listed([each[3] for each in some])
    return [(number, at) for number, at in session.rows(sql, (tenant, series, since, until + DAY))]


def _span(query: HistoryQuery | EvolutionQuery) -> tuple[int, int]:
    return (_FIRST if query.since is None else query.since, _LAST if query.until is None else query.until)


def _in_order(living: Iterable[Row], gone: list[Row]) -> list[Row]:
    return sorted([*living, *gone], key=lambda row: row[0])


def _evolving(query: EvolutionQuery, session: Session, lying: Sequence[int]) -> tuple[str, list[Any]]:
    now, before = ["e.tenant = ?", "e.id > ?"], ["p.tenant = ?", "p.id > ?"]
    parameters: dict[str, list[Any]] = {"now": [query.tenant, query.after], "before": [query.tenant, query.after]}
    if query.types:
        now.append(f"e.id IN (SELECT t.entity FROM entity_type t WHERE t.tenant = ? AND t.type {session.any_of})")
        parameters["now"] += [query.tenant, session.listed(query.types)]
        likes = " OR ".join(["p.types LIKE ? ESCAPE '!'"] * len(query.types))
        before.append(f"({likes})")
        parameters["before"] += [f"%{json_text(each).translate(_LIKE)}%" for each in query.types]
    if query.ids:
        for name, where, listed in (("e", now, "now"), ("p", before, "before")):
            where.append(f"{name}.id {session.any_of}")
            parameters[listed].append(session.listed(query.ids))
    before.append("NOT EXISTS (SELECT 1 FROM entity e WHERE e.tenant = p.tenant AND e.id = p.id)")
    columns = ", ".join(f"e.{each}" for each in _PAST[:-1])
    past = ", ".join(f"p.{each}" for each in _PAST)
    sql = (
        f"SELECT {', '.join(_PAST)} FROM (SELECT {columns}, NULL AS deleted_at FROM entity e WHERE {' AND '.join(now)} "
        f"UNION ALL SELECT {past} FROM past p WHERE {' AND '.join(before)}) k"
    )
    all_parameters = [*parameters["now"], *parameters["before"]]
    if query.time or query.attributes:
        exists, more = _has_instance(query, session, lying)
        sql += f" WHERE {exists}"
        all_parameters += more
    sql += " ORDER BY id"
    if query.limit is not None:
        sql += " LIMIT ?"
        all_parameters.append(query.limit)
    return sql, all_parameters


def _has_instance(query: EvolutionQuery, session: Session, lying: Sequence[int]) -> tuple[str, list[Any]]:
    """`lying`: series of which it is known already."""
    inside, parameters = "s.tenant = ? AND s.entity = k.id", list[Any]([query.tenant])
    if query.attributes:
        inside += f" AND s.attribute {session.any_of}"
        parameters.append(session.listed(query.attributes))
    if query.time:
        table = "deletion" if query.time == "deletedAt" else "history"
        time = TIME[query.time]
        exists = (
            f"EXISTS (SELECT 1 FROM {table} WHERE tenant = s.tenant AND series = s.id "
            f"AND {time} >= ? AND {time} < ? {ONLY.get(query.time, '')})"
        )
        parameters += _span(query)
        if lying:
            exists = f"({exists} OR s.id {session.any_of})"
            parameters.append(session.listed(lying))
        inside += f" AND {exists}"
    return f"EXISTS (SELECT 1 FROM series s WHERE {inside})", parameters
