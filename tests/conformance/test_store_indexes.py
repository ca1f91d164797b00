"""The store port: what it is asked for often is found by an index, however many entities there are."""

import pytest

from simos.hub.query import GeoCondition, GeoRelation
from simos.hub.store.base import EntityQuery, HistoryQuery
from simos.hub.store.opening import open_store
from simos.hub.store.rows import LOCATION
from simos.hub.store.sqlite import SqliteStore
from tests.conformance.things import PARKING, SENSOR, TENANT, entity, placed, point, put

NEAR = GeoCondition(
    relation=GeoRelation.NEAR,
    geometry={"type": "Point", "coordinates": [15.2, 46.2]},
    geoproperty=LOCATION,
    max_distance=100,
)


@pytest.mark.parametrize(
    "query",
    [
        EntityQuery(tenant=TENANT),
        EntityQuery(tenant=TENANT, types=(PARKING,), offset=40),
        EntityQuery(tenant=TENANT, types=(PARKING,), attributes=("https://example.org/a",)),
        EntityQuery(tenant=TENANT, ids=("urn:a", "urn:b")),
        EntityQuery(tenant=TENANT, types=(SENSOR,), ids=("urn:a", "urn:b")),
        EntityQuery(tenant=TENANT, geo=NEAR),
        EntityQuery(tenant=TENANT, types=(PARKING,), geo=NEAR),
        HistoryQuery(tenant=TENANT, entities=("urn:a",), last=1),
        HistoryQuery(tenant=TENANT, entities=("urn:a",), attributes=("https://example.org/a",), since=0),
    ],
    ids=str,
)
def test_no_table_is_read_from_end_to_end(query: EntityQuery | HistoryQuery) -> None:
    store = open_store("sqlite:///:memory:")
    assert isinstance(store, SqliteStore)
    store.migrate()
    put(store, *(entity(str(n), placed(15 + n / 100, 46)) for n in range(100)))
    with store.transaction() as transaction:
        transaction.record([point(str(n), n, n) for n in range(100)])
    said: list[str] = []
    with store._readers.lent() as session:
        session.connection.set_trace_callback(said.append)
    list(store.reader.history(query)) if isinstance(query, HistoryQuery) else store.reader.entities(query)
    with store._readers.lent() as session:
        session.connection.set_trace_callback(None)
        plans = [row[3] for sql in said for row in session.rows(f"EXPLAIN QUERY PLAN {sql}")]
    store.close()
    assert plans
    whole = [plan for plan in plans if plan.startswith("SCAN ") and "VIRTUAL TABLE" not in plan]
    assert not whole, plans
    assert not [plan for plan in plans if "TEMP B-TREE" in plan], plans
