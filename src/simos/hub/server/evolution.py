"""Which entities a question about history means, and their points within what one answer can hold (5.7.3, 5.7.4).

Everything here blocks: it is asked in a reader's thread.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

import orjson

from simos.hub.grants import Grant
from simos.hub.ngsild.kinds import MEMBER, SCOPE
from simos.hub.ngsild.temporal import time_of
from simos.hub.problems import TooManyResults
from simos.hub.query import holds, names_of
from simos.hub.query.types import selects
from simos.hub.server.evolution_asked import Asked, Selector
from simos.hub.server.scopes_in_time import held, spells_of, told, within
from simos.hub.store.base import AggregateQuery, Aggregates, EvolutionQuery, HistoryQuery, Reader
from simos.hub.values import Attributes, Entity, Past, Point

POINTS_LIMIT = 50_000
"""Instances in one answer, about: past that it is partial."""

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Points of each entity. `cut`: not all there are."""

    points: dict[str, list[Point]]
    cut: bool = False


def evolution_of(reader: Reader, tenant: str, entity_id: str) -> Past | None:
    """What is known of one entity that has, or had, a present or a history."""
    for found in reader.evolutions(EvolutionQuery(tenant=tenant, ids=(entity_id,))):
        return found
    any_point = HistoryQuery(tenant=tenant, entities=(entity_id,), last=1)
    for point in reader.history(any_point):
        return Past(tenant=tenant, id=entity_id, types=(), scopes=(), created_at=point.at, modified_at=point.at)
    return None


def found(
    reader: Reader, tenant: str, asked: Asked, grant: Grant, *, limit: int, offset: int, count: bool
) -> tuple[list[Past], int | None, bool]:
    """One page of entities in order of id, how many there are in all (where `count`), and whether there are more."""
    every = heapq.merge(*(_selected(reader, tenant, asked, each) for each in asked.selectors), key=lambda past: past.id)
    unique = (next(same) for _, same in groupby(every, key=lambda past: past.id))
    fitting: Iterator[Past] = (past for past in unique if grant.may_see(past.types) and _fits(reader, asked, past))
    if asked.last_id_first:
        fitting = iter([*fitting][::-1])
    before = sum(1 for _ in islice(fitting, offset))
    page = list(islice(fitting, limit))
    if count:
        after = sum(1 for _ in fitting)
        return page, before + len(page) + after, after > 0
    return page, None, next(fitting, None) is not None


def _selected(reader: Reader, tenant: str, asked: Asked, selector: Selector) -> Iterator[Past]:
    query = EvolutionQuery(
        tenant=tenant,
        types=tuple(sorted({min(each) for each in selector.types})),
        ids=selector.ids,
        attributes=asked.attributes,
        limit=AT_ONCE,
        **asked.window,
    )
    full = True
    while full:
        some = reader.evolutions(query)
        for past in some:
            if selects(selector.types, past.types) and (selector.pattern is None or selector.pattern.is_in(past.id)):
                yield past
        if full := len(some) == AT_ONCE:
            query = replace(query, after=some[-1].id)


def _fits(reader: Reader, asked: Asked, past: Past) -> bool:
    """Whether its scopes, and any of its instances within the time asked for, meet the conditions (5.7.4.4)."""
    if asked.scopes is not None:
        spells = spells_of(reader, past.tenant, [past]).get(past.id, ())
        if not held(spells, asked.scopes, asked.since, asked.until):
            return False
    if asked.q is None and asked.geo is None:
        return True
    names = {*(names_of(asked.q) if asked.q else ()), *([asked.geo.geoproperty] if asked.geo else [])}
    wanted = HistoryQuery(tenant=past.tenant, entities=(past.id,), attributes=tuple(sorted(names)), **asked.window)
    attributes: Attributes = {}
    for point in islice(reader.history(wanted), POINTS_LIMIT):
        attributes.setdefault(point.attribute, []).append(orjson.loads(point.instance))
    evolved = Entity(
        tenant=past.tenant,
        id=past.id,
        types=past.types,
        attributes=attributes,
        created_at=past.created_at,
        modified_at=past.modified_at,
        scopes=past.scopes,
    )
    return (asked.geo is None or asked.geo.holds(evolved)) and (asked.q is None or holds(asked.q, evolved))


def points_of(reader: Reader, tenant: str, asked: Asked, pasts: Sequence[Past]) -> Told:
    """The points asked for of these entities, and those of their scopes."""
    spells = spells_of(reader, tenant, pasts) if pasts and (asked.tells_scopes or asked.scopes) else {}
    found = _attributes_of(reader, tenant, asked, [past.id for past in pasts])
    points = found.points
    if asked.scopes is not None:
        kept = {entity: held(each, asked.scopes, asked.since, asked.until) for entity, each in spells.items()}
        points = {entity: within(listed, kept.get(entity, ())) for entity, listed in points.items()}
    if asked.tells_scopes:
        for entity, listed in told(spells, last=asked.last, **asked.window).items():
            points[entity] = [*listed, *points.get(entity, ())]
    return Told(points=points, cut=found.cut)


