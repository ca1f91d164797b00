"""History tells the same whether its older days lie in the database or in the lake."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simos.hub.lake.layout import path_in
from simos.hub.lake.moving import Mover
from simos.hub.store.base import METHODS, AggregateQuery, EvolutionQuery, HistoryQuery, Store
from simos.hub.store.opening import open_store
from simos.hub.store.shelves import DAY
from simos.hub.values import Correction, Past, Point
from tests.lake.moved import store_with_lake

HOUR = DAY // 24
FIRST = 20_000 * DAY
DAYS = 4
ENTITIES, ATTRIBUTES, DATASETS = ("urn:x:1", "urn:x:2"), ("urn:a", "urn:b"), ("", "urn:d")
numbers = itertools.count()

times = st.integers(0, DAYS * 24 * 4 - 1).map(lambda quarter: FIRST + quarter * HOUR // 4)
values = st.one_of(st.integers(-4, 4), st.sampled_from([0.5, 2.25]), st.sampled_from(["low", "high", "žled"]))
places = st.tuples(st.sampled_from(ENTITIES), st.sampled_from(ATTRIBUTES), st.sampled_from(DATASETS))
instances = st.tuples(places, times, values, st.booleans())
acts = st.one_of(
    st.tuples(st.just("record"), st.lists(instances, min_size=1, max_size=12)),
    st.tuples(st.just("record"), st.lists(instances, min_size=1, max_size=12)),
    st.tuples(st.just("forget"), places, st.booleans()),
    st.tuples(st.just("forget one"), st.integers(0, 1000)),
    st.tuples(st.just("move"), st.integers(1, DAYS)),
    st.tuples(st.just("roll"), st.integers(1, DAYS * 24)),
)
spans = st.one_of(st.none(), times)


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    time = draw(st.sampled_from(["", "observedAt", "createdAt", "modifiedAt"]))
    shift = 10 * DAY if time in ("createdAt", "modifiedAt") else 0
    since, until = draw(spans), draw(spans)
    return {
        "time": time,
        "since": None if since is None else since + shift,
        "until": None if until is None else until + shift,
    }


def observed(draw: st.DrawFn) -> dict[str, Any]:
    since, until = draw(spans), draw(spans)
    return {"time": draw(st.sampled_from(["", "observedAt"])), "since": since, "until": until}


@st.composite
def questions(draw: st.DrawFn) -> Any:
    window = draw(windows())
    limit = draw(st.sampled_from([{}, {"first": 3}, {"last": 2}]))
    history = HistoryQuery(tenant="", entities=ENTITIES, **window, **limit)
    if draw(st.booleans()):
        return history
    plain = replace(history, first=None, last=None)
    width = draw(st.sampled_from([None, HOUR, 6 * HOUR, DAY, 5 * HOUR]))
    origin = draw(st.sampled_from([None, FIRST]))
    if draw(st.booleans()):
        some = draw(st.frozensets(st.sampled_from([each for each in METHODS if each != "distinctCount"]), min_size=1))
        rolled = {"origin": FIRST - DAY, "width": draw(st.sampled_from([HOUR, 6 * HOUR, DAY]))}
        return AggregateQuery(history=replace(plain, **observed(draw)), methods=some, **rolled)
    if draw(st.integers(0, 3)):
        return AggregateQuery(history=plain, origin=origin, width=width, methods=frozenset(METHODS))
    return EvolutionQuery(tenant="", attributes=draw(st.sampled_from([(), ATTRIBUTES[:1]])), **window)


def answer(store: Store, tenant: str, question: Any) -> Any:
    """What the store says, without what differs from store to store."""
    if isinstance(question, HistoryQuery):
        return [replace(each, tenant="", series=0) for each in store.reader.history(replace(question, tenant=tenant))]
    if isinstance(question, EvolutionQuery):
        return [each.id for each in store.reader.evolutions(replace(question, tenant=tenant))]
    query = replace(question, history=replace(question.history, tenant=tenant))
    return [
        (e.entity, e.attribute, e.dataset, e.kind, e.origin, list(e.periods), e.first, e.last, _near(e.values))
        for e in store.reader.aggregates(query)
    ]


def _near(found: Any) -> Any:
    return {name: [pytest.approx(v, abs=1e-9) if isinstance(v, float) else v for v in f] for name, f in found.items()}


def apply(store: Store, tenant: str, act: Any, clock: int) -> Any:
    with store.transaction() as transaction:
        if act[0] == "record":
            points = {}
            for number, (place, at, value, observed) in enumerate(act[1]):
                made = _point(tenant, place, at, value, clock + number if observed else None)
                points[(*place, at)] = made
            found = transaction.record(list(points.values()))
            return [Correction(point=replace(e.point, tenant="", series=0), before=e.before) for e in found]
        if act[0] == "forget":
            (entity, attribute, dataset), all_of_it = act[1:]
            return transaction.forget(tenant, entity, *(() if all_of_it else (attribute, dataset)))
        every = list(store.reader.history(HistoryQuery(tenant=tenant, entities=ENTITIES)))
        if not every:
            return None
        chosen = every[act[1] % len(every)]
        there = transaction.point(tenant, chosen.series, chosen.at)
        assert there == chosen
        gone = transaction.forget_point(tenant, chosen.series, chosen.at)
        return (gone, transaction.forget_point(tenant, chosen.series, chosen.at))


def roll(store: Store, tenant: str, until: int) -> None:
    every = store.reader.history(HistoryQuery(tenant=tenant, entities=ENTITIES))
    for series in {each.series for each in every}:
        with store.transaction() as transaction:
            assert not transaction.roll(tenant, series, until)


def _point(tenant: str, place: tuple[str, str, str], at: int, value: Any, got_at: int | None) -> Point:
    entity, attribute, dataset = place
    return Point(
        tenant=tenant,
        entity=entity,
        attribute=attribute,
        dataset=dataset,
        at=at,
        instance=orjson.dumps({"type": "Property", "value": value}),
        number=None if isinstance(value, str) else float(value),
        got_at=got_at,
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that moves nothing."""
    store = open_store("sqlite:///:memory:")
    store.migrate()
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def moving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Mover]]:
    url = f"sqlite:///{tmp_path}/hub.sqlite3"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_store_url")
    with store_with_lake(url, tmp_path / "lake") as found:
        yield found


