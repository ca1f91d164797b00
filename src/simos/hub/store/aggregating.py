"""Aggregates of history by period, in SQL that both databases understand, put together with the lake's sums."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import orjson

from simos.hub.ngsild.kinds import MEMBER
from simos.hub.store.base import AggregateQuery, Figure
from simos.hub.store.session import Session
from simos.hub.store.shelves import Lake, Parcels, Part, Periods, Place, Span

TIME: Mapping[str, str] = {
    "": "at",
    "observedAt": "at",
    "createdAt": "coalesce(got_at, at)",
    "modifiedAt": "coalesce(changed_at, got_at, at)",
    "deletedAt": "at",
}
ONLY: Mapping[str, str] = {"observedAt": "AND got_at IS NOT NULL"}

SUMS: Mapping[str, Sequence[str]] = {
    "totalCount": ("count",),
    "sum": ("total",),
    "avg": ("total", "numbers"),
    "min": ("least",),
    "max": ("most",),
    "sumsq": ("sumsq",),
    "stddev": ("squares", "numbers", "total"),
}
"""What is to be known of the parts of a period for each method."""


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


def aggregated(session: Session, query: AggregateQuery, span: Span, series: int) -> dict[str, Any] | None:
    """All but the names of an `Aggregates`, from the database alone; None where there is no instance."""
    time, where = _where(span)
    key = (query.history.tenant, series, span.since, span.until)
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


def _where(span: Span) -> tuple[str, str]:
    """The time that is asked by, and the condition with its parameters tenant, series, since, until."""
    time = TIME[span.time]
    return time, f"tenant = ? AND series = ? AND {time} >= ? AND {time} < ? {ONLY.get(span.time, '')}"


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
            found = [
                _deviation(None if squares is None or not count else squares - total * total / count, count)
                for squares, total, count in zip(*columns[-3:], strict=True)
            ]
        else:
            found = [_figure(each) for each in column]
        if any(each is not None for each in found):
            values[name] = found
    return values


def _deviation(squares: float | None, count: int) -> Figure:
    """The sample's, from the sum of squares about the mean."""
    if squares is None or not count:
        return None
    return (max(0.0, squares) / (count - 1)) ** 0.5 if count > 1 else 0


def _figure(found: Any) -> Figure:
    """A whole number as one; a text out of its JSON. Other JSON has neither a least nor a most."""
    if isinstance(found, str):
        text = orjson.loads(found)
        return text if isinstance(text, str) else None
    if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
        return int(found)
    return cast(Figure, found)


class Newest(NamedTuple):
    """Of one series: time, instance and number of its newest instance, and the least time asked by."""

    at: int
    instance: str
    number: float | None
    least: int


def newest_of(session: Session, tenant: str, span: Span, series: int) -> Newest | None:
    """Of what is in the database."""
    time, where = _where(span)
    key = (tenant, series, span.since, span.until)
    for at, instance, number in session.rows(
        f"SELECT at, instance, number FROM history WHERE {where} ORDER BY at DESC LIMIT 1", key
    ):
        ((least,),) = session.rows(f"SELECT min({time}) FROM history WHERE {where}", key)
        return Newest(at, instance, number, int(least))
    return None


def parcels_of(
    session: Session, tenant: str, span: Span, series: int, *, origin: int, width: int | None, shift: float
) -> Parcels:
    """What the database's instances of one series sum up to, with every sum."""
    time, where = _where(span)
    period = f"({time} - ?) / {int(width)}" if width is not None else "0 * ?"
    sql = (
        f"SELECT {period} AS period, count(*), count(number), sum(number), min(number), max(number), "
        f"{_squares('number')}, {_squares('number - ?')}, sum(number - ?), min({time}), max({time}) "
        f"FROM history WHERE {where} GROUP BY 1 ORDER BY 1"
    )
    parcels: Parcels = {name: [] for name in ALL_SUMS}
    for row in session.rows(sql, (origin, *(shift,) * 4, tenant, series, span.since, span.until)):
        number, count, numbers, total, least, most, sumsq, squares, deviation, first, last = row
        about_mean = squares - deviation * deviation / numbers if numbers else 0.0
        values = (int(number), count, numbers, total, least, most, sumsq, about_mean, first, last)
        for name, value in zip(ALL_SUMS, values, strict=True):
            parcels[name].append(value)
    return parcels


