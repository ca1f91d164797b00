"""Sums of whole hours, kept beside history: aggregates of hours and days are read from them where they count.

`rolled` says up to when the hours of a series are summed up, `rollup_dirty` which of them were written to since; both
change in the transaction that writes, so that what is read at one moment is right. Made for series that are asked for.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import fsum
from typing import Any

import orjson

from simos.hub.store.aggregating import SUMS, added, figures_of, newest_of, parcels_of, put_together
from simos.hub.store.base import AggregateQuery
from simos.hub.store.rows import COLUMNS, Row
from simos.hub.store.session import Session
from simos.hub.store.shelves import DAY, Parcels, Part, Span
from simos.hub.store.shelving import ShelvingTransaction

HOUR = DAY // 24
HOURS_AT_ONCE = 1000
DIRTY_AT_ONCE = 100
"""Summed up in one transaction."""

MANY = 24
"""Periods in an answer from which on it is worth while to have their hours summed up."""

_ROLLED = "SELECT series, until FROM rolled WHERE tenant = ? AND series {0}"
_DIRTY = "SELECT hour FROM rollup_dirty WHERE tenant = ? AND series = ? AND hour >= ? AND hour < ? ORDER BY hour"
_WITHIN = "FROM rollup WHERE tenant = ? AND series = ? AND hour >= ? AND hour < ?"
_OTHERS = f"SELECT 1 {_WITHIN} AND others > 0 LIMIT 1"
_KINDS = f"SELECT hour, kind, of_numbers {_WITHIN} AND instances > 0 ORDER BY hour DESC LIMIT ?"


def may_be_rolled(query: AggregateQuery) -> bool:
    """Whether it asks for nothing but what whole hours can tell."""
    width, origin = query.width, query.origin
    if width is None or origin is None or width % HOUR or origin % HOUR:
        return False
    return query.history.time in ("", "observedAt") and query.methods <= SUMS.keys()


def rolled_until(session: Session, tenant: str, series: Sequence[int]) -> dict[int, int]:
    """Of those series that are summed up: until when."""
    sql = _ROLLED.format(session.any_of)
    return dict(session.rows(sql, (tenant, session.listed(series))))


def from_hours(
    session: Session, query: AggregateQuery, span: Span, series: int, until: int, part: Part
) -> dict[str, Any] | None:
    """All but the names of an `Aggregates`; None where the hours do not tell, or where what is left to be summed up
    lies in the lake."""
    lower, upper = -(-span.since // HOUR) * HOUR, min(until, span.until // HOUR * HOUR)
    if upper <= lower:
        return None
    tenant = query.history.tenant
    lower, upper = max(lower, -(2**62)), min(upper, 2**62)
    dirty = [hour for (hour,) in session.rows(_DIRTY, (tenant, series, lower, upper))]
    edges = [(span.since, lower), *((hour, hour + HOUR) for hour in dirty), (upper, span.until)]
    spans = [Span(span.time, *edge) for edge in edges if edge[0] < edge[1]]
    if any(file.day < each.until and each.since < file.day + DAY for file in part.files for each in spans):
        return None
    key, skipped = (tenant, series, lower, upper), set(dirty)
    if span.time == "" and session.rows(_OTHERS, key):
        return None
    kinds = [row for row in session.rows(_KINDS, (*key, len(dirty) + 1)) if row[0] not in skipped]
    kind, of_numbers, at = (kinds[0][1], bool(kinds[0][2]), kinds[0][0] + HOUR) if kinds else ("", False, span.since)
    newest = newest_of(session, tenant, span, series)
    if newest is not None and (newest.at >= at or newest.at // HOUR * HOUR in skipped):
        kind, of_numbers = str(orjson.loads(newest.instance)["type"]), newest.number is not None
    if not kind or (not of_numbers and query.methods & {"min", "max"}):
        return None
    parcels = _by_period(session, query, key, skipped)
    for each in spans:
        own = parcels_of(
            session, tenant, each, series, origin=query.origin or 0, width=query.width, shift=_shift(newest)
        )
        parcels = put_together(parcels, own)
    values = figures_of(query.methods, kind, parcels, [], of_numbers=of_numbers)
    if not parcels["period"]:
        return None
    return {"kind": kind, "origin": query.origin, "periods": parcels["period"], "values": values}


def is_stale(session: Session, tenant: str, series: int, until: int, span: Span, at: int) -> bool:
    """Whether summing up anew would spare work, at `at`."""
    sql = "SELECT 1 FROM rollup_dirty WHERE tenant = ? AND series = ? LIMIT 1"
    return min(span.until, at) - until > 2 * DAY or bool(session.rows(sql, (tenant, series)))


def _shift(newest: Any) -> float:
    return float(newest.number or 0) if newest is not None else 0.0


def _by_period(session: Session, query: AggregateQuery, key: Row, skipped: set[int]) -> Parcels:
    """The hours' sums added up to those of the periods that are asked for."""
    origin, width = query.origin or 0, query.width or HOUR
    names = ["count", *sorted({each for method in query.methods for each in SUMS[method]} - {"count"})]
    listed = ", ".join("instances" if name == "count" else name for name in names)
    hours = session.rows(f"SELECT hour, {listed} {_WITHIN} AND instances > 0 ORDER BY hour", key)
    if skipped:
        hours = [row for row in hours if row[0] not in skipped]
    columns = [list(column) for column in zip(*hours, strict=True)] or [[] for _ in range(len(names) + 1)]
    numbers = [(hour - origin) // width if hour >= origin else int((hour - origin) / width) for hour in columns[0]]
    parcels: Parcels = {"period": numbers, **dict(zip(names, columns[1:], strict=True))}
    if width == HOUR:
        return parcels
    folded: dict[int, dict[str, Any]] = {}
    for values in zip(*parcels.values(), strict=True):
        parcel = dict(zip(parcels, values, strict=True))
        there = folded.get(parcel["period"])
        folded[parcel["period"]] = parcel if there is None else added(there, parcel)
    return {name: [each[name] for each in folded.values()] for name in parcels}


def hourly(tenant: str, series: int, points: Iterable[Row]) -> list[Row]:
    """Rows of `rollup` for these instances (at, instance, number, got_at, changed_at), which are in order."""
    rows = []
    for hour, each in groupby(points, key=lambda point: point[0] // HOUR * HOUR):
        all_of_it = list(each)
        observed = [point for point in all_of_it if point[3] is not None]
        numbers = [point[2] for point in observed if point[2] is not None]
        kind, of_numbers = "", 0
        if observed:
            kind, of_numbers = str(orjson.loads(observed[-1][1])["type"]), int(observed[-1][2] is not None)
        sums = _sums(numbers)
        others = len(all_of_it) - len(observed)
        rows.append((tenant, series, hour, kind, of_numbers, others, len(observed), len(numbers), *sums))
    return rows


def _sums(numbers: Sequence[float]) -> tuple[float | None, float | None, float | None, float, float]:
    squares = [number * number for number in numbers if 1e-150 <= abs(number) <= 1e150]
    if not numbers:
        return None, None, None, 0.0, 0.0
    mean = sum(number / len(numbers) for number in numbers)
    apart = [number - mean for number in numbers]
    deviations = fsum(each * each for each in apart if abs(each) <= 1e150)
    return _total(numbers), min(numbers), max(numbers), fsum(squares), deviations


def _total(numbers: Sequence[float]) -> float:
    try:
        return fsum(numbers)
    except OverflowError:
        return sum(numbers)


class RollingTransaction(ShelvingTransaction):
    """The part of `Transaction` that keeps the sums of hours."""

    @property
    def _rolled(self) -> dict[tuple[str, int], int]:
        if self._shelves.rolled is None:
            self._shelves.rolled = rolled_of(self._session)
        return self._shelves.rolled

    def _blemish(self, places: Sequence[Row]) -> None:
        """The hours of these places (tenant, series, at, ...) are summed up anew before they count again."""
        rolled = self._rolled
        if not rolled:
            return
        dirty = {
            (place[0], place[1], place[2] // HOUR * HOUR)
            for place in places
            if place[2] < rolled.get((place[0], place[1]), -(2**63))
        }
        if dirty:
            self._session.insert("rollup_dirty", sorted(dirty), "ON CONFLICT DO NOTHING")

    def _unroll(self, tenant: str, series: Sequence[int]) -> None:
        """Nothing is summed up of these any more."""
        if some := [(tenant, each) for each in series if (tenant, each) in self._rolled]:
            for table in ("rollup", "rollup_dirty", "rolled"):
                self._session.each(f"DELETE FROM {table} WHERE tenant = ? AND series = ?", some)
            for each in some:
                del self._rolled[each]

    def roll(self, tenant: str, series: int, until: int) -> bool:
        """Hours before `until` that are not summed up, or were written to since, are: some of them. Whether there are
        more. `until` is a full hour."""
        sql = "SELECT hour FROM rollup_dirty WHERE tenant = ? AND series = ? ORDER BY hour LIMIT ?"
        dirty = [hour for (hour,) in self._session.rows(sql, (tenant, series, DIRTY_AT_ONCE))]
        for hour in dirty:
            key = (tenant, series, hour)
            self._session.each("DELETE FROM rollup WHERE tenant = ? AND series = ? AND hour = ?", [key])
            self._session.each("DELETE FROM rollup_dirty WHERE tenant = ? AND series = ? AND hour = ?", [key])
            rows = hourly(tenant, series, self._instances(tenant, series, hour, hour + HOUR))
            self._put_hours(tenant, series, rows, until=hour)
        begun = self._rolled.get((tenant, series))
        start = self._first_hour(tenant, series) if begun is None else begun
        if start is None or start >= until:
            return len(dirty) == DIRTY_AT_ONCE
        end = min(until, start + HOURS_AT_ONCE * HOUR)
        rows = hourly(tenant, series, self._instances(tenant, series, start, end))
        self._put_hours(tenant, series, rows, until=end)
        return end < until

    def _first_hour(self, tenant: str, series: int) -> int | None:
        sql = (
            "SELECT min(at) FROM (SELECT min(at) AS at FROM history WHERE tenant = ? AND series = ? UNION ALL "
            "SELECT min(f.day) FROM series s JOIN lake_file f ON f.tenant = s.tenant AND f.type = s.shelf "
            "AND f.series_from <= s.id AND f.series_to >= s.id WHERE s.tenant = ? AND s.id = ?) k"
        )
        first = self._session.rows(sql, (tenant, series, tenant, series))[0][0]
        return None if first is None else first // HOUR * HOUR

    def _instances(self, tenant: str, series: int, since: int, until: int) -> list[Row]:
        """In the database and in the lake, in order."""
        sql = (
            "SELECT at, instance, number, got_at, changed_at FROM history "
            "WHERE tenant = ? AND series = ? AND at >= ? AND at < ? ORDER BY at"
        )
        stored = self._session.rows(sql, (tenant, series, since, until))
        lake = self._shelves.lake
        part = self._part(tenant, [series], since=since, until=until) if lake is not None else None
        if not part or lake is None:
            return stored
        lying = lake.points(part, [series], Span("", since, until)).get(series, [])
        by_time = {row[1]: row[1:] for row in lying} | {row[0]: row for row in stored}
        return [by_time[at] for at in sorted(by_time)]

    def expire_hours(self, tenant: str, series: Sequence[int], before: int) -> None:
        """No hour before that time is summed up."""
        if some := [(tenant, each, before) for each in series if (tenant, each) in self._rolled]:
            for table in ("rollup", "rollup_dirty"):
                self._session.each(f"DELETE FROM {table} WHERE tenant = ? AND series = ? AND hour < ?", some)

    def _put_hours(self, tenant: str, series: int, rows: Sequence[Row], *, until: int) -> None:
        """These hours are summed up, and all others before `until` are empty or as they were."""
        key = (tenant, series)
        if rows:
            self._session.insert("rollup", rows)
        if self._rolled.get(key, -(2**63)) < until:
            put = "INSERT INTO rolled (tenant, series, until) VALUES (?, ?, ?) "
            put += "ON CONFLICT (tenant, series) DO UPDATE SET until = excluded.until"
            self._session.each(put, [(*key, until)])
            self._rolled[key] = until


def rolled_of(session: Session) -> dict[tuple[str, int], int]:
    """All that is summed up, and until when."""
    return {(tenant, series): until for tenant, series, until in session.rows(f"SELECT {_ALL} FROM rolled")}


_ALL = ", ".join(COLUMNS["rolled"])
