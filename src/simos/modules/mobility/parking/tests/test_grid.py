"""Counts on the grid and the two baselines, each beside a slow one in plain Python."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules.baselines import profile, usual_change
from simos.modules.mobility.parking.rules.grid import STEP, WEEK, Hours, capacity_of, grid_start, on_grid, panel_of
from simos.modules.mobility.parking.tests.made_up import MONDAY, panel

counted = st.lists(st.tuples(st.integers(-30_000, 100_000), st.integers(0, 500)), max_size=30).map(
    lambda rows: sorted(rows, key=lambda row: row[0])
)


def arrays(rows):
    return (
        np.array([MONDAY + second for second, _ in rows], dtype=np.int64),
        np.array([free for _, free in rows], dtype=np.int64),
    )


@given(counted)
def test_a_point_holds_the_last_count_up_to_it_if_that_is_at_most_six_hours_old(rows):
    values, ages = on_grid(arrays(rows), start=MONDAY, points=100)
    for point in range(100):
        before = [(second, free) for second, free in rows if second <= point * STEP]
        if before and point * STEP - before[-1][0] <= 6 * 3600:
            assert values[point] == before[-1][1]
            assert ages[point] == point * STEP - before[-1][0]
        else:
            assert math.isnan(values[point])
            assert math.isnan(ages[point])


@given(counted, st.integers(0, 99))
def test_what_is_counted_later_changes_no_point_before_it(rows, point):
    earlier = [row for row in rows if row[0] <= point * STEP]
    whole, _ = on_grid(arrays(rows), start=MONDAY, points=100)
    part, _ = on_grid(arrays(earlier), start=MONDAY, points=100)
    assert np.array_equal(whole[: point + 1], part[: point + 1], equal_nan=True)


def test_the_capacity_is_that_of_before_and_ignores_a_thousandth():
    free = np.array([*[100] * 5000, 9000, 7000], dtype=np.int64)
    times = MONDAY + np.arange(len(free), dtype=np.int64)
    assert capacity_of((times, free), until=datetime.fromtimestamp(MONDAY + 5001, UTC)) == 100
    assert capacity_of((times, free), until=datetime.fromtimestamp(MONDAY, UTC)) == 0


def test_a_panel_has_the_facilities_whose_capacity_is_known():
    counts = {code: arrays([(0, 50)]) for code in ("b", "a", "without")}
    found = panel_of(counts, {"a": 100, "b": 200, "without": 0}, {"a": "A"}, start=MONDAY, points=3)
    assert (found.codes, found.places) == (("a", "b"), ("A", ""))
    assert found.shares.tolist() == [[0.5] * 3, [0.25] * 3]


def test_the_hours_are_those_of_utc_with_both_ends():
    flags = Hours(first=6 * 60, last=19 * 60).among(MONDAY, 96)
    assert np.flatnonzero(flags).tolist() == list(range(24, 77))
    assert grid_start(datetime(2025, 1, 6, 0, 14, 59, tzinfo=UTC)) == MONDAY


@pytest.mark.parametrize("ahead", [2, 4, 8])
@given(seed=st.integers(0, 1000))
@settings(max_examples=10)
def test_drift_is_the_change_of_the_mean_of_six_weeks_before(ahead, seed):
    shares = panel(facilities=1, weeks=8, seed=seed, gaps=0.4).shares
    drift, mean = usual_change(shares, ahead)[0], profile(shares, ahead)[0]

    def plainly(point, ahead):
        past = [shares[0, at] for week in range(1, 7) if (at := point + ahead - week * WEEK) >= 0]
        known = [float(value) for value in past if not math.isnan(value)]
        return sum(known) / len(known) if known else None

    for point in range(0, shares.shape[1], 97):
        later, then = plainly(point, ahead), plainly(point, 0)
        assert mean[point] == pytest.approx(later, abs=1e-5) if later is not None else math.isnan(mean[point])
        assert drift[point] == pytest.approx(later - then if None not in (later, then) else 0.0, abs=1e-5)
