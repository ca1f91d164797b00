"""A bulk load leaves what the same observations would have left, had each come as an upsert through the writer."""

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.ingest import rows as rows_module
from simos.hub.ingest.loading import Part, load, loading
from simos.hub.ingest.rows import Column, Rows, writes_of
from simos.hub.past import has_deletion
from simos.hub.store.base import HistoryQuery, Store
from simos.hub.values import Change, ChangeKind, Entity, Write
from simos.hub.writer import Writer
from simos.kernel.clock import FrozenClock, at_micros, clock_set_to, micros_of
from tests.conformance.things import AT, TENANT, point

TYPE, OTHER_TYPE = CORE.name("AirQualityObserved"), CORE.name("Device")
PM10, STATE, PLACE = CORE.name("pm10"), CORE.name("state"), CORE.name("location")
IDS = [f"urn:ngsi-ld:AirQualityObserved:{n}" for n in range(3)]
NOW = at_micros(AT)
HOUR = 3_600_000_000

_times = st.sampled_from([AT - 2 * HOUR, AT - HOUR, AT - HOUR + 1, AT, AT + 60_000_000, AT + HOUR, AT + 2 * HOUR])
"""In the past, within what a clock may be ahead, and beyond."""

_values = st.sampled_from([None, 0, 1, 1.5, -3, 1e300, "polno", True, {"b": 1, "a": [2]}])


@st.composite
def _rows(draw: Any) -> Rows:
    count = draw(st.integers(0, 8))
    which = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    at = draw(st.lists(_times, min_size=count, max_size=count))
    values = st.lists(_values, min_size=count, max_size=count)
    datasets = st.lists(st.sampled_from(["", "urn:ngsi-ld:Dataset:b"]), min_size=count, max_size=count)
    places = [{"type": "Point", "coordinates": [14.5, 46.0 + n]} for n in range(2)]
    columns = [
        Column(attribute=PM10, values=draw(values), unit="GQ", datasets=draw(st.none() | datasets)),
        Column(attribute=STATE, values=draw(values)),
        Column(
            attribute=PLACE,
            kind="GeoProperty",
            values=draw(st.lists(st.none() | st.sampled_from(places), min_size=count, max_size=count)),
        ),
    ]
    types = draw(st.sampled_from([(TYPE,), (OTHER_TYPE,)]))
    return Rows(types=types, ids=IDS, which=which, at=list(at), columns=columns)


def _written(store: Store, parts: list[Rows]) -> list[Change]:
    """Each row as an upsert, through the writer."""
    changes: list[Change] = []

    async def write() -> None:
        writer = Writer(store, changes.extend)
        for part in parts:
            writes: list[Write] = list(writes_of(part, TENANT))
            if writes:
                assert not any(outcome.refused for outcome in await writer.submit(writes))
        await writer.close()

    asyncio.run(write())
    return changes


def _loaded(store: Store, parts: list[Rows]) -> list[Change]:
    changes: list[Change] = []

    async def write() -> None:
        writer = Writer(store, changes.extend)
        for number, rows in enumerate(parts):
            sent = rows_module.from_json(rows_module.as_json(rows))
            part = Part(tenant=TENANT, key="k", until=number, last=False, notify=False, rows=sent)
            await writer.load(loading(part, has_deletion))
        await writer.close()

    asyncio.run(write())
    return changes


def _untimed(entity: Entity) -> Any:
    attributes = {
        name: sorted(
            ({k: v for k, v in each.items() if k not in ("createdAt", "modifiedAt")} for each in instances),
            key=lambda each: each.get("datasetId", ""),
        )
        for name, instances in entity.attributes.items()
    }
    return entity.types, entity.scopes, attributes


