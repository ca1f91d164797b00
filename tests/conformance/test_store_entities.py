"""The store port: entities, put, found and forgotten, the same on both databases."""

from dataclasses import replace
from typing import Any

import pytest

from simos.hub.query import Compare, GeoCondition, GeoRelation, Literal, Op, Path, Sort
from simos.hub.store import reading
from simos.hub.store.base import EntityQuery, Store
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity
from tests.conformance.things import (
    AT,
    FREE,
    NAME,
    PARKING,
    SENSOR,
    TENANT,
    codes,
    entity,
    free,
    located,
    placed,
    put,
    urn,
)

BOX = {"type": "Polygon", "coordinates": [[[15.0, 46.0], [15.5, 46.0], [15.5, 46.5], [15.0, 46.5], [15.0, 46.0]]]}


def found(store: Store, **conditions: Any) -> list[str]:
    return codes(store.reader.entities(EntityQuery(tenant=TENANT, **conditions)).entities)


def test_an_entity_comes_back_as_it_was_put(store: Store) -> None:
    whole = entity(
        "gláži–ja-😀",
        {
            NAME: [{"type": "Property", "value": 'Žička "kartuzija" \\ \u0000 \u2028 日本 😀'}],
            FREE: [
                {"type": "Property", "value": 1.0, "unitCode": "C62", "createdAt": "2025-09-01T00:00:00.123457Z"},
                {
                    "type": "Property",
                    "value": [1, 1e-7, 9007199254740993, None, True, {"b": 1, "a": {}}],
                    "datasetId": "d",
                },
            ],
        },
        types=(PARKING, SENSOR),
        scopes=("/mesto/center", "/šola"),
        created_at=AT,
        modified_at=AT + 1,
    )
    put(store, whole)
    assert store.reader.entity(TENANT, whole.id) == whole
    assert repr(store.reader.entity(TENANT, whole.id)) == repr(whole), "1.0 is not 1, and members keep their order"
    with store.transaction() as transaction:
        assert transaction.entities([whole.key]) == {whole.key: whole}


def test_tenants_do_not_see_each_other(store: Store) -> None:
    ours, theirs, nobodys = (entity("one", free(n), tenant=t) for n, t in enumerate((TENANT, "koper", "")))
    put(store, ours, theirs, nobodys)
    for each in (ours, theirs, nobodys):
        assert store.reader.entity(each.tenant, each.id) == each
        assert list(store.reader.entities(EntityQuery(tenant=each.tenant)).entities) == [each]
        assert store.reader.types(each.tenant) == {PARKING: 1}
    with store.transaction() as transaction:
        transaction.delete([ours.key])
    assert store.reader.entity(TENANT, ours.id) is None
    assert store.reader.entity("koper", theirs.id) == theirs


def test_putting_again_replaces_the_whole(store: Store) -> None:
    put(store, entity("one", free(1) | placed(15.2, 46.2), types=(PARKING, SENSOR)))
    later = entity("one", {NAME: [{"type": "Property", "value": "x"}]}, types=(SENSOR,), modified_at=AT + 5)
    put(store, later)
    assert store.reader.entity(TENANT, later.id) == later
    assert found(store, types=(PARKING,)) == []
    assert found(store, types=(SENSOR,)) == ["one"]
    assert found(store, attributes=(FREE, LOCATION)) == []
    assert found(store, attributes=(NAME,)) == ["one"]


def test_the_last_of_two_in_one_put_stays(store: Store) -> None:
    put(store, entity("one", free(1), types=(PARKING,)), entity("one", free(2), types=(SENSOR,)))
    assert store.reader.entity(TENANT, urn("one")) == entity("one", free(2), types=(SENSOR,))
    assert store.reader.types(TENANT) == {SENSOR: 1}


def test_a_transaction_sees_its_own_writes_and_nobody_else_does(store: Store) -> None:
    one, two = entity("one"), entity("two")
    put(store, two)
    with store.transaction() as transaction:
        assert transaction.entities([one.key, two.key]) == {two.key: two}
        transaction.put([one])
        transaction.delete([two.key])
        assert transaction.entities([one.key, two.key]) == {one.key: one}
        changed = replace(one, attributes=free(9))
        transaction.put([changed])
        assert transaction.entities([one.key])[one.key] == changed
        assert codes(store.reader.entities(EntityQuery(tenant=TENANT)).entities) == ["two"]
        assert store.reader.entity(TENANT, one.id) is None
    assert found(store) == ["one"]


