"""Forecasts in operation: a model that is kept without code, new facilities with an honest width, days that add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules import training
from simos.modules.mobility.parking.rules.days import packed, panel_from
from simos.modules.mobility.parking.rules.forecasts import HORIZONS, Expected, Forecast, in_spaces
from simos.modules.mobility.parking.rules.grid import DAY, STEP, UNKNOWN, Panel
from simos.modules.mobility.parking.rules.operating import SHORT, Lesson, Model, forecasts_at_end, learn_city
from simos.modules.mobility.parking.rules.scores import Score
from simos.modules.mobility.parking.rules.use import Use, week_hours_of
from simos.modules.mobility.parking.rules.verdicts import verdicts_on
from simos.modules.mobility.parking.tests.made_up import MONDAY, panel

LJUBLJANA = ZoneInfo("Europe/Ljubljana")


def town(facilities: int, weeks: int) -> Panel:
    record = replace(panel(facilities=facilities, weeks=weeks), places=("celje",) * facilities)
    record.shares[np.isnan(record.shares[:, -1]), -1] = 0.5
    return record


def few_trees(patch: pytest.MonkeyPatch) -> None:
    """Enough to learn a regular tide, in a moment."""
    patch.setattr(training, "MIDDLE_TREES", 60)
    patch.setattr(training, "EDGE_TREES", 40)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    with pytest.MonkeyPatch.context() as patch:
        few_trees(patch)
        return learn_city(town(6, 5))


def test_a_model_of_five_weeks_beats_drift_and_is_better_than_none(lesson):
    assert lesson.model is not None
    assert lesson.better
    assert lesson.facilities == 6
    for score in lesson.scores().values():
        assert score.points
        assert score.model <= score.drift
        assert 0.6 < score.covered / score.points < 0.97


def test_a_stored_model_says_what_the_learnt_one_says_and_nothing_else_is_read(lesson):
    content = lesson.model.as_bytes()
    record = town(6, 5)
    assert forecasts_at_end(record, Model.of_bytes(content)) == forecasts_at_end(record, lesson.model)
    assert all(made.learnt for made in forecasts_at_end(record, lesson.model).values())
    for wrong in (b"", b"no model", content[: len(content) // 2]):
        with pytest.raises(ValueError):
            Model.of_bytes(wrong)


def test_a_model_that_is_worse_on_the_days_held_out_does_not_replace_the_one_in_use(lesson):
    good, bad = Score(points=10, model=1, drift=2), Score(points=10, model=1.5, drift=2)
    key = (30, 0, "p0")
    assert not Lesson(model=lesson.model, judged={key: bad}, before={key: good}).better
    assert Lesson(model=lesson.model, judged={key: good}, before={key: bad}).better
    assert Lesson(model=lesson.model, judged={key: good}, before={key: good}).better
    assert not Lesson(judged={key: good}).better


def test_a_city_that_begins_says_that_its_history_is_short_and_is_forecast_by_drift():
    record = town(3, 1)
    assert learn_city(record).why_not == SHORT
    made = forecasts_at_end(record, None)
    assert len(made) == 3
    assert not any(each.learnt for each in made.values())


def test_a_facility_of_which_little_is_known_has_a_wide_interval_and_one_without_a_count_no_forecast():
    record = town(3, 1)
    record.shares[0, :-8] = UNKNOWN  # counted for two hours
    record.shares[0, -8:] = 0.5
    record.shares[1, -1] = UNKNOWN
    made = forecasts_at_end(record, None)
    assert set(made) == {"p0", "p2"}
    for expected in made["p0"].expected:
        assert expected.middle == 50
        assert expected.high - expected.low >= 10


@given(
    low=st.floats(-2, 3),
    middle=st.floats(-2, 3),
    high=st.floats(-2, 3),
    capacity=st.floats(1, 5000),
)
def test_nothing_is_expected_below_none_or_above_the_capacity(low, middle, high, capacity):
    found = in_spaces(30, low, middle, high, capacity)
    assert 0 <= found.low <= found.middle <= found.high <= capacity


AT = datetime(2025, 9, 1, 10, 0, tzinfo=UTC)
FORECAST = Forecast(
    code="glazija",
    made_at=AT,
    now=40,
    expected=(
        Expected(minutes=30, low=20, middle=30, high=45),
        Expected(minutes=60, low=10, middle=20, high=40),
        Expected(minutes=120, low=0, middle=30, high=60),
    ),
)


@given(st.integers(0, 120 * 60))
def test_between_two_horizons_is_what_lies_between_their_forecasts(seconds):
    found = FORECAST.at(AT + timedelta(seconds=seconds))
    assert found is not None
    assert 0 <= found.low <= found.middle <= found.high <= 60


def test_at_a_horizon_its_own_forecast_stands_and_beyond_the_last_none():
    for expected in FORECAST.expected:
        assert FORECAST.at(AT + timedelta(minutes=expected.minutes)) == expected
    assert FORECAST.at(AT).middle == 40
    assert FORECAST.at(AT + timedelta(minutes=121)) is None
    assert FORECAST.at(AT - timedelta(minutes=1)) is None


@given(st.lists(st.tuples(st.integers(0, 86_399), st.integers(0, 120)), max_size=40), st.integers(0, 86_399))
def test_a_packed_day_holds_what_the_grid_held_and_nothing_that_came_later(counts, until):
    counts = sorted(dict(counts).items())
    times = np.array([MONDAY + second for second, _ in counts], dtype=np.int64)
    free = np.array([each for _, each in counts], dtype=np.int64)
    day = packed((times, free), start=MONDAY, until=MONDAY + until, capacity=100.0)
    whole = panel_from([("a", MONDAY, day.free, day.ages)], {"a": 100.0}, place="c", start=MONDAY, points=DAY)
    before = times <= MONDAY + until
    assert day.points == before.sum()
    assert day.arrivals == sum(max(0, a - b) for a, b in zip(free[before], free[before][1:], strict=False))
    if not len(whole.codes):
        assert not any(MONDAY + second <= MONDAY + until // STEP * STEP for second, _ in counts)
        return
    for column in range(DAY):
        instant = MONDAY + column * STEP
        held = [each for second, each in counts if MONDAY + second <= instant and instant - MONDAY - second <= 6 * 3600]
        known = instant <= MONDAY + until and held
        assert (
            np.isnan(whole.shares[0, column])
            if not known
            else whole.shares[0, column] == pytest.approx(held[-1] / 100, abs=1e-6)
        )


def test_hours_go_to_the_local_weekday_also_when_the_clock_changes():
    times = np.arange(MONDAY, MONDAY + 86_400, 900, dtype=np.int64)
    day = packed((times, np.full(96, 4)), start=MONDAY, until=MONDAY + 86_399, capacity=100.0)
    winter, summer = Use(), Use()
    winter.add(day.hours, date(2025, 1, 6), LJUBLJANA, arrivals=3)
    summer.add(day.hours, date(2025, 7, 7), LJUBLJANA)
    assert winter.by_weekday()[0][0] is None
    assert winter.by_weekday()[0][1] == pytest.approx(0.96)
    assert winter.by_weekday()[1][0] == pytest.approx(0.96)
    assert summer.by_weekday()[0][1] is None
    assert summer.by_weekday()[1][1] == pytest.approx(0.96)
    assert winter.saturated(at_95=True) == 1 == winter.saturated(week_hours_of(range(6, 20)))
    assert (winter.arrivals, winter.days) == (3, 1)
    change = Use()
    change.add(day.hours, date(2025, 10, 26), LJUBLJANA)  # the hour from two to three comes twice
    assert sum(change.known) == 96
    assert change.known[6 * 24 + 2] == 8


def test_verdicts_compare_what_was_said_with_what_came():
    free = np.full((1, 9), 0.5, dtype=np.float32)
    free[0, 2], free[0, 4], free[0, 8] = 0.3, 0.9, UNKNOWN
    start = int(AT.timestamp())
    record = Panel(
        codes=("a",), places=("c",), capacities=np.array([100.0]), start=start, shares=free, ages=np.zeros_like(free)
    )
    said = [[30, 20, 25, 35, 50], [60, 40, 60, 80, 50], [120, 0, 50, 100, 50]]
    found = verdicts_on([{"code": "a", "made_at": AT, "now": 50, "expected": said}], record)
    assert {minutes for _, _, minutes in found} == set(HORIZONS) - {120}
    first, _ = found[AT.date(), "a", 30]
    assert (first.model, first.persistence, first.covered) == (pytest.approx(0.05), pytest.approx(0.2), 1)
    second, _ = found[AT.date(), "a", 60]
    assert (second.model, second.drift, second.covered) == (pytest.approx(0.3), pytest.approx(0.4), 0)
