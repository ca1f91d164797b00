"""A source is believed until what it says cannot be true; a fault is never passed on, a quiet night is no fault."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules.counts import out_of_reason, state_of
from simos.modules.mobility.parking.rules.trust import (
    CountedBy,
    Doubt,
    Evidence,
    Known,
    Standing,
    Trend,
    Verdict,
    leap_in,
    silent_after,
    trend_of,
    verdict_of,
)
from simos.modules.mobility.parking.tests.conftest import NOW
from simos.modules.mobility.parking.values import Count, Kind, State

MINUTE = timedelta(minutes=1)
GOOD = Evidence(counted_by=CountedBy.GATES, kind=Kind.GARAGE, capacity=100, free=40, observed_at=NOW)
MOVING = (0.5, 0.3, 0.02)

evidences = st.builds(
    Evidence,
    counted_by=st.sampled_from(CountedBy),
    kind=st.sampled_from(Kind),
    capacity=st.none() | st.integers(1, 500),
    free=st.none() | st.integers(-50, 700),
    observed_at=st.none() | st.timedeltas(timedelta(0), timedelta(hours=9)).map(lambda ago: NOW - ago),
    lowest=st.none() | st.integers(0, 5),
    highest=st.none() | st.integers(0, 5),
    others=st.lists(st.floats(0, 1), max_size=5),
    astray=st.integers(-40, 40),
    restarted=st.booleans(),
    spots=st.integers(0, 50),
    unknown=st.integers(0, 50),
    weak=st.integers(0, 3),
    set_aside=st.booleans(),
)


@given(evidences)
def test_what_drivers_are_shown_is_fresh_and_possible(evidence):
    verdict = verdict_of(evidence, NOW)
    nobody_counts = evidence.kind is Kind.STREET and verdict.doubt is Doubt.NEVER
    if not verdict.doubted and not nobody_counts:
        assert evidence.free is not None
        assert evidence.observed_at is not None
        assert not out_of_reason(evidence.free, evidence.capacity)
        assert NOW - evidence.observed_at <= silent_after(evidence.counted_by, evidence.kind)
        assert not evidence.restarted
        assert not evidence.set_aside
    assert (verdict.standing is Standing.GOOD) == (
        verdict.doubt is Doubt.NONE or (nobody_counts and not verdict.doubted)
    )


@given(evidences, evidences)
def test_what_gates_have_lost_stays_lost_until_it_is_corrected(first, second):
    lost = Known(verdict_of(replace(first, set_aside=False, free=5, observed_at=NOW, restarted=True), NOW), NOW)
    if lost.verdict.doubt is not Doubt.RESTARTED:
        return
    assert verdict_of(replace(second, counted_by=CountedBy.GATES, corrected_at=None), NOW + MINUTE, lost).doubted
    replaced = replace(GOOD, counted_by=CountedBy.COUNTER, observed_at=NOW + MINUTE)
    assert verdict_of(replaced, NOW + MINUTE, lost) == Verdict(), "nobody could correct it any more"
    mended = replace(GOOD, corrected_at=NOW + MINUTE, observed_at=NOW + MINUTE)
    assert verdict_of(mended, NOW + MINUTE, lost) == Verdict()


@pytest.mark.parametrize(
    ("changes", "standing", "doubt"),
    [
        ({}, Standing.GOOD, Doubt.NONE),
        ({"free": -1}, Standing.FAULTY, Doubt.NEGATIVE),
        ({"free": 113}, Standing.FAULTY, Doubt.OVER),
        ({"free": 105}, Standing.WATCHED, Doubt.OVER),
        ({"observed_at": NOW - 61 * MINUTE}, Standing.SILENT, Doubt.SILENT),
        ({"free": None}, Standing.SILENT, Doubt.NEVER),
        (
            {"free": None, "kind": Kind.STREET, "counted_by": CountedBy.COUNTER},
            Standing.GOOD,
            Doubt.NEVER,
        ),  # nobody counts there
        ({"astray": 12}, Standing.FAULTY, Doubt.ASTRAY),
        ({"astray": -2}, Standing.WATCHED, Doubt.ASTRAY),
        ({"lowest": 40, "highest": 40, "others": MOVING}, Standing.FAULTY, Doubt.STUCK),
        ({"lowest": 40, "highest": 41, "others": MOVING}, Standing.GOOD, Doubt.NONE),
        ({"lowest": 40, "highest": 40, "others": (0.5, 0.01, 0.0)}, Standing.GOOD, Doubt.NONE),  # one other: an event
        ({"lowest": 40, "highest": 40}, Standing.GOOD, Doubt.NONE),  # night
        ({"free": 0, "lowest": 0, "highest": 0, "others": MOVING}, Standing.GOOD, Doubt.NONE),  # full
        ({"leapt_at": NOW - 5 * MINUTE}, Standing.FAULTY, Doubt.LEAP),
        ({"leapt_at": NOW - 20 * MINUTE}, Standing.GOOD, Doubt.NONE),
        ({"spots": 40, "unknown": 9}, Standing.FAULTY, Doubt.BLIND),
        ({"spots": 40, "unknown": 1}, Standing.WATCHED, Doubt.BLIND),
        ({"spots": 40, "weak": 1}, Standing.WATCHED, Doubt.BATTERY),
        ({"set_aside": True}, Standing.FAULTY, Doubt.SET_ASIDE),
    ],
)
def test_each_fault_is_called_by_its_name(changes, standing, doubt):
    assert verdict_of(replace(GOOD, **changes), NOW) == Verdict(standing, doubt)


def test_a_leap_is_half_of_all_spaces_within_minutes():
    slow = [(NOW - 20 * MINUTE, 90), (NOW, 20)]
    quick = [(NOW - 20 * MINUTE, 90), (NOW - 18 * MINUTE, 20), (NOW, 25)]
    assert leap_in(slow, 100) is None
    assert leap_in(quick, 100) == NOW - 18 * MINUTE
    assert leap_in(quick, None) is None


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_a_trend_turns_round_with_time(free, earlier, capacity):
    turned = {Trend.FILLING: Trend.EMPTYING, Trend.EMPTYING: Trend.FILLING, Trend.STEADY: Trend.STEADY}
    assert trend_of(earlier, free, capacity) == turned[trend_of(free, earlier, capacity)]
    assert trend_of(free, free, capacity) is Trend.STEADY


@pytest.mark.parametrize("count", [Count(free=-1, observed_at=NOW), Count(free=200, observed_at=NOW)])
def test_what_cannot_be_is_not_shown_even_before_anybody_has_judged(count):
    assert state_of(count, 100, NOW) is State.STALE


def test_a_doubted_count_and_one_that_held_too_long_are_not_shown():
    assert state_of(Count(free=5, observed_at=NOW, doubted=True), 100, NOW) is State.STALE
    old = Count(free=5, observed_at=NOW - 61 * MINUTE, holds=timedelta(hours=1))
    assert state_of(old, 100, NOW) is State.STALE
    assert state_of(replace(old, holds=None), 100, NOW) is State.FEW