def test_deleting_leaves_no_trace_of_the_present(store: Store) -> None:
    put(store, entity("one", free(1) | placed(15.2, 46.2)), entity("two"))
    with store.transaction() as transaction:
        transaction.delete([(TENANT, urn("one")), (TENANT, urn("never there")), (TENANT, urn("one"))])
    assert found(store) == ["two"]
    assert found(store, types=(PARKING,)) == ["two"]
    assert found(store, attributes=(FREE,)) == ["two"]
    assert found(store, geo=near(15.2, 46.2, 1000)) == []
    assert store.reader.types(TENANT) == {PARKING: 1}
    with store.transaction() as transaction:
        transaction.delete([(TENANT, urn("two"))])
        transaction.put([entity("two", {NAME: [{"type": "Property", "value": 1}]}, types=(SENSOR,))])
    assert store.reader.types(TENANT) == {SENSOR: 1}
    assert found(store, attributes=(FREE,)) == []


def test_types_are_counted(store: Store) -> None:
    put(store, entity("1", types=(PARKING,)), entity("2", types=(PARKING, SENSOR)), entity("3", types=(SENSOR,)))
    assert store.reader.types(TENANT) == {PARKING: 2, SENSOR: 2}
    assert store.reader.types("nowhere") == {}


@pytest.fixture
def ten(store: Store) -> Store:
    """0..9, the even ones parkings, those divisible by three sensors; free places as the number."""
    for n in (3, 7, 0, 9, 1, 8, 5, 2, 6, 4):
        types = tuple(name for name, by in ((SENSOR, 3), (PARKING, 2)) if n % by == 0) or ("https://example.org/Other",)
        put(store, entity(str(n), free(n) if n < 8 else {NAME: [{"type": "Property", "value": "x"}]}, types=types))
    return store


def test_queries_by_type_id_pattern_and_attribute(ten: Store) -> None:
    assert found(ten, types=(PARKING,)) == list("02468")
    assert found(ten, types=(PARKING, SENSOR)) == list("0234689")
    assert found(ten, types=("https://example.org/None",)) == []
    assert found(ten, ids=(urn("7"), urn("1"), urn("none"))) == list("17")
    assert found(ten, types=(SENSOR,), ids=(urn("7"), urn("3"))) == ["3"]
    assert found(ten, types=(PARKING, SENSOR), ids=(urn("7"), urn("3"))) == ["3"]
    assert found(ten, id_pattern="celje:[2-4]$") == list("234")
    assert found(ten, attributes=(NAME,)) == list("89")
    assert found(ten, attributes=(NAME, FREE)) == list("0123456789")
    assert found(ten, types=(PARKING,), attributes=(NAME,)) == ["8"]
    assert found(ten, types=(PARKING, SENSOR), attributes=(NAME,), ids=(urn("9"),)) == ["9"]


def test_an_attribute_without_instances_is_not_there(store: Store) -> None:
    put(store, entity("one", {FREE: []}))
    assert found(store, attributes=(FREE,)) == []


def above(number: int) -> Compare:
    return Compare(Path((FREE,)), Op.MORE_OR_EQUAL, (Literal(Sort.NUMBER, number),))


CASES: list[tuple[dict[str, Any], str]] = [
    ({}, "0123456789"),
    ({"types": (PARKING,)}, "02468"),
    ({"types": (PARKING, SENSOR)}, "0234689"),
    ({"q": above(3)}, "34567"),
    ({"types": (PARKING, SENSOR), "q": above(3)}, "346"),
    ({"id_pattern": "[02468]$", "attributes": (FREE,)}, "0246"),
]


@pytest.mark.parametrize(("conditions", "all_of_them"), CASES)
def test_pages_follow_each_other_and_count_everything(
    ten: Store, conditions: dict[str, Any], all_of_them: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)  # what is judged in Python is read in parts
    for limit in (1, 2, 3, 20):
        pages = [found(ten, limit=limit, offset=offset, **conditions) for offset in range(0, 10, limit)]
        assert [code for page in pages for code in page] == list(all_of_them)
    for limit, offset in ((0, 0), (2, 1), (20, 0), (2, 50)):
        page = ten.reader.entities(EntityQuery(tenant=TENANT, limit=limit, offset=offset, count=True, **conditions))
        assert page.total == len(all_of_them)
        assert codes(page.entities) == list(all_of_them)[offset : offset + limit]
    assert ten.reader.entities(EntityQuery(tenant=TENANT, **conditions)).total is None


