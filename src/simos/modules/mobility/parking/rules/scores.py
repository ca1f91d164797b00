"""How good forecasts were: sums that can be added up over facilities, days and places. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simos.modules.mobility.parking.rules.grid import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of so many forecasts: the sums of absolute errors as shares of the capacity, and how many intervals held."""

    points: int = 0
    model: float = 0.0
    persistence: float = 0.0
    drift: float = 0.0
    covered: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            points=self.points + other.points,
            model=self.model + other.model,
            persistence=self.persistence + other.persistence,
            drift=self.drift + other.drift,
            covered=self.covered + other.covered,
        )

    def as_json(self) -> dict[str, float | int | None]:
        """Mean absolute errors in percent of the capacity, the share of intervals that held in percent; None for no
        points."""

        def percent(total: float) -> float | None:
            return round(100 * total / self.points, 4) if self.points else None

        return {
            "model_mae_pct": percent(self.model),
            "persistence_mae_pct": percent(self.persistence),
            "drift_mae_pct": percent(self.drift),
            "interval_coverage": percent(self.covered),
            "points": self.points,
        }


def score_of(*, truth: Floats, model: Floats, persistence: Floats, drift: Floats, low: Floats, high: Floats) -> Score:
    """The score of forecasts whose truth is known, all of them shares of the capacity."""
    return Score(
        points=len(truth),
        model=_error(truth, model),
        persistence=_error(truth, persistence),
        drift=_error(truth, drift),
        covered=int(((truth >= low - ROUNDING) & (truth <= high + ROUNDING)).sum()),
    )


ROUNDING = 1e-6
"""Shares are single precision: an end that is the truth itself holds it."""


def total(scores: Iterable[Score]) -> Score:
    return sum(scores, start=Score())


def _error(truth: Floats, forecast: Floats) -> float:
    return float(np.abs(truth.astype(np.float64) - forecast).sum())