def _attributes_of(reader: Reader, tenant: str, asked: Asked, ids: Sequence[str]) -> Told:
    """What does not fit into an answer is cut off at one time for all: behind it, or with lastN before it, nothing is
    told of any attribute."""
    if not ids or (asked.picked and not asked.attributes):
        return Told(points={})
    each = max(2, POINTS_LIMIT // (len(ids) * (len(asked.attributes) or 10)))
    query = HistoryQuery(
        tenant=tenant,
        entities=tuple(ids),
        attributes=asked.attributes,
        datasets=asked.datasets,
        deletions=not asked.time,
        last=min(asked.last, each + 1) if asked.last else None,
        first=None if asked.last else each + 1,
        **asked.window,
    )
    left_out = asked.omitted | {SCOPE}
    points = [point for point in reader.history(query) if point.attribute not in left_out]
    cuts = []
    for _, part in groupby(points, key=lambda point: point.series):
        living = [time_of(point, asked.time) for point in part if not point.deleted]
        if len(living) > each:
            cuts.append(sorted(living)[1 if asked.last else -2])
    if cuts and asked.last:
        points = [point for point in points if time_of(point, asked.time) >= max(cuts)]
    elif cuts:
        points = [point for point in points if time_of(point, asked.time) <= min(cuts)]
    by_entity = {entity: list(part) for entity, part in groupby(points, key=lambda point: point.entity)}
    return Told(points=by_entity, cut=bool(cuts))


Period = tuple[Any, int, int]
Series = tuple[str, str, str, dict[str, list[Period]]]
"""Attribute, dataset, kind, and by method the periods: value, start, end."""


def aggregates_of(reader: Reader, tenant: str, asked: Asked, ids: Sequence[str]) -> dict[str, list[Series]]:
    """Of each entity the aggregates asked for."""
    by_series: dict[tuple[str, str, str, str], dict[str, list[Period]]] = {}
    number = 0
    for query, fixed in _aggregate_queries(reader, tenant, asked, ids):
        for found in reader.aggregates(query):
            if found.attribute in asked.omitted or found.attribute == SCOPE or not found.values:
                continue
            number += len(found.periods) * len(found.values)
            if number > POINTS_LIMIT:
                raise TooManyResults(f"More than {POINTS_LIMIT} values: longer periods, or a shorter time.")
            key = (found.entity, found.attribute, found.dataset, found.kind)
            methods = by_series.setdefault(key, {})
            spans = [fixed] if fixed is not None else _spans(asked, query, found)
            for method, values in found.values.items():
                told_of = methods.setdefault(method, [])
                told_of.extend((value, *span) for value, span in zip(values, spans, strict=True) if value is not None)
    by_entity: dict[str, list[Series]] = {}
    for (entity, attribute, dataset, kind), methods in by_series.items():
        kept = {name: periods[-asked.last :] if asked.last else periods for name, periods in methods.items()}
        by_entity.setdefault(entity, []).append((attribute, dataset, kind, kept))
    return by_entity


def _spans(asked: Asked, query: AggregateQuery, found: Aggregates) -> list[tuple[int, int]]:
    """Start and end of each period."""
    if query.width is not None:
        starts = [found.origin + number * query.width for number in found.periods]
        return [(start, start + query.width) for start in starts]
    start = _start(asked)
    return [(found.first if start is None else start, found.last if asked.until is None else asked.until)]


def _start(asked: Asked) -> int | None:
    """timeAt, where the time asked for begins with it."""
    if asked.since is None:
        return None
    return asked.since - 1 if asked.relation == "after" else asked.since


def _aggregate_queries(
    reader: Reader, tenant: str, asked: Asked, ids: Sequence[str]
) -> Iterator[tuple[AggregateQuery, tuple[int, int] | None]]:
    history = HistoryQuery(
        tenant=tenant, entities=tuple(ids), attributes=asked.attributes, datasets=asked.datasets, **asked.window
    )
    whole = AggregateQuery(history=history, origin=_start(asked), width=None, methods=asked.methods)
    if not asked.duration.months:
        yield replace(whole, width=asked.duration.micros or None), None
        return
    spans = list(reader.aggregates(replace(whole, methods=frozenset({"totalCount"}))))
    if not spans:
        return
    first = min(each.first for each in spans)
    origin = _start(asked)
    for start, end in asked.duration.periods(first if origin is None else origin, max(each.last for each in spans) + 1):
        if end > first:
            since, until = max(start, asked.since or start), min(end, asked.until or end)
            yield replace(whole, history=replace(history, since=since, until=until)), (start, end)


def value_number(instance: dict[str, Any]) -> float | None:
    """What the store sums up of an instance."""
    value = instance.get(MEMBER["Property"])
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