def test_the_same_questions_have_the_same_answers(plain: Store, moving: tuple[Store, Mover]) -> None:
    store, mover = moving

    @settings(max_examples=20)
    @given(st.lists(acts, min_size=2, max_size=9), st.lists(questions(), min_size=4, max_size=8))
    def holds(todo: list[Any], asked: list[Any]) -> None:
        tenant = f"t{next(numbers)}"
        for each in (plain, store):
            with each.transaction() as transaction:
                transaction.add_tenant(tenant)
                pasts = [
                    Past(tenant=tenant, id=e, types=("urn:T",), scopes=(), created_at=0, modified_at=0)
                    for e in ENTITIES
                ]
                transaction.put_pasts(pasts)
        for number, act in enumerate([*todo, ("move", DAYS)]):
            if act[0] == "move":
                mover.move(FIRST + act[1] * DAY)
            elif act[0] == "roll":
                roll(store, tenant, FIRST + act[1] * HOUR)
            else:
                clock = FIRST + 10 * DAY + number * HOUR
                assert apply(store, tenant, act, clock) == apply(plain, tenant, act, clock)
            for question in asked:
                assert answer(store, tenant, question) == answer(plain, tenant, question)
        left = list(store.reader.oldest(tenant, FIRST + DAYS * DAY))
        assert left == [], "all of it has moved"
        assert store.reader.lake_gone(tenant) == []

    holds()


