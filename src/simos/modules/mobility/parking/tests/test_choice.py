"""What is recommended can be parked in, and what is better in every respect never stands behind."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules.choice import (
    FARTHEST_METRES,
    Candidate,
    Ruled,
    Wanted,
    minutes_on_foot,
    ranked,
    risk_of,
    why_not,
)

candidates = st.builds(
    lambda spread, **facts: Candidate(
        low=None if facts["middle"] is None else max(0, facts["middle"] - spread),
        high=None if facts["middle"] is None else facts["middle"] + spread,
        **facts,
    ),
    spread=st.integers(0, 30),
    code=st.text("abc", min_size=1, max_size=3),
    walk_metres=st.floats(0, 4000),
    open=st.booleans(),
    middle=st.none() | st.integers(0, 300),
    few=st.integers(1, 30),
    disabled=st.integers(0, 3),
    charging=st.integers(0, 3),
    covered=st.booleans(),
    height_cm=st.none() | st.integers(150, 400),
    fee_cents=st.none() | st.integers(0, 2000),
)
wishes = st.builds(
    Wanted,
    disabled=st.booleans(),
    charging=st.booleans(),
    covered=st.booleans(),
    height_cm=st.none() | st.integers(140, 350),
)


@given(st.lists(candidates, max_size=8), wishes)
def test_nothing_is_recommended_that_one_cannot_park_in(given_candidates, wanted):
    found = ranked(given_candidates, wanted)
    for each in found:
        assert each.open
        assert each.middle is not None
        assert each.middle > 0
        assert each.walk_metres <= FARTHEST_METRES
        assert each.height_cm is None or (wanted.height_cm or 0) <= each.height_cm
        assert each.disabled or not wanted.disabled
        assert each.charging or not wanted.charging
        assert each.covered or not wanted.covered
    left_out = [each for each in given_candidates if why_not(each, wanted) is not None]
    assert len(found) + len(left_out) == len(given_candidates)


@given(
    st.lists(candidates, max_size=6),
    candidates,
    wishes,
    st.floats(0, 500),
    st.integers(0, 50),
    st.integers(0, 500),
)
def test_what_is_better_in_every_respect_stands_no_lower(others, worse, wanted, nearer, more, cheaper):
    if why_not(worse, wanted) is not None:
        return
    worse = replace(worse, code="worse")
    better = replace(
        worse,
        code="better",
        walk_metres=max(0.0, worse.walk_metres - nearer),
        low=(worse.low or 0) + more,
        middle=(worse.middle or 0) + more,
        high=(worse.high or 0) + more,
        fee_cents=None if worse.fee_cents is None else max(0, worse.fee_cents - cheaper),
    )
    order = [each.code for each in ranked([*others, worse, better], wanted)]
    assert order.index("better") < order.index("worse")


@given(st.lists(candidates, max_size=8, unique_by=lambda each: each.code), wishes, st.randoms())
def test_the_order_in_which_they_are_known_does_not_matter(given_candidates, wanted, chance):
    shuffled = list(given_candidates)
    chance.shuffle(shuffled)
    assert ranked(shuffled, wanted) == ranked(given_candidates, wanted)


@pytest.mark.parametrize(
    ("changes", "wanted", "why"),
    [
        ({}, Wanted(), None),
        ({"open": False}, Wanted(), Ruled.CLOSED),
        ({"height_cm": 200}, Wanted(height_cm=201), Ruled.TOO_LOW),
        ({"height_cm": 200}, Wanted(height_cm=200), None),
        ({}, Wanted(disabled=True), Ruled.NOT_KEPT),
        ({"charging": 2}, Wanted(charging=True), None),
        ({}, Wanted(covered=True), Ruled.NOT_KEPT),
        ({"middle": 0}, Wanted(), Ruled.FULL),
        ({"middle": None}, Wanted(), Ruled.UNKNOWN),
        ({"walk_metres": 2600.0}, Wanted(), Ruled.FAR),
    ],
)
def test_each_reason_is_called_by_its_name(changes, wanted, why):
    good = Candidate(code="a", walk_metres=300.0, low=20, middle=30, high=40)
    assert why_not(replace(good, **changes), wanted) is why


def test_a_walk_is_told_in_minutes_and_a_risk_grows_as_spaces_get_fewer():
    assert (minutes_on_foot(0), minutes_on_foot(450)) == (1, 6)
    many, some, none = (Candidate(code="a", walk_metres=0, low=n, middle=n, high=n) for n in (50, 10, 0))
    assert risk_of(many) == 0
    assert risk_of(some) == 0.5
    assert risk_of(none) == 1
