"""The store port: points in time, corrections, and their order."""

from typing import Any

import pytest

from simos.hub.store import evolving
from simos.hub.store.base import HistoryQuery, Store
from simos.hub.values import Correction, Point
from tests.conformance.things import AT, FREE, NAME, TENANT, entity, point, put, urn


def record(store: Store, *points: Point) -> list[Correction]:
    with store.transaction() as transaction:
        return list(transaction.record(points))


def history(store: Store, *codes: str, **conditions: Any) -> list[Point]:
    entities = tuple(urn(code) for code in codes)
    return list(store.reader.history(HistoryQuery(tenant=TENANT, entities=entities, **conditions)))


def test_points_come_back_exactly(store: Store) -> None:
    points = [
        point("one", AT, 3),
        point("one", AT + 1, 2.5),
        point("one", AT + 2, "polno – ž 😀 \u0000"),
        point("one", -1, 0),
        point("one", 2**62, 1e300),
    ]
    assert record(store, *points) == []
    assert history(store, "one") == [points[3], points[0], points[1], points[2], points[4]]


def test_the_same_again_is_nothing_new(store: Store) -> None:
    points = [point("one", AT + n, n) for n in range(5)]
    record(store, *points)
    assert record(store, *points) == []
    assert record(store, *points, point("one", AT + 5, 5)) == []
    assert len(history(store, "one")) == 6


def test_another_value_is_a_correction(store: Store) -> None:
    before, after, other = point("one", AT, 1), point("one", AT, 2), point("one", AT + 1, 7)
    record(store, before)
    assert record(store, other, after) == [Correction(point=after, before=before.instance)]
    assert history(store, "one") == [after, other]
    assert record(store, after) == []


def test_corrections_within_one_call_follow_the_order_of_the_points(store: Store) -> None:
    one, two, three = (point("one", AT, n) for n in (1, 2, 3))
    assert record(store, one, two, two, three) == [
        Correction(point=two, before=one.instance),
        Correction(point=three, before=two.instance),
    ]
    assert record(store, one, three) == [
        Correction(point=one, before=three.instance),
        Correction(point=three, before=one.instance),
    ]
    assert history(store, "one") == [three]


def test_corrections_are_seen_in_the_same_transaction(store: Store) -> None:
    one, two = point("one", AT, 1), point("one", AT, 2)
    with store.transaction() as transaction:
        assert transaction.record([one]) == []
        assert list(transaction.record([two])) == [Correction(point=two, before=one.instance)]
    assert history(store, "one") == [two]


def test_nothing_to_record(store: Store) -> None:
    assert record(store) == []


def test_every_part_of_the_key_counts(store: Store) -> None:
    points = [
        point("one", AT, 1),
        point("two", AT, 2),
        point("one", AT, 3, attribute=NAME),
        point("one", AT, 4, dataset="urn:sensor:2"),
        point("one", AT + 1, 5),
        point("one", AT, 6, tenant="koper"),
    ]
    assert record(store, *points) == []
    assert {each.number for each in history(store, "one", "two")} == {1, 2, 3, 4, 5}
    theirs = store.reader.history(HistoryQuery(tenant="koper", entities=(urn("one"),)))
    assert [each.number for each in theirs] == [6]


@pytest.fixture
def long(store: Store) -> Store:
    """20 points of each of 2 entities, 2 attributes, 2 datasets, at AT, AT + 10, ..."""
    record(
        store,
        *(
            point(code, AT + n * 10, n, attribute=attribute, dataset=dataset)
            for n in (3, 1, 2, 0, *range(4, 20))
            for dataset in ("", "urn:d")
            for attribute in (NAME, FREE)
            for code in ("two", "one")
        ),
    )
    return store


@pytest.mark.parametrize("at_once", [3, 20, 10_000])
def test_order_is_entity_attribute_dataset_time(long: Store, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evolving, "POINTS_AT_ONCE", at_once)
    points = history(long, "two", "one", "none")
    keys = [(each.entity, each.attribute, each.dataset, each.at) for each in points]
    assert len(keys) == len(set(keys)) == 160
    assert keys == sorted(keys)
    assert {each.attribute for each in history(long, "one", attributes=(FREE,))} == {FREE}
    assert len(history(long, "one", attributes=(FREE,))) == 40


def test_a_span_holds_its_beginning_and_not_its_end(long: Store) -> None:
    def numbers(**conditions: Any) -> list[float | None]:
        return [each.number for each in history(long, "one", attributes=(FREE,), **conditions) if not each.dataset]

    assert numbers(since=AT + 30, until=AT + 60) == [3, 4, 5]
    assert numbers(since=AT + 31, until=AT + 61) == [4, 5, 6]
    assert numbers(since=AT + 180) == [18, 19]
    assert numbers(until=AT + 10) == [0]
    assert numbers(since=AT + 60, until=AT + 60) == []


def test_the_newest_of_each_attribute_in_order_of_time(long: Store) -> None:
    newest = history(long, "one", "two", last=2)
    assert [each.number for each in newest] == [18, 19] * 8
    assert [each.number for each in history(long, "one", last=2, until=AT + 50, attributes=(NAME,))] == [3, 4] * 2
    assert len(history(long, "one", last=100)) == 80


def test_history_outlives_the_entity(store: Store) -> None:
    put(store, entity("one"))
    record(store, point("one", AT, 1))
    with store.transaction() as transaction:
        transaction.delete([(TENANT, urn("one"))])
    assert history(store, "one") == [point("one", AT, 1)]


def test_a_slow_reader_of_history_is_in_nobodys_way(long: Store) -> None:
    slow = long.reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),)))
    first = next(slow)
    record(long, point("one", AT + 5, 99))
    assert long.reader.entity(TENANT, urn("one")) is None
    assert first.number == 0
    assert len(list(slow)) >= 79
