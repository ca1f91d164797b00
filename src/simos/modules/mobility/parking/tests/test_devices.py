"""A day of devices that are stuck, silent or miss cars, beside good ones: each is found, and no driver is misled."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.client import HubClient
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.geo import Point
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.actions.sources import correct_count
from simos.modules.mobility.parking.queries import counts_of
from simos.modules.mobility.parking.rules.counting import SpotStatus, free_by_spots
from simos.modules.mobility.parking.rules.counts import state_of
from simos.modules.mobility.parking.rules.trust import Doubt, Standing
from simos.modules.mobility.parking.simulators.devices import Counter, Device, Gates, Spots, Stuck, device_of
from simos.modules.mobility.parking.simulators.tide import free_at
from simos.modules.mobility.parking.tests.conftest import CELJE, NOW
from simos.modules.mobility.parking.tests.test_sources import follow, judged
from simos.modules.mobility.parking.values import Entrance, FacilityFacts, Kind, State, Way
from simos.modules.mobility.parking.values.sources import ENTERED, LEFT, STATUS
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM, in_city

HALF_AN_HOUR = timedelta(minutes=30)
IN, OUT = Entrance(place=Point(15.26, 46.23), way=Way.IN), Entrance(place=Point(15.26, 46.23), way=Way.OUT)
SEED = 1


def garage(code: str) -> FacilityFacts:
    return FacilityFacts(code=code, name=code, kind=Kind.GARAGE, capacity=200, entrances=(IN, OUT))


def lot(code: str, capacity: int = 300) -> FacilityFacts:
    return FacilityFacts(code=code, name=code, capacity=capacity)


def played(facts: FacilityFacts, *, misses: bool = False) -> Device:
    return device_of("celje", facts, seed=SEED, totals={}, free=None, misses=misses)


GOOD = (garage("dvor"), lot("trg", 40), lot("lava"), lot("golovec"))
STUCK, SILENT, MISSING = lot("obtical"), garage("tih"), garage("zgresen")
ALL = (*GOOD, STUCK, SILENT, MISSING)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=20))
def test_gates_count_each_car_once_and_tell_when_something_passed(frees: list[int]):
    device, told = played(garage("dvor")), dict[str, tuple[int, int]]()
    assert isinstance(device, Gates)
    for step, free in enumerate(frees):
        for gate in device.says(free, NOW + step * timedelta(seconds=2)):
            totals = (gate[ENTERED]["value"], gate[LEFT]["value"])
            assert totals >= told.get(gate["id"], (0, 0))
            told[gate["id"]] = totals
        assert sum(came - went for came, went in told.values()) == 200 - free


@given(st.integers(0, 40), st.integers(0, 40))
def test_sensors_tell_what_has_changed_and_all_of_it(first: int, second: int):
    device, told = played(lot("trg", 40)), dict[str, str]()
    assert isinstance(device, Spots)
    for step, free in enumerate((first, second)):
        said = device.says(free, NOW + step * timedelta(seconds=2))
        assert step == 0 or len(said) == abs(second - first)
        told |= {each["id"]: each[STATUS]["value"] for each in said}
        assert free_by_spots(told.values()).free == free
    assert list(told.values()).count(SpotStatus.OCCUPIED) == 40 - second


def test_gates_go_on_from_what_they_told_before():
    before = played(garage("dvor"))
    totals = {each["id"]: (each[ENTERED]["value"], each[LEFT]["value"]) for each in before.says(120, NOW)}
    again = device_of("celje", garage("dvor"), seed=SEED, totals=totals, free=120, misses=False)
    assert sum(each[ENTERED]["value"] - each[LEFT]["value"] for each in again.says(110, NOW)) == 90


@pytest.fixture
def day(hub: HubClient, switched_on: None) -> Iterator[datetime]:
    """Each step lets half an hour pass, from six in the morning; all that follows from it has been done."""
    save_facilities(CELJE, ALL, by=SYSTEM, at=NOW)
    devices = {facts.code: (facts, played(facts)) for facts in GOOD}
    devices |= {STUCK.code: (STUCK, Stuck(Counter("celje", STUCK))), SILENT.code: (SILENT, played(SILENT))}
    devices |= {MISSING.code: (MISSING, played(MISSING, misses=True))}

    def steps() -> Iterator[datetime]:
        for number in itertools.count():
            at = NOW - timedelta(hours=6) + number * HALF_AN_HOUR
            with clock_set_to(FrozenClock(at)):
                for facts, device in devices.values():
                    if facts is SILENT and number > 4:
                        continue
                    if said := device.says(free_at(facts.code, facts.capacity or 0, at, SEED), at):
                        assert hub.upsert("celje", said).refused == ()
                follow()
            yield at

    return steps()


def seen_by_drivers(at: datetime) -> Mapping[str, State]:
    with in_city("celje"):
        counts = counts_of(reader(), "celje")
    return {facts.code: state_of(counts.get(facts.code), facts.capacity, at) for facts in ALL}


def test_each_fault_is_found_no_driver_is_misled_and_an_officer_makes_it_good(day: Iterator[datetime]):
    found: dict[str, tuple[Doubt, datetime]] = {}
    for at in itertools.islice(day, 34):
        sources, states = judged(at), seen_by_drivers(at)
        for code, source in sources.items():
            if source.standing in (Standing.SILENT, Standing.FAULTY):
                found.setdefault(code, (Doubt(source.doubt), at))
                assert states[code] in (State.STALE, State.UNKNOWN)
        assert all(states[facts.code] in (State.FREE, State.FEW, State.FULL) for facts in GOOD)
    assert {code: doubt for code, (doubt, _) in found.items()} == {
        STUCK.code: Doubt.STUCK,
        SILENT.code: Doubt.SILENT,
        MISSING.code: Doubt.ASTRAY,
    }
    began = NOW - timedelta(hours=6)
    assert found[STUCK.code][1] <= began + timedelta(hours=4)
    assert found[SILENT.code][1] <= began + timedelta(hours=4)

    with clock_set_to(FrozenClock(at)):
        truly = free_at(MISSING.code, 200, at, SEED)
        correct_count(CELJE, MISSING.code, truly, reason="prešteto", holds_from=at, by=SYSTEM, at=at)
        follow()
    assert judged(at + timedelta(seconds=30))[MISSING.code].standing == Standing.GOOD
    with in_city("celje"):
        assert counts_of(reader(), "celje")[MISSING.code].free == truly
    assert seen_by_drivers(at)[MISSING.code] in (State.FREE, State.FEW)
