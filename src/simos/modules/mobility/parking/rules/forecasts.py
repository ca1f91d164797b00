"""A forecast as people are told it: whole spaces, from none to the capacity, and how long it is worth showing. Pure.

Nothing of learning is loaded here: pages read forecasts that the worker has made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

FORECAST_TYPE = "ParkingForecast"
"""What a forecast is in the hub. No standard has one: it points to its facility, which has its standard's form."""

HORIZONS = (30, 60, 120)
"""Minutes ahead."""

CHANCE = 80
"""In so many of 100 cases the outcome is to lie between `low` and `high`."""

EVERY = timedelta(minutes=15)
"""A forecast is made for each full quarter of an hour."""

VALID = timedelta(minutes=45)
"""An older forecast is not shown: it says more about the past than about what comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """So many free spaces so many minutes after the forecast was made: the middle, and both ends of its interval."""

    minutes: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What was forecast for a facility at `made_at` (aware UTC), when `now` spaces were free. `model`: the version of
    the learnt model, or "" where it is the baseline's: that things change as they usually do on this weekday."""

    code: str
    made_at: datetime
    now: int
    expected: tuple[Expected, ...]
    model: str = ""

    @property
    def learnt(self) -> bool:
        """A model has learnt it from the city's own history."""
        return self.model != ""

    @property
    def until(self) -> datetime:
        return self.made_at + timedelta(minutes=self.expected[-1].minutes)

    def at(self, moment: datetime) -> Expected | None:
        """What is expected for `moment`, between what was forecast before and after it; None beyond the last, and for
        what is past."""
        minutes = (moment - self.made_at) / timedelta(minutes=1)
        if minutes < 0:
            return None
        before = Expected(minutes=0, low=self.now, middle=self.now, high=self.now)
        for after in self.expected:
            if minutes <= after.minutes:
                share = (minutes - before.minutes) / (after.minutes - before.minutes)
                return Expected(
                    minutes=round(minutes),
                    low=floor(_between(before.low, after.low, share)),
                    middle=round(_between(before.middle, after.middle, share)),
                    high=ceil(_between(before.high, after.high, share)),
                )
            before = after
        return None


def _between(first: int, second: int, share: float) -> float:
    return first + (second - first) * share


def in_spaces(minutes: int, low: float, middle: float, high: float, capacity: float) -> Expected:
    """Shares of the capacity as whole spaces: never less than none nor more than there are, the ends outwards."""
    most = floor(capacity)

    def kept(spaces: int) -> int:
        return min(max(spaces, 0), most)

    centre = kept(round(middle * capacity))
    return Expected(
        minutes=minutes,
        low=min(kept(floor(low * capacity)), centre),
        middle=centre,
        high=max(kept(ceil(high * capacity)), centre),
    )
