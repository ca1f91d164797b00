"""The store port: how entities evolved: which times, who has a history, what is gone, aggregates."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from simos.hub.store.base import AggregateQuery, EvolutionQuery, HistoryQuery, Store
from simos.hub.store.sql_store import SqlStore
from simos.hub.store.sqlite_tables import STEPS
from simos.hub.values import Correction, Past, Point
from tests.conformance.things import AT, FREE, NAME, PARKING, SENSOR, TENANT, entity, free, point, put, urn

HOUR = 3_600_000_000


def record(store: Store, *points: Point) -> list[Correction]:
    with store.transaction() as transaction:
        return list(transaction.record(points))


def times(store: Store, **conditions: Any) -> list[int]:
    query = HistoryQuery(tenant=TENANT, entities=(urn("one"),), **conditions)
    return [each.at - AT for each in store.reader.history(query)]


def test_each_time_of_a_point_is_asked_for(store: Store) -> None:
    observed, arrived = point("one", AT, 1, got_at=AT + 100), point("one", AT + 50, 2)
    record(store, observed, arrived)
    corrected = point("one", AT, 3, got_at=AT + 200)
    record(store, corrected)
    assert times(store) == [0, 50]
    assert times(store, time="observedAt") == [0], "the other bears none"
    assert times(store, time="createdAt") == [50, 0]
    assert times(store, time="createdAt", since=AT + 60, until=AT + 101) == [0], "corrected, it was made when it was"
    assert times(store, time="modifiedAt", since=AT + 199) == [0]
    assert times(store, time="modifiedAt", until=AT + 199) == [50]
    (found,) = store.reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),), time="observedAt"))
    assert (found.number, found.got_at, found.changed_at) == (3, AT + 100, AT + 200)


def test_oldest_newest_and_datasets(store: Store) -> None:
    record(store, *(point("one", AT + n, n) for n in range(5)), point("one", AT + 9, 9, dataset="urn:d"))
    assert times(store, first=2) == [0, 1, 9]
    assert times(store, last=2) == [3, 4, 9]
    assert times(store, datasets=("",), first=1) == [0]
    assert times(store, datasets=("urn:d",)) == [9]


def test_deletions_are_told_where_they_are_asked_for(store: Store) -> None:
    gone = replace(point("one", AT + 2, "gone"), deleted=True)
    record(store, point("one", AT, 1), point("one", AT + 5, 2))
    with store.transaction() as transaction:
        transaction.bury([gone])
        transaction.bury([gone])
    assert times(store) == [0, 5]
    assert times(store, deletions=True) == [0, 2, 5]
    assert times(store, time="deletedAt") == [2]
    (found,) = store.reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),), time="deletedAt"))
    assert found == gone


def past(code: str, **given: Any) -> Past:
    rest: dict[str, Any] = {"types": (PARKING,), "scopes": (), "created_at": AT, "modified_at": AT} | given
    return Past(tenant=TENANT, id=urn(code), **rest)


def evolving(store: Store, **conditions: Any) -> list[str]:
    found = store.reader.evolutions(EvolutionQuery(tenant=TENANT, **conditions))
    return [each.id.removeprefix(urn("")) for each in found]


def test_who_has_a_history_present_or_not(store: Store) -> None:
    put(store, entity("now"), entity("other", types=(SENSOR,)), entity("back"))
    gone = past("gone", deleted_at=AT + 9, scopes=("/a",))
    with store.transaction() as transaction:
        transaction.put_pasts([gone, past("never", types=(PARKING, SENSOR)), past("back", deleted_at=AT)])
        assert transaction.pasts([gone.key, (TENANT, urn("now"))]) == {gone.key: gone}
    record(store, point("gone", AT, 1, got_at=AT + 1), point("now", AT + 50, 1), point("now", AT, 1, attribute=NAME))
    assert evolving(store) == ["back", "gone", "never", "now", "other"]
    assert evolving(store, types=(PARKING,)) == ["back", "gone", "never", "now"]
    assert evolving(store, types=(SENSOR,)) == ["never", "other"]
    assert evolving(store, types=("https://smartdatamodels.org/%",)) == []
    assert evolving(store, ids=(urn("gone"), urn("other"))) == ["gone", "other"]
    assert evolving(store, attributes=(FREE,)) == ["gone", "now"]
    assert evolving(store, attributes=(NAME,)) == ["now"]
    assert evolving(store, time="observedAt") == ["gone"]
    assert evolving(store, time="createdAt", since=AT + 10) == ["now"]
    assert evolving(store, limit=2, after=urn("back")) == ["gone", "never"]
    found = {each.id: each for each in store.reader.evolutions(EvolutionQuery(tenant=TENANT))}
    assert found[urn("gone")] == gone
    assert found[urn("back")].deleted_at is None, "what is there was not deleted"


def test_history_is_forgotten_in_parts(store: Store) -> None:
    other = {"dataset": "urn:d"}
    record(store, point("one", AT, 1), point("one", AT, 2, **other), point("one", AT, 3, attribute=NAME))
    with store.transaction() as transaction:
        transaction.put_pasts([past("one")])
        assert not transaction.forget("koper", urn("one"))
        assert transaction.forget(TENANT, urn("one"), FREE, "")
        assert not transaction.forget(TENANT, urn("one"), FREE, "")
        assert transaction.forget(TENANT, urn("one"), FREE)
    assert evolving(store) == ["one"]
    (left,) = store.reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),)))
    with store.transaction() as transaction:
        assert transaction.point(TENANT, left.series, left.at) == left
        assert transaction.point("koper", left.series, left.at) is None
        assert transaction.forget_point(TENANT, left.series, left.at)
        assert not transaction.forget_point(TENANT, left.series, left.at)
        assert transaction.forget(TENANT, urn("one")), "its past"
    assert evolving(store) == []
    record(store, point("one", AT, 7))
    assert [each.number for each in store.reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),)))] == [7]


@pytest.mark.parametrize("width", [None, HOUR])
def test_aggregates(store: Store, width: int | None) -> None:
    record(store, *(point("one", AT + n * HOUR // 2, value) for n, value in enumerate([1, 2, 4, 8])))
    record(store, point("one", AT, "text", attribute=NAME))
    history = HistoryQuery(tenant=TENANT, entities=(urn("one"),))
    methods = frozenset({"sum", "max", "totalCount"})
    number, text = store.reader.aggregates(AggregateQuery(history=history, origin=AT, width=width, methods=methods))
    periods = [[1, 2, 4, 8]] if width is None else [[1, 2], [4, 8]]
    assert list(number.periods) == list(range(len(periods)))
    assert number.values == {
        "totalCount": [len(each) for each in periods],
        "sum": [sum(each) for each in periods],
        "max": [max(each) for each in periods],
    }
    assert text.values == {"totalCount": [1], "max": ["text"]}
    if width is None:
        assert (number.first, number.last) == (AT, AT + 3 * HOUR // 2)


def test_a_hub_of_an_earlier_release_keeps_its_history(tmp_path: Any, opened: Callable[[str], Store]) -> None:
    url = f"sqlite:///{tmp_path}/earlier.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        store = opened(url)
        assert isinstance(store, SqlStore)
        patch.setattr(type(store), "steps", STEPS[:2])
        store.migrate()
        with store.transaction() as transaction:
            session = transaction._session
            session.rows(
                "INSERT INTO series (id, tenant, entity, attribute, dataset) VALUES (1, 't', 'urn:x', 'a', '')"
            )
            seen = orjson.dumps({"observedAt": "2025-09-01T00:00:00Z", "type": "Property", "value": 1}).decode()
            for at, instance in ((5, seen), (6, '{"type":"Property","value":2}')):
                session.rows("INSERT INTO history VALUES ('t', 1, ?, ?, 1.0)", (at, instance))
    again = opened(url)
    again.migrate()
    query = HistoryQuery(tenant="t", entities=("urn:x",), time="observedAt")
    assert [(each.at, each.got_at) for each in again.reader.history(query)] == [(5, 5)]
    assert [each.at for each in again.reader.history(replace(query, time=""))] == [5, 6]


def test_entities_are_evolving_in_tenants_apart(store: Store) -> None:
    put(store, entity("one", free(1)), entity("one", free(1), tenant="koper"))
    assert [each.tenant for each in store.reader.evolutions(EvolutionQuery(tenant="koper"))] == ["koper"]