def test_what_is_deleted_is_in_no_file_any_more(moving: tuple[Store, Mover], tmp_path: Path) -> None:
    store, mover = moving
    place, other = (ENTITIES[0], "urn:a", ""), (ENTITIES[1], "urn:a", "")
    apply(store, "", ("record", [(e, FIRST, f"personal {e[0]}", False) for e in (place, other)]), FIRST)
    mover.move(FIRST + DAY)
    apply(store, "", ("forget", place, True), FIRST)
    mover.move(FIRST + DAY)
    (file,) = store.reader.lake_files()
    held = pq.read_table(path_in(tmp_path / "lake", file))
    assert held["entity"].to_pylist() == [ENTITIES[1]]
    assert len(list((tmp_path / "lake").rglob("*.parquet"))) == 2, "the file before stays for those who read it"
    mover._replaced.clear()
    mover.sweep()
    assert list((tmp_path / "lake").rglob("*.parquet")) == [path_in(tmp_path / "lake", file)]


def test_a_day_that_is_written_to_while_it_moves_stays(
    moving: tuple[Store, Mover], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, mover = moving
    place = (ENTITIES[0], "urn:a", "")
    apply(store, "", ("record", [(place, FIRST, 1, False)]), FIRST)
    ask = mover._writing.ask

    def meanwhile(question: Any) -> Any:
        found = ask(question)
        apply(store, "", ("record", [(place, FIRST, 2, True)]), FIRST + 5)
        return found

    monkeypatch.setattr(mover._writing, "ask", meanwhile)
    assert mover.move(FIRST + DAY).put_off == 1
    assert store.reader.lake_files() == []
    monkeypatch.undo()
    assert mover.move(FIRST + DAY).instances == 1
    (point,) = store.reader.history(HistoryQuery(tenant="", entities=ENTITIES))
    assert (point.number, point.changed_at) == (2, FIRST + 5)


def test_history_goes_when_its_time_is_over(tmp_path: Path, store_url: str) -> None:
    with store_with_lake(store_url, tmp_path / "lake", **{"urn:T": 2 * DAY, "urn:U": None}) as (store, mover):
        with store.transaction() as transaction:
            for entity, types in zip(ENTITIES, (("urn:S", "urn:T"), ("urn:U",)), strict=True):
                past = Past(tenant="", id=entity, types=types, scopes=(), created_at=0, modified_at=0)
                transaction.put_pasts([past])
        seen = [((e, "urn:a", ""), FIRST + day * DAY, day, True) for e in ENTITIES for day in range(4)]
        apply(store, "", ("record", seen), FIRST)
        mover.move(FIRST + DAY)
        mover.expire(FIRST + 3 * DAY + HOUR)
        left = [(e.entity, e.number) for e in store.reader.history(HistoryQuery(tenant="", entities=ENTITIES))]
        assert left == [*((ENTITIES[0], n) for n in (1, 2, 3)), *((ENTITIES[1], n) for n in range(4))]
        mover.expire(FIRST + 9 * DAY)
        left = [e.entity for e in store.reader.history(HistoryQuery(tenant="", entities=ENTITIES))]
        assert left == [ENTITIES[1]] * 4


def test_what_was_not_committed_is_not_summed_up(moving: tuple[Store, Mover]) -> None:
    store, _ = moving
    place = (ENTITIES[0], "urn:a", "")
    apply(store, "", ("record", [(place, FIRST + n * HOUR, n, True) for n in range(48)]), FIRST)
    (series,) = {each.series for each in store.reader.history(HistoryQuery(tenant="", entities=ENTITIES))}
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        _ = transaction.roll("", series, FIRST + 24 * HOUR) / 0
    roll(store, "", FIRST + 48 * HOUR)
    asked = HistoryQuery(tenant="", entities=ENTITIES, time="observedAt")
    query = AggregateQuery(history=asked, origin=FIRST, width=DAY, methods=frozenset({"totalCount"}))
    (found,) = store.reader.aggregates(query)
    assert found.values == {"totalCount": [24, 24]}
