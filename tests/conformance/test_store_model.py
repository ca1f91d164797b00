"""The store port against a plain model in memory: whatever is done, both give the same answers."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simos.hub.query import Compare, GeoCondition, GeoRelation, Literal, Op, Path, Sort
from simos.hub.store import evolving, reading
from simos.hub.store.base import EntityQuery, HistoryQuery, Store, Transaction
from simos.hub.store.rows import LOCATION
from simos.hub.values import Change, ChangeKind, Correction, Entity, Point
from tests.conformance.things import AT, FREE, NAME, PARKING, SENSOR, change, entity, free, placed, point

CODES = ("a", "B", "č", "😀")
TYPES = (PARKING, SENSOR)
TIMES = tuple(range(AT, AT + 4))

_tenants = itertools.count(1)

PointKey = tuple[str, str, str, int]
SeriesPoints = list[Point]


@dataclass
class Model:
    """What a store is meant to hold of one tenant."""

    entities: dict[str, Entity] = field(default_factory=dict)
    points: dict[PointKey, Point] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)

    def copy(self) -> "Model":
        return Model(dict(self.entities), dict(self.points), list(self.log))

    def record(self, points: Sequence[Point]) -> list[Correction]:
        corrections = []
        for each in points:
            before = self.points.get(key := (each.entity, each.attribute, each.dataset, each.at))
            if before is not None and before.instance != each.instance:
                corrections.append(Correction(point=each, before=before.instance))
            self.points[key] = each
        return corrections


def attributes() -> st.SearchStrategy[dict[str, Any]]:
    parts = {
        FREE: st.integers(0, 5).map(lambda n: free(n)[FREE]),
        NAME: st.text(max_size=5).map(lambda text: [{"type": "Property", "value": text}]),
        LOCATION: st.tuples(st.integers(-3, 3), st.integers(-3, 3)).map(lambda at: placed(*map(float, at))[LOCATION]),
    }
    return st.fixed_dictionaries({}, optional=parts)


codes = st.sampled_from(CODES)
entities = st.builds(
    lambda code, given, types, at: entity(code, given, types=tuple(sorted(types)), modified_at=at),
    codes,
    attributes(),
    st.sets(st.sampled_from(TYPES), min_size=1),
    st.sampled_from(TIMES),
)
points = st.builds(
    lambda code, at, value, attribute, dataset: point(code, at, value, attribute=attribute, dataset=dataset),
    codes,
    st.sampled_from(TIMES),
    st.integers(0, 2) | st.sampled_from(("x", "\u0000")),
    st.sampled_from((FREE, NAME)),
    st.sampled_from(("", "urn:d")),
)
changes = st.builds(change, codes, attributes(), kind=st.sampled_from(ChangeKind))
acts = st.one_of(
    st.tuples(st.just("put"), st.lists(entities, max_size=4)),
    st.tuples(st.just("delete"), st.lists(codes, max_size=3)),
    st.tuples(st.just("record"), st.lists(points, max_size=8)),
    st.tuples(st.just("append"), st.lists(changes, max_size=3)),
)
transactions = st.lists(st.tuples(st.lists(acts, max_size=4), st.sampled_from((True, True, True, False))), max_size=5)


class Undone(Exception):
    """The transaction is not wanted."""


def do(tenant: str, transaction: Transaction, model: Model, act: tuple[str, list[Any]]) -> None:
    kind, given = act
    if kind == "put":
        transaction.put([replace(each, tenant=tenant) for each in given])
        model.entities |= {each.id: replace(each, tenant=tenant) for each in given}
    elif kind == "delete":
        ids = [entity(code).id for code in given]
        transaction.delete([(tenant, each) for each in ids])
        model.entities = {key: each for key, each in model.entities.items() if key not in ids}
    elif kind == "record":
        ours = [replace(each, tenant=tenant) for each in given]
        assert list(transaction.record(ours)) == model.record(ours)
    else:
        transaction.append([replace(each, tenant=tenant) for each in given])
        model.log.extend(replace(each, tenant=tenant) for each in given)
    wanted = {(tenant, entity(code).id) for code in CODES}
    assert transaction.entities(wanted) == {each.key: each for each in model.entities.values()}


def played(store: Store, tenant: str, history: list[tuple[list[tuple[str, list[Any]]], bool]]) -> Model:
    """The model after all of it was done to the store and to the model alike."""
    model = Model()
    for given_acts, kept in history:
        trial = model.copy()
        try:
            with store.transaction() as transaction:
                for act in given_acts:
                    do(tenant, transaction, trial, act)
                if not kept:
                    raise Undone
        except Undone:
            continue
        model = trial
    return model


QUERIES: list[dict[str, Any]] = [
    {},
    {"types": (PARKING,)},
    {"types": (PARKING, SENSOR), "attributes": (FREE,)},
    {"types": (SENSOR,), "attributes": (FREE, NAME)},
    {"attributes": (NAME,)},
    {"ids": (entity("č").id, entity("a").id)},
    {"id_pattern": "[aB]$"},
    {"q": Compare(Path((FREE,)), Op.MORE, (Literal(Sort.NUMBER, 2),))},
    *(
        {"geo": GeoCondition(relation=relation, geometry=geometry, geoproperty=LOCATION)}
        for relation in (GeoRelation.WITHIN, GeoRelation.INTERSECTS, GeoRelation.DISJOINT)
        for geometry in [
            {"type": "Polygon", "coordinates": [[[-1.0, -2.0], [2.0, -2.0], [2.0, 1.0], [-1.0, 1.0], [-1.0, -2.0]]]}
        ]
    ),
]


def meets(each: Entity, query: EntityQuery) -> bool:
    return (
        (not query.types or bool(set(query.types) & set(each.types)))
        and (not query.ids or each.id in query.ids)
        and (not query.id_pattern or each.id[-1] in "aB")
        and (not query.attributes or any(name in each.attributes for name in query.attributes))
        and (query.q is None or any(part["value"] > 2 for part in each.attributes.get(FREE, [])))
        and (query.geo is None or query.geo.holds(each))
    )


def check_entities(store: Store, tenant: str, model: Model) -> None:
    for conditions in QUERIES:
        query = EntityQuery(tenant=tenant, limit=10, count=True, **conditions)
        wanted = [each for _, each in sorted(model.entities.items()) if meets(each, query)]
        page = store.reader.entities(query)
        assert (list(page.entities), page.total) == (wanted, len(wanted)), conditions
        part = store.reader.entities(replace(query, limit=2, offset=1))
        assert (list(part.entities), part.total) == (wanted[1:3], len(wanted)), conditions
    counts = {name: sum(name in each.types for each in model.entities.values()) for name in TYPES}
    assert store.reader.types(tenant) == {name: count for name, count in counts.items() if count}


def check_history(store: Store, tenant: str, model: Model) -> None:
    ids = tuple(entity(code).id for code in CODES)
    for since, until in ((None, None), (TIMES[1], TIMES[3]), (TIMES[2], None)):
        for last in (None, 2):
            asked = HistoryQuery(tenant=tenant, entities=ids, since=since, until=until, last=last)
            series: dict[tuple[str, str, str], SeriesPoints] = {}
            for key, each in sorted(model.points.items()):
                if (since is None or each.at >= since) and (until is None or each.at < until):
                    series.setdefault(key[:3], []).append(each)
            wanted = [each for part in series.values() for each in (part if last is None else part[-last:])]
            assert list(store.reader.history(asked)) == wanted


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=transactions)
def test_a_store_is_what_its_model_is(store: Store, monkeypatch: pytest.MonkeyPatch, history: list[Any]) -> None:
    """Each example has a tenant of its own in the same store, so that tenants are kept apart as well."""
    monkeypatch.setattr(reading, "AT_ONCE", 3)
    monkeypatch.setattr(evolving, "POINTS_AT_ONCE", 2)
    start, tenant = store.reader.head().seq, f"tenant {next(_tenants)}"
    model = played(store, tenant, history)
    check_entities(store, tenant, model)
    check_history(store, tenant, model)
    wanted = [replace(each, seq=seq) for seq, each in enumerate(model.log, start=start + 1)]
    assert list(store.reader.changes(0, tenant=tenant)) == wanted
    assert store.reader.head().seq == start + len(wanted)
