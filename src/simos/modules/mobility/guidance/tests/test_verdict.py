"""A panel is faulty when it is silent, gone, or says that it shows something else; it recovers by itself. Nobody is
called so sooner than the limit says, nor for a time in which nobody listened."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.guidance.rules.verdict import (
    BACK_WITHIN,
    CONFIRM_WITHIN,
    LISTENS_EVERY,
    RIGHT_FOR,
    SILENT_AFTER,
    condition_of,
    differing_since,
    is_right,
    listening_since,
    wanted_before,
)
from simos.modules.mobility.guidance.tests.made_up import NOW
from simos.modules.mobility.guidance.values import Condition, Earlier, Pages, Report

SECOND = timedelta(seconds=1)
LONG_AGO = NOW - timedelta(days=1)
RIGHT, WRONG = (("112",),), (("999",),)
conditions = st.sampled_from([None, *Condition])
shown = st.sampled_from([RIGHT, WRONG, None])


def heard(ago: float, shown: object = RIGHT, *, offline: bool = False) -> Report:
    return Report(shown=shown, heard_at=NOW - ago * SECOND, offline=offline)  # type: ignore[arg-type]


def found(report: Report, differs: float | None = None, **more: object) -> Condition:
    """How it is at NOW; `differs`: for so many seconds."""
    since = None if differs is None else NOW - differs * SECOND
    told = {"listening": LONG_AGO, "before": None} | more
    return condition_of(report, since, NOW, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "differs", "expected"),
    [
        (Report(), None, Condition.UNSEEN),
        (heard(5), None, Condition.WORKING),
        (heard(5, shown=None), None, Condition.WORKING),
        (heard(76), None, Condition.SILENT),
        (heard(5, offline=True), None, Condition.WORKING),  # it may be back in a moment
        (heard(16, offline=True), None, Condition.OFFLINE),
        (heard(500, WRONG, offline=True), 500, Condition.OFFLINE),
        (heard(5, WRONG), 14, Condition.WORKING),
        (heard(5, WRONG), 16, Condition.DIFFERS),
    ],
)
def test_how_a_panel_is(report: Report, differs: float | None, expected: Condition) -> None:
    assert found(report, differs) is expected


class Watched:
    """A panel that is looked at every second, as the gateway does; what it says, it says then."""

    def __init__(self, listening: datetime = LONG_AGO) -> None:
        self.at, self.listening = NOW, listening
        self.wanted: Pages = RIGHT
        self.earlier: tuple[Earlier, ...] = ()
        self.differs: datetime | None = None
        self.condition: Condition | None = None

    def looks(self, wanted: Pages, says: Pages) -> Condition:
        self.at += SECOND
        if wanted != self.wanted:
            self.earlier, self.wanted = wanted_before(self.earlier, self.wanted, self.at), wanted
        report = Report(shown=says, heard_at=self.at)
        self.differs = differing_since(wanted, self.earlier, report, self.differs, self.at, listening=self.listening)
        self.condition = condition_of(report, self.differs, self.at, listening=self.listening, before=self.condition)
        return self.condition


def texts(numbers: Iterable[int]) -> list[Pages]:
    return [((str(number),),) for number in numbers]


@given(st.lists(st.integers(0, 9), min_size=20, max_size=60))
def test_who_lies_is_found_however_often_what_is_wanted_changes(numbers: list[int]) -> None:
    panel = Watched()
    conditions = [panel.looks(wanted, WRONG) for wanted in texts(numbers)]
    assert conditions[: CONFIRM_WITHIN // SECOND] == [Condition.WORKING] * (CONFIRM_WITHIN // SECOND)
    assert set(conditions[CONFIRM_WITHIN // SECOND + 1 :]) == {Condition.DIFFERS}


@given(st.lists(st.integers(0, 9), min_size=20, max_size=60), st.integers(0, RIGHT_FOR // SECOND))
def test_who_confirms_late_is_right_however_often_what_is_wanted_changes(numbers: list[int], late: int) -> None:
    panel = Watched()
    wanted = [RIGHT] * late + texts(numbers)
    for told, says in zip(wanted[late:], wanted, strict=False):
        assert panel.looks(told, says) is Condition.WORKING
        assert panel.differs is None


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30, unique=True))
def test_who_stands_still_is_found_when_its_text_is_no_more_among_those_wanted(numbers: list[int]) -> None:
    panel = Watched()
    last = len(numbers) + (RIGHT_FOR + CONFIRM_WITHIN) // SECOND + 2
    wanted = texts([*numbers, *[numbers[-1]] * last])
    assert [panel.looks(each, RIGHT) for each in wanted][-1] is Condition.DIFFERS


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1, max_size=20))
def test_what_was_wanted_may_be_confirmed_for_a_while_and_no_longer(changes: list[tuple[int, int]]) -> None:
    earlier, at, until = tuple[Earlier, ...](), NOW, dict[Pages, datetime]()
    for number, seconds in changes:
        at += seconds * SECOND
        earlier = wanted_before(earlier, texts([number])[0], at)
        until[texts([number])[0]] = at
    for text, ended in until.items():
        assert is_right(text, WRONG, earlier, at) is (at - ended <= RIGHT_FOR)
    assert is_right(WRONG, WRONG, earlier, at)


@given(st.integers(0, 200), shown, st.booleans(), st.integers(0, 200), conditions)
def test_it_recovers_as_soon_as_it_says_the_right_thing(
    ago: int, shown: object, offline: bool, differed: int, before: Condition | None
) -> None:
    broken = found(heard(ago, shown, offline=offline), differed, before=before)
    since = NOW - differed * SECOND
    differs = differing_since(RIGHT, (), heard(0), since, NOW, listening=LONG_AGO)
    assert differs is None
    assert condition_of(heard(0), differs, NOW, listening=LONG_AGO, before=broken) is Condition.WORKING


@given(st.integers(0, 10_000), shown, st.booleans(), st.integers(0, 10_000) | st.none(), st.integers(0, 15))
def test_who_only_begins_to_listen_calls_nobody_failed(
    ago: int, shown: object, offline: bool, differed: int | None, listens: int
) -> None:
    before = found(heard(ago, shown, offline=offline), differed, listening=NOW - listens * SECOND)
    assert not before.is_fault


@given(st.integers(0, 10_000), shown, st.booleans(), st.sampled_from([each for each in Condition if each.is_fault]))
def test_a_fault_that_was_known_does_not_mend_by_the_platforms_own_restart(
    ago: int, shown: object, offline: bool, before: Condition
) -> None:
    report, restarted = heard(ago + 1, shown, offline=offline), NOW
    was = found(report, 500, before=before)
    differs = differing_since(RIGHT, (), report, NOW - 500 * SECOND, NOW, listening=restarted)
    assert condition_of(report, differs, NOW, listening=restarted, before=was).is_fault is was.is_fault


def test_who_was_not_looking_was_not_listening() -> None:
    assert listening_since(LONG_AGO, NOW - LISTENS_EVERY, NOW) == LONG_AGO
    assert listening_since(LONG_AGO, NOW - LISTENS_EVERY - SECOND, NOW) == NOW


def test_the_patience_is_longer_than_three_heartbeats() -> None:
    assert 3 * timedelta(seconds=20) < SILENT_AFTER
    assert max(CONFIRM_WITHIN, BACK_WITHIN) < SILENT_AFTER
