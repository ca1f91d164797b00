"""How entities evolved, in SQL that both databases understand: points, who has any, aggregates by period."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import orjson

from simos.hub.ngsild.kinds import MEMBER
from simos.hub.store.base import AggregateQuery, Aggregates, EvolutionQuery, Figure, HistoryQuery
from simos.hub.store.rows import COLUMNS, Row, json_text, past_of
from simos.hub.store.session import Session, Sessions
from simos.hub.values import Past, Point

POINTS_AT_ONCE = 10_000
"""Points of one series read in one go: a reader of years holds no more than that."""

_FIRST, _LAST = -(2**63), 2**63 - 1
_TIME: Mapping[str, str] = {
    "": "at",
    "observedAt": "at",
    "createdAt": "coalesce(got_at, at)",
    "modifiedAt": "coalesce(changed_at, got_at, at)",
    "deletedAt": "at",
}
_ONLY: Mapping[str, str] = {"observedAt": "AND got_at IS NOT NULL"}
_PAST = COLUMNS["past"]
_LIKE = str.maketrans({"!": "!!", "%": "!%", "_": "!_"})


class SqlEvolution:
    """The part of `Reader` that is about time."""

    _sessions: Sessions

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        with self._sessions.lent() as session:
            return session.rows(sql, parameters)

    def history(self, query: HistoryQuery) -> Iterator[Point]:
        """Holds nothing open between two points: the one who asks may take his time."""
        for entity, attribute, dataset, series in self._series(query):
            key = {"entity": entity, "attribute": attribute, "dataset": dataset, "series": series}
            living = iter(()) if query.time == "deletedAt" else self._points(query, series)
            gone = list(self._deleted(query, series)) if query.deletions or query.time == "deletedAt" else []
            rows: Iterable[Row] = _in_order(living, gone) if gone else living
            for at, instance, number, got_at, changed_at in rows:
                yield Point(
                    tenant=query.tenant,
                    at=at,
                    instance=instance.encode(),
                    number=number,
                    got_at=got_at,
                    changed_at=None if changed_at == _FIRST else changed_at,
                    deleted=changed_at == _FIRST,
                    **key,
                )

    def _series(self, query: HistoryQuery) -> list[Row]:
        with self._sessions.lent() as session:
            sql = f"SELECT entity, attribute, dataset, id FROM series WHERE tenant = ? AND entity {session.any_of}"
            parameters = [query.tenant, session.listed(query.entities)]
            for column, wanted in (("attribute", query.attributes), ("dataset", query.datasets)):
                if wanted:
                    sql += f" AND {column} {session.any_of}"
                    parameters.append(session.listed(wanted))
            return session.rows(f"{sql} ORDER BY entity, attribute, dataset", parameters)

    def _points(self, query: HistoryQuery, series: int) -> Iterator[Row]:
        since, until = _span(query)
        time = _TIME[query.time]
        where = f"tenant = ? AND series = ? AND {time} >= ? AND {time} < ? {_ONLY.get(query.time, '')}"
        sql = f"SELECT at, instance, number, got_at, changed_at FROM history WHERE {where} ORDER BY {time}"
        key = (query.tenant, series)
        if query.last is not None:
            yield from reversed(self._rows(f"{sql} DESC LIMIT ?", (*key, since, until, query.last)))
            return
        if query.first is not None or time != "at":
            yield from self._rows(f"{sql} LIMIT ?", (*key, since, until, query.first or _LAST))
            return
        full = True
        while full:
            rows = self._rows(f"{sql} LIMIT ?", (*key, since, until, POINTS_AT_ONCE))
            yield from rows
            if full := len(rows) == POINTS_AT_ONCE:
                since = rows[-1][0] + 1

    def _deleted(self, query: HistoryQuery, series: int) -> Iterator[Row]:
        """Marked by a change before all time, which no other point has."""
        sql = "SELECT at, instance FROM deletion WHERE tenant = ? AND series = ? AND at >= ? AND at < ? ORDER BY at"
        for at, instance in self._rows(sql, (query.tenant, series, *_span(query))):
            yield (at, instance, None, None, _FIRST)

    def evolutions(self, query: EvolutionQuery) -> Sequence[Past]:
        with self._sessions.lent() as session:
            sql, parameters = _evolving(query, session)
            return [past_of(row) for row in session.rows(sql, parameters)]

    def aggregates(self, query: AggregateQuery) -> Iterator[Aggregates]:
        for entity, attribute, dataset, series in self._series(query.history):
            with self._sessions.lent() as session:
                found = _aggregated(session, query, series)
            if found is not None:
                yield Aggregates(entity=entity, attribute=attribute, dataset=dataset, **found)


def _span(query: HistoryQuery | EvolutionQuery) -> tuple[int, int]:
    return (_FIRST if query.since is None else query.since, _LAST if query.until is None else query.until)


def _in_order(living: Iterable[Row], gone: list[Row]) -> list[Row]:
    return sorted([*living, *gone], key=lambda row: row[0])


def _evolving(query: EvolutionQuery, session: Session) -> tuple[str, list[Any]]:
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
        exists, more = _has_instance(query, session)
        sql += f" WHERE {exists}"
        all_parameters += more
    sql += " ORDER BY id"
    if query.limit is not None:
        sql += " LIMIT ?"
        all_parameters.append(query.limit)
    return sql, all_parameters


def _has_instance(query: EvolutionQuery, session: Session) -> tuple[str, list[Any]]:
    inside, parameters = "s.tenant = ? AND s.entity = k.id", list[Any]([query.tenant])
    if query.attributes:
        inside += f" AND s.attribute {session.any_of}"
        parameters.append(session.listed(query.attributes))
    if query.time:
        table = "deletion" if query.time == "deletedAt" else "history"
        time = _TIME[query.time]
        inside += (
            f" AND EXISTS (SELECT 1 FROM {table} WHERE tenant = s.tenant AND series = s.id "
            f"AND {time} >= ? AND {time} < ? {_ONLY.get(query.time, '')})"
        )
        parameters += _span(query)
    return f"EXISTS (SELECT 1 FROM series s WHERE {inside})", parameters


def _squares(number: str) -> str:
    """The sum of squares. PostgreSQL breaks off where one is too small or too large for a number: what is beyond all
    measure counts for nothing."""
    return f"sum(CASE WHEN abs({number}) BETWEEN 1e-150 AND 1e150 THEN ({number}) * ({number}) ELSE 0 END)"


_NUMBERS: Mapping[str, str] = {
    "sum": "sum(number)",
    "avg": "avg(number)",
    "min": "min(number)",
    "max": "max(number)",
    "sumsq": _squares("number"),
}


def _aggregated(session: Session, query: AggregateQuery, series: int) -> dict[str, Any] | None:
    """All but the names of an `Aggregates`; None where there is no instance."""
    time = _TIME[query.history.time]
    where = f"tenant = ? AND series = ? AND {time} >= ? AND {time} < ? {_ONLY.get(query.history.time, '')}"
    key = (query.history.tenant, series, *_span(query.history))
    sample = session.rows(f"SELECT instance, number FROM history WHERE {where} ORDER BY at DESC LIMIT 1", key)
    if not sample:
        return None
    kind, shift = str(orjson.loads(sample[0][0])["type"]), sample[0][1]
    origin = query.origin
    if origin is None:
        origin = int(session.rows(f"SELECT min({time}) FROM history WHERE {where}", key)[0][0])
    value = session.member.format(column="instance", name=MEMBER[kind])
    wanted = _columns(query.methods, kind, value, of_numbers=shift is not None)
    shifts = (float(shift or 0),) * 4 if "stddev" in wanted else ()
    listed = "".join(f", {each}" for each in wanted.values())
    if query.width is None:
        sql = f"SELECT min({time}), max({time}){listed} FROM history WHERE {where}"
        ((first, last, *figures),) = session.rows(sql, (*shifts, *key))
        values = _values(wanted, [[each] for each in figures])
        return {"kind": kind, "origin": origin, "periods": [0], "values": values, "first": first, "last": last}
    period = f"({time} - ?) / {int(query.width)}"
    sql = f"SELECT {period} AS period{listed} FROM history WHERE {where} GROUP BY 1 ORDER BY 1"
    periods, *columns = zip(*session.rows(sql, (origin, *shifts, *key)), strict=True)
    return {"kind": kind, "origin": origin, "periods": list(map(int, periods)), "values": _values(wanted, columns)}


def _columns(methods: frozenset[str], kind: str, value: str, *, of_numbers: bool) -> dict[str, str]:
    """The SQL of each method; the one that takes more columns than one is the last. Texts have a least and a most."""
    columns = {"totalCount": "count(*)", "distinctCount": f"count(DISTINCT {value})"}
    if kind == "Property":
        deviation = {"stddev": f"{_squares('number - ?')}, sum(number - ?), count(number)"}
        columns |= {**_NUMBERS, **deviation} if of_numbers else {"min": f"min({value})", "max": f"max({value})"}
    return {name: sql for name, sql in columns.items() if name in methods}


def _values(wanted: Mapping[str, str], columns: Sequence[Sequence[Any]]) -> dict[str, list[Figure]]:
    values: dict[str, list[Figure]] = {}
    for name, column in zip(wanted, columns, strict=False):
        if name == "stddev":
            found = [_deviation(*each) for each in zip(*columns[-3:], strict=True)]
        else:
            found = [_figure(each) for each in column]
        if any(each is not None for each in found):
            values[name] = found
    return values


def _deviation(squares: float | None, total: float | None, count: int) -> Figure:
    """The sample's, from sums about a value near the mean."""
    if squares is None or total is None or not count:
        return None
    return (max(0.0, squares - total * total / count) / (count - 1)) ** 0.5 if count > 1 else 0


def _figure(found: Any) -> Figure:
    """A whole number as one; a text out of its JSON. Other JSON has neither a least nor a most."""
    if isinstance(found, str):
        text = orjson.loads(found)
        return text if isinstance(text, str) else None
    if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
        return int(found)
    return cast(Figure, found)
