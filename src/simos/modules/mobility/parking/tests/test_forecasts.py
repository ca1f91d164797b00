"""Forecasts: they know nothing of what comes later, beat the baselines where there is a pattern, keep their word."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules.backtest import HOURS, backtest
from simos.modules.mobility.parking.rules.features import features_of, pasts_of
from simos.modules.mobility.parking.rules.forest import Forest
from simos.modules.mobility.parking.rules.grid import DAY, STEP, WEEK, Panel
from simos.modules.mobility.parking.rules.intervals import misses, stretched, stretches
from simos.modules.mobility.parking.rules.learning import forest_of
from simos.modules.mobility.parking.rules.scores import Score, score_of
from simos.modules.mobility.parking.rules.training import bounded, estimates_of, matrix_of, train
from simos.modules.mobility.parking.tests.made_up import MONDAY, panel

RECORD = panel(facilities=6, weeks=9)
END = 9 * WEEK
UNTIL = 8 * WEEK


def column(at: int) -> datetime:
    return datetime.fromtimestamp(MONDAY + at * STEP, UTC)


@pytest.fixture(scope="module")
def learnt():
    allowed = HOURS.among(RECORD.start, RECORD.points)
    return train(RECORD, list(pasts_of(RECORD, 4)), 4, until=UNTIL, allowed=allowed, threads=2)


def changed_after(record: Panel, at: int, seed: int) -> Panel:
    """The same record up to and with the column `at`, and another one after it."""
    drawing = np.random.default_rng(seed)
    shares, ages = record.shares.copy(), record.ages.copy()
    later = shares[:, at + 1 :].shape
    shares[:, at + 1 :] = np.where(drawing.random(later) < 0.2, np.nan, drawing.random(later))
    ages[:, at + 1 :] = drawing.integers(0, 20_000, later)
    return replace(record, shares=shares, ages=ages)


@given(at=st.integers(0, END - 1), ahead=st.sampled_from([1, 2, 4, 8, 47]), seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_nothing_that_comes_after_the_instant_changes_what_is_looked_at(at, ahead, seed):
    rows = np.array([at])
    other = changed_after(RECORD, at, seed)
    for past, also in zip(pasts_of(RECORD, ahead), pasts_of(other, ahead), strict=True):
        seen, then = (features_of(each, rows, ahead, MONDAY) for each in (past, also))
        for name in seen:
            assert np.array_equal(seen[name], then[name], equal_nan=True), name


@given(at=st.integers(UNTIL, END - 1), seed=st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_nothing_that_comes_after_the_instant_changes_the_forecast(learnt, at, seed):
    rows = np.array([at])
    both = []
    for record in (RECORD, changed_after(RECORD, at, seed)):
        past = next(pasts_of(record, 4))
        said = bounded(estimates_of(learnt, past, rows, MONDAY), past, rows, stretch=0.1, floor=0.01)
        both.append((said.low[0], said.middle[0], said.high[0]))
    assert np.array_equal(*both, equal_nan=True)


def test_what_comes_after_training_ends_does_not_change_what_is_learnt(learnt):
    other = changed_after(RECORD, UNTIL - 1, 5)
    allowed = HOURS.among(RECORD.start, RECORD.points)
    again = train(other, list(pasts_of(other, 4)), 4, until=UNTIL, allowed=allowed, threads=2)
    for name in ("middle", "low", "high"):
        assert getattr(again, name).model_to_string() == getattr(learnt, name).model_to_string()


@pytest.fixture(scope="module")
def outcome():
    return backtest(RECORD, train_to=column(UNTIL), test_to=column(END), horizons=[60])


def test_forecasts_of_a_regular_town_beat_both_baselines_and_their_intervals_hold(outcome):
    found = outcome.as_json()["horizons"]["60"]
    assert found["model_mae_pct"] < 0.95 * found["drift_mae_pct"] < 0.95 * found["persistence_mae_pct"]
    assert 70 < found["interval_coverage"] < 90


def test_the_outcome_says_all_and_each_place(outcome):
    found = outcome.as_json()
    assert (found["facilities"], found["left_out"], set(found["places"])) == (6, 0, {"A", "B"})
    for horizon, whole in found["horizons"].items():
        parts = [place["horizons"][horizon] for place in found["places"].values()]
        assert whole["points"] == sum(part["points"] for part in parts) > 0
        summed = sum(part["model_mae_pct"] * part["points"] for part in parts) / whole["points"]
        assert whole["model_mae_pct"] == pytest.approx(summed, abs=1e-3)


def test_small_and_seldom_counted_facilities_are_left_out_and_counted():
    shares = RECORD.shares.copy()
    shares[1, : UNTIL - 96] = np.nan
    record = replace(RECORD, shares=shares, capacities=np.array([19.0, 100, 100, 100, 100, 100]))
    found = backtest(record, train_to=column(UNTIL), test_to=column(UNTIL + 2 * DAY), horizons=[60], left_out=2)
    assert found.left_out == 4
    assert set(found.places) == {"p2", "p3", "p4", "p5"}


def test_with_too_little_to_learn_from_the_forecast_is_drifts_and_the_interval_still_holds():
    short = panel(facilities=2, weeks=4)
    found = backtest(short, train_to=column(3 * WEEK), test_to=column(4 * WEEK), horizons=[60]).as_json()
    judged = found["horizons"]["60"]
    assert 0.8 < judged["model_mae_pct"] / judged["drift_mae_pct"] <= 1  # drift, kept within the bounds
    assert 65 < judged["interval_coverage"] < 95


def test_plain_trees_say_what_the_library_says(learnt):
    past = next(pasts_of(RECORD, 4))
    rows = np.arange(0, END, 50)  # the first ones know nothing of the weeks before
    features = matrix_of(past, rows, 4, MONDAY)
    assert np.isnan(features).any()
    for booster in (learnt.middle, learnt.low):
        forest = forest_of(booster)
        kept = Forest.of_arrays("m", forest.as_arrays("m"))
        assert kept.predict(features) == pytest.approx(booster.predict(features), abs=1e-9)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_the_stretch_of_the_past_makes_its_intervals_hold(cases):
    truth = np.array([case[0] for case in cases], dtype=np.float32)
    low = np.array([min(case[1:]) for case in cases], dtype=np.float32)
    high = np.array([max(case[1:]) for case in cases], dtype=np.float32)
    needed = float(np.quantile(misses(truth, low, high, 0.01), 0.8, method="higher"))
    wide = stretched(low, high, needed + 1e-4, 0.01)
    held = (truth >= wide[0] - 1e-5) & (truth <= wide[1] + 1e-5)
    assert held.mean() >= 0.8 or needed < 0
    assert (wide[0] <= wide[1]).all()


def test_a_facility_with_many_cases_has_its_own_stretch_and_a_new_one_its_places():
    wild, calm, new = np.full(20_000, 2.0), np.full(20_000, -0.2), np.zeros(0)
    found = stretches([wild, calm, new], ["A", "B", "B"])
    assert found[0] == pytest.approx(2.0, abs=0.1)
    assert found[1] == pytest.approx(-0.2, abs=0.1)
    assert found[2] < 0.3
    assert stretches([new], ["A"]) == [0.0]


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=9), min_size=1, max_size=5))
def test_scores_of_parts_add_up_to_that_of_the_whole(parts):
    def judged(values):
        truth = np.array(values, dtype=np.float32)
        half = np.full_like(truth, 0.5)
        return score_of(truth=truth, model=half, persistence=truth, drift=half, low=half - 0.25, high=half + 0.25)

    together = judged([value for part in parts for value in part])
    added = sum((judged(part) for part in parts), start=Score())
    assert (added.points, added.covered) == (together.points, together.covered)
    assert added.model == pytest.approx(together.model)
    assert together.persistence == 0