def test_order_is_that_of_code_points(store: Store) -> None:
    names = ["a", "B", "ž", "Ž", "z", "_", "9", "10", "😀", "\uffee", "a b", "a-b"]
    for name in names:
        put(store, entity(name))
    with store.transaction() as transaction:  # who knows how few there are may choose to read them as they lie
        transaction._session.rows("ANALYZE")  # type: ignore[attr-defined]
    assert found(store) == sorted(names)
    assert found(store, types=(PARKING,)) == sorted(names)
    assert [code for n in range(12) for code in found(store, limit=1, offset=n)] == sorted(names)


def near(longitude: float, latitude: float, metres: float) -> GeoCondition:
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return GeoCondition(relation=GeoRelation.NEAR, geometry=geometry, geoproperty=LOCATION, max_distance=metres)


def within(geometry: dict[str, Any]) -> GeoCondition:
    return GeoCondition(relation=GeoRelation.WITHIN, geometry=geometry, geoproperty=LOCATION)


def test_places_are_found(store: Store) -> None:
    line = {"type": "LineString", "coordinates": [[15.1, 46.1], [15.2, 46.2]]}
    put(
        store,
        entity("inside", placed(15.2, 46.2)),
        entity("line", located(line)),
        entity("outside", placed(15.6, 46.2)),
        entity("north", placed(15.2, 46.6)),
        entity("nowhere"),
        entity("word", {LOCATION: [{"type": "Property", "value": "by the river"}]}),
        entity("elsewhere", placed(15.2, 46.2), tenant="koper"),
    )
    assert found(store, geo=within(BOX)) == ["inside", "line"]
    assert found(store, geo=near(15.6, 46.2, 10)) == ["outside"]
    page = store.reader.entities(EntityQuery(tenant=TENANT, geo=within(BOX), limit=1, offset=1, count=True))
    assert (codes(page.entities), page.total) == (["line"], 2)
    put(
        store,
        entity("outside", placed(15.3, 46.3)),
        entity("inside", placed(0, 0)),
        entity("nowhere", placed(15.4, 46.1)),
    )
    put(store, entity("line"))
    assert found(store, geo=within(BOX), types=(PARKING,)) == ["nowhere", "outside"]


def test_what_lies_far_away_is_found_where_it_is_asked_for(store: Store) -> None:
    put(store, entity("here", placed(15.2, 46.2)), entity("there", placed(15.6, 46.2)))
    away = GeoCondition(
        relation=GeoRelation.NEAR,
        geometry=placed(15.2, 46.2)[LOCATION][0]["value"],
        geoproperty=LOCATION,
        min_distance=1000,
    )
    assert found(store, geo=away) == ["there"]
    apart = GeoCondition(relation=GeoRelation.DISJOINT, geometry=BOX, geoproperty=LOCATION)
    assert found(store, geo=apart) == ["there"]


def test_a_place_with_two_datasets_is_found_by_either(store: Store) -> None:
    instances = [placed(15.2, 46.2)[LOCATION][0], placed(15.6, 46.3)[LOCATION][0] | {"datasetId": "urn:gps"}]
    two: Entity = entity("two", {LOCATION: instances})
    put(store, two)
    put(store, replace(two, id=urn("turned"), attributes={LOCATION: instances[::-1]}))
    assert found(store, geo=near(15.2, 46.2, 10)) == ["turned", "two"]
    assert found(store, geo=near(15.6, 46.3, 10)) == ["turned", "two"]


def test_other_places_than_the_location_are_asked_too(store: Store) -> None:
    entrance = "https://example.org/entrance"
    put(store, entity("one", placed(0, 0) | {entrance: placed(15.2, 46.2)[LOCATION]}))
    assert found(store, geo=replace(within(BOX), geoproperty=entrance)) == ["one"]
    assert found(store, geo=within(BOX)) == []
