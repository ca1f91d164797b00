"""A panel is faulty when it is silent, gone, or says that it shows something else; it recovers by itself."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.guidance.rules.verdict import (
    CONFIRM_WITHIN,
    SILENT_AFTER,
    condition_of,
    differing_since,
)
from simos.modules.mobility.guidance.tests.made_up import NOW
from simos.modules.mobility.guidance.values import Condition, Report

SECOND = timedelta(seconds=1)
RIGHT, WRONG = (("112",),), (("999",),)


def heard(ago: float, shown: object = RIGHT, *, offline: bool = False) -> Report:
    return Report(shown=shown, heard_at=NOW - ago * SECOND, offline=offline)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "wanted_ago", "expected"),
    [
        (Report(), 500, Condition.UNSEEN),
        (heard(5), 500, Condition.WORKING),
        (heard(5, shown=None), 500, Condition.WORKING),
        (heard(76), 500, Condition.SILENT),
        (heard(5, offline=True), 500, Condition.OFFLINE),
        (heard(500, WRONG, offline=True), 500, Condition.OFFLINE),
        (heard(5, WRONG), 3, Condition.WORKING),
        (heard(5, WRONG), 500, Condition.WORKING),  # it said so five seconds ago for the first time
        (heard(16, WRONG), 500, Condition.DIFFERS),
    ],
)
def test_how_a_panel_is(report: Report, wanted_ago: float, expected: Condition) -> None:
    differs = differing_since(RIGHT, NOW - wanted_ago * SECOND, report, None)
    assert condition_of(report, differs, NOW) is expected


def test_who_repeats_the_wrong_thing_is_found_out_all_the_same() -> None:
    before, at = None, NOW
    for _ in range(8):
        report = Report(shown=WRONG, heard_at=at)
        before = differing_since(RIGHT, NOW - timedelta(hours=1), report, before)
        found = condition_of(report, before, at)
        at += 3 * SECOND
    assert found is Condition.DIFFERS


def test_every_new_content_gives_it_time_anew() -> None:
    before = NOW - timedelta(minutes=5)
    assert differing_since(RIGHT, NOW - SECOND, heard(0, WRONG), before) == NOW - SECOND


@given(st.integers(0, 200), st.sampled_from([RIGHT, WRONG, None]), st.booleans(), st.integers(0, 200))
def test_it_recovers_as_soon_as_it_says_the_right_thing(ago: int, shown: object, offline: bool, differed: int) -> None:
    before = NOW - differed * SECOND
    broken = heard(ago, shown, offline=offline)
    condition_of(broken, differing_since(RIGHT, NOW - timedelta(hours=1), broken, before), NOW)
    mended = heard(0)
    differs = differing_since(RIGHT, NOW - timedelta(hours=1), mended, before)
    assert differs is None
    assert condition_of(mended, differs, NOW) is Condition.WORKING


def test_the_patience_is_longer_than_three_heartbeats() -> None:
    assert 3 * timedelta(seconds=20) < SILENT_AFTER
    assert CONFIRM_WITHIN < SILENT_AFTER