def _left(store: Store, changes: list[Change]) -> Any:
    """What can be told apart from outside; when the hub got it is another in both."""
    history = store.reader.history(HistoryQuery(tenant=TENANT, entities=tuple(IDS)))
    corrected = sorted(
        (each.entity, orjson.dumps(each.attributes, option=orjson.OPT_SORT_KEYS))
        for each in changes
        if each.kind is ChangeKind.CORRECTED
    )
    return (
        {each.id: _untimed(each) for each in store.reader.entities_of(TENANT, IDS).values()},
        [(p.entity, p.attribute, p.dataset, p.at, p.instance, p.number) for p in history],
        {p.got_at is None for p in store.reader.history(HistoryQuery(tenant=TENANT, entities=tuple(IDS)))},
        corrected,
        store.reader.types(TENANT),
        [(each.type, each.attribute) for each in store.reader.attribute_uses(TENANT)],
    )


def _emptied(store: Store) -> None:
    with store.transaction() as transaction:
        for entity in IDS:
            transaction.forget(TENANT, entity)
        transaction.delete([(TENANT, entity) for entity in IDS])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_rows(), parts=st.lists(_rows(), min_size=1, max_size=3))
def test_a_load_leaves_what_upserts_leave(store: Store, before: Rows, parts: list[Rows]) -> None:
    with clock_set_to(FrozenClock(NOW)):
        found = []
        for way in (_written, _loaded):
            _emptied(store)
            _written(store, [before])
            found.append(_left(store, way(store, parts)))
    written, loaded = found
    assert loaded == written


def _one(value: Any, at: int = AT, *, fixed: bool = False) -> Rows:
    column = Column(attribute=PM10, values=[value], fixed=fixed)
    return Rows(types=(TYPE,), ids=IDS[:1], which=[0], at=[at], columns=[column])


def test_what_stands_still_is_written_where_it_differs(store: Store) -> None:
    first, again, other = (_loaded(store, [_one(value, fixed=True)]) for value in (7, 7, 8))
    assert [len(each) for each in (first, again, other)] == [1, 0, 1]
    assert [point.instance for point in store.reader.history(HistoryQuery(tenant=TENANT, entities=(IDS[0],)))] == [
        b'{"type":"Property","value":7}',
        b'{"type":"Property","value":8}',
    ]


def test_a_load_is_quiet_unless_it_is_to_be_told(store: Store) -> None:
    quiet = _loaded(store, [_one(1)])
    assert [each.quiet for each in quiet] == [True]
    assert [each.quiet for each in store.reader.changes(0)] == [True]
    with store.transaction() as transaction:
        at = micros_of(NOW) + HOUR
        told = load(transaction, TENANT, _one(2, AT + 1), at=at, quiet=False, keeps_former=has_deletion)
    assert [each.quiet for each in told.changes] == [False]


def test_points_by_the_thousand_come_back_exactly(store: Store) -> None:
    texts = ["a\\b", "tab\t", "line\nfeed\r", "\u0000", "č 😀", "\\N", '"']
    points = [point("one", AT + n, texts[n % len(texts)]) for n in range(1500)]
    query = HistoryQuery(tenant=TENANT, entities=(points[0].entity,))
    for given_ in (points, points, [*points[:700], *(replace(each, at=each.at + 2000) for each in points)]):
        with store.transaction() as transaction:
            assert transaction.record(given_) == []
    assert list(store.reader.history(query)) == [*points, *(replace(each, at=each.at + 2000) for each in points)]


def test_how_far_a_load_is_moves_with_its_rows_or_not_at_all(store: Store) -> None:
    part = Part(tenant=TENANT, key="file", until=5, last=False, notify=False, rows=_one(1))
    with contextlib.suppress(ZeroDivisionError), store.transaction() as transaction:
        loading(part, has_deletion)(transaction, AT)
        _ = 1 / 0
    assert store.reader.notes("load") == {}
    assert store.reader.entities_of(TENANT, IDS) == {}
    with store.transaction() as transaction:
        loading(replace(part, last=True), has_deletion)(transaction, AT)
    assert '"until":5,"finished":true' in store.reader.notes("load", "file")["file"]


@pytest.mark.parametrize("given_", ["", "noted", "noted otherwise"])
def test_notes_are_found_again(store: Store, given_: str) -> None:
    with store.transaction() as transaction:
        transaction.put_note("feed", "one", "before")
        transaction.put_note("feed", "one", given_)
        transaction.put_note("other", "one", "of another topic")
    assert store.reader.notes("feed") == ({"one": given_} if given_ else {})