def texts_of(
    session: Session, tenant: str, span: Span, series: int, *, origin: int, width: int | None, member: str
) -> list[tuple[int, str]]:
    """The different values, as JSON, of the database's instances of one series, with their period."""
    time, where = _where(span)
    period = f"({time} - ?) / {int(width)}" if width is not None else "0 * ?"
    value = session.member.format(column="instance", name=member)
    sql = f"SELECT DISTINCT {period} AS period, {value} FROM history WHERE {where}"
    rows = session.rows(sql, (origin, tenant, series, span.since, span.until))
    return [(int(number), text) for number, text in rows if text is not None]


ALL_SUMS = ("period", "count", "numbers", "total", "least", "most", "sumsq", "squares", "first", "last")


def put_together(one: Parcels, other: Parcels) -> Parcels:
    """The parcels of both, those of one period added up. Both tell the same sums."""
    if not other.get("period"):
        return one
    if not one.get("period"):
        return other
    names = [name for name in ALL_SUMS if name in one and name in other]
    if one["period"][-1] < other["period"][0]:
        return {name: [*one[name], *other[name]] for name in names}
    if other["period"][-1] < one["period"][0]:
        return {name: [*other[name], *one[name]] for name in names}
    by_period: dict[int, dict[str, Any]] = {}
    for parcels in (one, other):
        for values in zip(*(parcels[name] for name in names), strict=True):
            parcel = dict(zip(names, values, strict=True))
            there = by_period.get(parcel["period"])
            by_period[parcel["period"]] = parcel if there is None else added(there, parcel)
    return {name: [by_period[period][name] for period in sorted(by_period)] for name in names}


