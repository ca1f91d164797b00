"""Counts and their history as the hub holds them: the newest one, whole days, and nothing that is no count."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from simos.hub.client import HubClient
from simos.kernel.errors import NotFound
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.queries import count_of, counts_of, facility_of, history_of
from simos.modules.mobility.parking.queries import facilities as queries
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, NOW, counted
from simos.modules.mobility.parking.values import FREE, TYPE, Count
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM, in_city

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_celje(db: None) -> Iterator[None]:
    """Counts are believed as the city in force judges their source."""
    with in_city("celje"):
        yield


def history(since=NOW - 3 * HOUR, until=NOW):
    found = history_of(reader(), "celje", "glazija", since=since, until=until)
    return [((count.observed_at - NOW) / HOUR, count.free) for count in found]


def test_the_newest_count_of_each_facility_by_its_code(hub: HubClient):
    counted(hub, "glazija", 80, HOUR)
    counted(hub, "glazija", 90, 2 * HOUR)  # came late
    counted(hub, "lava.2", 5, HOUR)
    counted(hub, "glazija", 7, city="koper")
    assert counts_of(reader(), "celje") == {
        "glazija": Count(free=80, observed_at=NOW - HOUR),
        "lava.2": Count(free=5, observed_at=NOW - HOUR),
    }
    assert count_of(reader(), "celje", "glazija") == Count(free=80, observed_at=NOW - HOUR)
    assert count_of(reader(), "celje", "lava") is None


@pytest.mark.parametrize("value", ["many", True, {"free": 3}])
def test_what_is_no_number_is_no_count(hub: HubClient, value: object):
    counted(hub, "glazija", value)
    assert counts_of(reader(), "celje") == {}
    assert history(until=NOW + HOUR) == []


def test_a_count_without_a_time_counts_from_when_it_came(hub: HubClient):
    hub.upsert("celje", [{"id": queries.id_of("celje", "lava"), "type": TYPE, FREE: {"type": "Property", "value": 5}}])
    found = counts_of(reader(), "celje")["lava"]
    assert found.free == 5
    assert abs(found.observed_at - NOW) < timedelta(seconds=1)


def test_counts_of_a_part_and_things_named_otherwise_are_not_taken_for_a_facilitys(hub: HubClient):
    part = {"type": "Property", "value": 3, "datasetId": "urn:ngsi-ld:Dataset:disabled"}
    hub.upsert("celje", [{"id": queries.id_of("celje", "lava"), "type": TYPE, FREE: part}])
    hub.upsert("celje", [{"id": "urn:other:1", "type": TYPE, FREE: {"type": "Property", "value": 9}}])
    assert counts_of(reader(), "celje") == {}


def test_however_many_facilities_a_city_has_all_are_read(hub: HubClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    for number in range(5):
        counted(hub, f"p{number}", number)
    assert {code: count.free for code, count in counts_of(reader(), "celje").items()} == {
        f"p{number}": number for number in range(5)
    }


def test_history_is_in_order_begins_with_what_held_and_ends_before_its_end(hub: HubClient):
    for ago, free in ((2, 20), (5, 50), (0, 0), (3, 30), (6, 60), (1, 10)):
        counted(hub, "glazija", free, ago * HOUR)
    assert history() == [(-5, 50), (-3, 30), (-2, 20), (-1, 10)]
    assert history(until=NOW + HOUR)[-1] == (0, 0)
    assert history(since=NOW - 9 * HOUR)[0] == (-6, 60)


@pytest.mark.usefixtures("switched_on")
def test_a_facility_is_known_in_its_city_only():
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert facility_of("glazija").facts == GLAZIJA
        with pytest.raises(NotFound, match="'lava'"):
            facility_of("lava")
    with in_city("koper"), pytest.raises(NotFound):
        facility_of("glazija")
