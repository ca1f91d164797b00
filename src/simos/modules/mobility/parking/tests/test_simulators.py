"""The played day is the same for the same seed, stays within what is built, and is lively enough to be looked at."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.client import HubClient
from simos.modules.mobility.parking.demo import FACILITIES, STREETS, load
from simos.modules.mobility.parking.queries import facilities_of, history_of
from simos.modules.mobility.parking.simulators import playing
from simos.modules.mobility.parking.simulators.tide import free_at
from simos.modules.mobility.parking.tests.conftest import CELJE, NOW
from simos.platform.things.door import reader
from simos.platform.things.simulation import Site
from simos.testing.acting import SYSTEM, in_city

moments = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda ahead: NOW + ahead)
CAPACITIES = {code: capacity for code, _, _, capacity, _, _ in FACILITIES}


@given(st.text("abc-", max_size=5), st.integers(1, 2000), moments, st.integers())
def test_free_spaces_are_between_none_and_all_and_the_same_for_the_same_seed(code, capacity, at, seed):
    free = free_at(code, capacity, at, seed)
    assert 0 <= free <= capacity
    assert free_at(code, capacity, at, seed) == free


def test_another_seed_plays_another_day():
    days = [[free_at("golovec", 520, NOW + timedelta(hours=hour), seed) for hour in range(24)] for seed in (1, 2)]
    assert days[0] != days[1]


@pytest.mark.parametrize("code", CAPACITIES)
def test_each_facility_changes_within_minutes_and_empties_by_night(code):
    day = [free_at(code, CAPACITIES[code], NOW + timedelta(minutes=5 * step), 1) for step in range(288)]
    assert len(set(day)) > 10
    night = free_at(code, CAPACITIES[code], NOW + timedelta(hours=14), 1)
    assert night > min(day) + CAPACITIES[code] / 3


def test_in_any_quarter_of_an_hour_of_the_day_some_number_changes():
    for hour in range(24):
        at = NOW + timedelta(hours=hour)
        assert any(
            free_at(code, capacity, at, 1) != free_at(code, capacity, at + timedelta(minutes=15), 1)
            for code, capacity in CAPACITIES.items()
        )


@pytest.mark.django_db
def test_it_sends_the_day_behind_and_then_the_present(hub: HubClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(playing, "EVERY_SECONDS", 0.01)
    site = Site(city="celje", base_url=hub.base, token=hub.token, mqtt_host="", mqtt_port=0, seed=1)
    stop = threading.Event()
    thread = threading.Thread(target=playing.run, args=(site, stop))
    thread.start()

    def seen():
        return [
            (count.observed_at, count.free)
            for count in history_of(
                reader(), "celje", "glazija", since=NOW - timedelta(days=2), until=NOW + timedelta(1)
            )
        ]

    while not (found := seen()) or found[-1][0] < NOW:
        assert thread.is_alive()
        stop.wait(0.01)
    stop.set()
    thread.join()
    assert [at for at, _ in found] == [NOW - timedelta(minutes=15) * step for step in range(193, -1, -1)]
    assert all(free == free_at("glazija", 320, at, 1) for at, free in found)


@pytest.mark.usefixtures("switched_on")
def test_the_demo_is_loaded_once_and_marked():
    for _ in range(2):
        load(CELJE, by=SYSTEM, at=NOW)
    with in_city("celje"):
        found = facilities_of()
    assert {facility.code for facility in found} == {*CAPACITIES, *(code for code, *_ in STREETS)}
    assert all(facility.is_demo and facility.facts.place for facility in found)
