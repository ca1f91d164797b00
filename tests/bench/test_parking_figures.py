"""What parking computes: 100 facilities forecast at once, and a year of 92 facilities by hour and weekday."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from simos.modules.mobility.parking.rules.baselines import profile
from simos.modules.mobility.parking.rules.days import packed
from simos.modules.mobility.parking.rules.operating import SEEN, Model, forecasts_at_end, learn_city
from simos.modules.mobility.parking.rules.use import Use, hours_in
from simos.modules.mobility.parking.tests.made_up import MONDAY, panel
from tests.bench.figures import Figures

pytestmark = pytest.mark.bench
FORECAST, COUNTED, DAYS = 100, 92, 365
LJUBLJANA = ZoneInfo("Europe/Ljubljana")


def seconds(act: Callable[[], object]) -> float:
    """The quickest of five, by the processor's clock: others use the machine too."""
    taken = []
    for _ in range(5):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return min(taken)


def test_a_hundred_facilities_are_forecast_at_once(figures: Figures) -> None:
    learnt = learn_city(replace(panel(facilities=10, weeks=5), places=("a",) * 10)).model
    assert learnt is not None
    town = replace(panel(facilities=FORECAST, weeks=12), places=("a",) * FORECAST)
    shares = town.shares[:, -SEEN:].copy()
    shares[np.isnan(shares[:, -1]), -1] = 0.5
    town = replace(town, shares=shares, ages=town.ages[:, -SEEN:].copy())
    model = Model(horizons=learnt.horizons, stretches=learnt.stretches, known=frozenset(town.codes))
    assert len(forecasts_at_end(town, model)) == FORECAST
    told = seconds(lambda: forecasts_at_end(town, model))
    figures.add(
        "parking", "forecast of 100 facilities, 3 horizons", told, seconds(lambda: profile(shares)), "s", "profile"
    )


def test_a_year_of_every_facility_by_hour_and_weekday(figures: Figures) -> None:
    times = np.arange(MONDAY, MONDAY + 86_400, 900, dtype=np.int64)
    day = packed((times, np.arange(96)), start=MONDAY, until=MONDAY + 86_399, capacity=100.0)
    dates = [date(2025, 1, 1) + timedelta(days=step) for step in range(DAYS)]

    def ours() -> None:
        for _ in range(COUNTED):
            use = Use()
            for each in dates:
                use.add(day.hours, each, LJUBLJANA, arrivals=day.arrivals)

    def bare() -> None:
        for _ in range(COUNTED * DAYS):
            sum(hours_in(day.hours).occupied)

    figures.add("parking", "a year of 92 facilities by hour", seconds(ours), seconds(bare), "s", "one sum a day")
