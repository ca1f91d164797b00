"""What became of forecasts that were made: each beside what came, summed by day, facility and minutes ahead. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any

import numpy as np

from simos.modules.mobility.parking.rules.grid import STEP, Panel
from simos.modules.mobility.parking.rules.scores import Score

Verdicts = Mapping[tuple[date, str, int], tuple[Score, float]]
"""By UTC day, code and minutes ahead the score, in shares of the capacity beside it."""


def verdicts_on(forecasts: Iterable[Mapping[str, Any]], panel: Panel) -> Verdicts:
    """The verdicts on `forecasts` (code, made_at, now, expected as `minutes, low, middle, high, drift` in spaces) whose
    outcome the panel knows."""
    row_of = {code: row for row, code in enumerate(panel.codes)}
    found: dict[tuple[date, str, int], tuple[Score, float]] = {}
    for made in forecasts:
        row = row_of.get(made["code"])
        if row is None:
            continue
        capacity = float(panel.capacities[row])
        column = panel.column_of(made["made_at"])
        day = made["made_at"].astimezone(UTC).date()
        for minutes, low, middle, high, drift in made["expected"]:
            then = column + minutes * 60 // STEP
            if not 0 <= then < panel.points or np.isnan(panel.shares[row, then]):
                continue
            # What nobody could park in does not count: a few sources tell of more free spaces than there are.
            truth = min(round(float(panel.shares[row, then]) * capacity), int(capacity))
            one = Score(
                points=1,
                model=abs(middle - truth) / capacity,
                persistence=abs(made["now"] - truth) / capacity,
                drift=abs(drift - truth) / capacity,
                covered=int(low <= truth <= high),
            )
            key = day, made["code"], minutes
            before, _ = found.get(key, (Score(), capacity))
            found[key] = before + one, capacity
    return found