def added(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The sums of two parts of one period."""
    both = dict(one)
    for name, value in other.items():
        before = one[name]
        if value is None or before is None:
            both[name] = before if value is None else value
        elif name in ("least", "first"):
            both[name] = min(before, value)
        elif name in ("most", "last"):
            both[name] = max(before, value)
        elif name != "period":
            both[name] = before + value
    if "squares" in both and one["numbers"] and other["numbers"]:
        apart = one["total"] / one["numbers"] - other["total"] / other["numbers"]
        both["squares"] += apart * apart * one["numbers"] * other["numbers"] / both["numbers"]
    return both


def _applying(methods: frozenset[str], kind: str, *, of_numbers: bool) -> list[str]:
    return list(_columns(methods, kind, "", of_numbers=of_numbers))


def figures_of(
    methods: frozenset[str], kind: str, parcels: Parcels, texts: list[tuple[int, str]], *, of_numbers: bool
) -> dict[str, list[Figure]]:
    """What the methods give of each period, those that apply."""
    by_period: dict[int, set[str]] = {}
    for period, text in texts:
        by_period.setdefault(period, set()).add(text)
    values: dict[str, list[Figure]] = {}
    for name in _applying(methods, kind, of_numbers=of_numbers):
        if name == "distinctCount":
            found: list[Figure] = [len(by_period.get(period, ())) for period in parcels["period"]]
        elif name == "avg":
            pairs = zip(parcels["total"], parcels["numbers"], strict=True)
            found = [_figure(total / count) if count else None for total, count in pairs]
        elif name == "stddev":
            found = [_deviation(*each) for each in zip(parcels["squares"], parcels["numbers"], strict=True)]
        elif name in ("min", "max") and not of_numbers:
            choose = min if name == "min" else max
            found = [_figure(choose(by_period[p])) if p in by_period else None for p in parcels["period"]]
        else:
            found = [_figure(each) for each in parcels[SUMS[name][0]]]
        if any(each is not None for each in found):
            values[name] = found
    return values


class InTheLake:
    """Aggregates of series of which a part lies in the lake: the database is asked by one session at one moment, then
    the lake."""

    def __init__(self, lake: Lake, query: AggregateQuery, span: Span) -> None:
        self._lake, self._query, self._span = lake, query, span
        sums = {each for name in query.methods for each in SUMS.get(name, ())}
        self._sums = sorted({"count", *sums, *(("first", "last") if query.width is None else ())})

    def aggregated(
        self, session: Session, part: Part, series: Sequence[int], without: Sequence[Place]
    ) -> dict[int, Any]:
        """By series that has an instance all but the names of an `Aggregates`."""
        tenant, span, query = self._query.history.tenant, self._span, self._query
        at_once = self._at_once(part, series, without)
        lying = self._ends(part, at_once) if at_once is not None else self._newest(part, series, without)
        stored = {each: found for each in series if (found := newest_of(session, tenant, span, each))}
        newest: dict[int, Newest] = {}
        for each in series:
            ends = [end for end in (stored.get(each), lying.get(each)) if end is not None]
            if ends:
                at, instance, number, _ = max(ends, key=lambda end: end[0])
                newest[each] = Newest(at, instance, number, min(end[3] for end in ends))
        origins = {each: found.least if query.origin is None else query.origin for each, found in newest.items()}
        periods = Periods(origins, query.width)
        parcels = at_once
        if parcels is None:
            parcels = self._lake.parcels(part, periods, span, sums=self._sums, without=without) if origins else {}
        for each in stored:
            number, origin = newest[each].number, origins[each]
            own = parcels_of(session, tenant, span, each, origin=origin, width=query.width, shift=float(number or 0))
            told = {name: own[name] for name in ("period", *self._sums)}
            parcels[each] = put_together(parcels.get(each, {}), told)
        kinds = {each: str(orjson.loads(found.instance)["type"]) for each, found in newest.items()}
        texts = self._texts(session, part, periods, kinds, newest, without)
        return {
            each: self._told(kinds[each], newest[each], parcels[each], texts.get(each, []), origins[each])
            for each in newest
        }

    def _at_once(self, part: Part, series: Sequence[int], without: Sequence[Place]) -> dict[int, Parcels] | None:
        """The lake's sums with the times of the last instances, where the periods are known beforehand: then the files
        are gone through only once."""
        origin = self._query.origin
        if origin is None or TIME[self._span.time] != "at":
            return None
        sums = sorted({*self._sums, "last"})
        periods = Periods(dict.fromkeys(series, origin), self._query.width)
        return self._lake.parcels(part, periods, self._span, sums=sums, without=without)

    def _ends(self, part: Part, parcels: Mapping[int, Parcels]) -> dict[int, Newest]:
        places = [(each, found["last"][-1]) for each, found in parcels.items()]
        rows = self._lake.at(part, places) if places else []
        return {each: Newest(at, instance, number, at) for each, at, instance, number, _, _ in rows}

    def _newest(self, part: Part, series: Sequence[int], without: Sequence[Place]) -> dict[int, Newest]:
        found = self._lake.newest(part, series, self._span, without=without)
        return {each: Newest(*end) for each, end in found.items()}

    def _texts(
        self,
        session: Session,
        part: Part,
        periods: Periods,
        kinds: Mapping[int, str],
        newest: Mapping[int, Newest],
        without: Sequence[Place],
    ) -> dict[int, list[tuple[int, str]]]:
        """The different values, of those series of which a method asks for them."""
        methods = self._query.methods
        wanted = {
            each: MEMBER[kind]
            for each, kind in kinds.items()
            if "distinctCount" in methods
            or (kind == "Property" and newest[each].number is None and methods & {"min", "max"})
        }
        if not wanted:
            return {}
        asked = Periods({each: periods.origins[each] for each in wanted}, periods.width)
        texts = self._lake.texts(part, asked, self._span, members=wanted, without=without)
        for each, member in wanted.items():
            own = texts_of(
                session,
                self._query.history.tenant,
                self._span,
                each,
                origin=asked.origins[each],
                width=asked.width,
                member=member,
            )
            texts.setdefault(each, []).extend(own)
        return texts

    def _told(
        self, kind: str, newest: Newest, parcels: Parcels, texts: list[tuple[int, str]], origin: int
    ) -> dict[str, Any]:
        of_numbers = newest.number is not None
        values = figures_of(self._query.methods, kind, parcels, texts, of_numbers=of_numbers)
        told = {"kind": kind, "origin": origin, "periods": parcels["period"], "values": values}
        if self._query.width is None:
            told |= {"first": parcels["first"][0], "last": parcels["last"][0]}
        return told
