"""Plays forecasts over recorded counts as if it were then, and says how good they were beside both baselines. Pure."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simos.modules.mobility.parking.rules.features import Past, pasts_of
from simos.modules.mobility.parking.rules.grid import DAY, STEP, Doubles, Flags, Hours, Ints, Panel
from simos.modules.mobility.parking.rules.scores import Score, score_of, total
from simos.modules.mobility.parking.rules.training import (
    Estimates,
    Learnt,
    bounded,
    estimates_of,
    recent_misses,
    rows_of,
    stretches_at,
    train,
)

HOURS = Hours(first=6 * 60, last=19 * 60)
SMALLEST_CAPACITY, FEWEST_ROWS = 20, 500
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Scores by horizon (minutes) and facility, what was left out, and how long training took."""

    scores: Mapping[int, Mapping[str, Score]]
    places: Mapping[str, str]
    left_out: int
    train_seconds: float

    def as_json(self) -> dict[str, object]:
        """As `simos parking backtest --json` prints it."""
        return {
            "horizons": self._horizons(None),
            "facilities": len(self.places),
            "left_out": self.left_out,
            "train_seconds": round(self.train_seconds, 1),
            "places": {place: {"horizons": self._horizons(place)} for place in sorted(set(self.places.values()))},
        }

    def _horizons(self, place: str | None) -> dict[str, object]:
        return {
            str(horizon): total(
                score for code, score in scores.items() if place is None or self.places[code] == place
            ).as_json()
            for horizon, scores in self.scores.items()
        }


def usable(panel: Panel, until: int, hours: Hours = HOURS) -> Flags:
    """Which facilities are big enough and were counted often enough before the column `until` to be forecast."""
    counted = (~np.isnan(panel.shares[:, :until]) & hours.among(panel.start, until)).sum(axis=1)
    flags: Flags = (panel.capacities >= SMALLEST_CAPACITY) & (counted >= FEWEST_ROWS)
    return flags


def backtest(
    panel: Panel,
    *,
    train_to: datetime,
    test_to: datetime,
    horizons: Sequence[int],
    left_out: int = 0,
    threads: int = 2,
    told: Told = lambda _text: None,
) -> Outcome:
    """Forecasts at each instant of [train_to, test_to) whose outcome lies before test_to. `horizons` in minutes,
    multiples of the grid's step below a day. `left_out`: facilities that did not even come into the panel."""
    until, end = panel.column_of(train_to), panel.column_of(test_to)
    keep = usable(panel, until)
    kept = panel.only(keep)
    scores, seconds = {}, 0.0
    for horizon in horizons:
        ahead = horizon * 60 // STEP
        began = time.perf_counter()
        told(f"{horizon} minutes: learning from {len(kept.codes)} facilities")
        pasts = list(pasts_of(kept, ahead))
        allowed = HOURS.among(kept.start, kept.points)
        learnt = train(kept, pasts, ahead, until=until, allowed=allowed, threads=threads)
        seconds += time.perf_counter() - began
        told(f"{horizon} minutes: learnt in {time.perf_counter() - began:.1f} s, forecasting")
        scores[horizon] = _judged(kept, pasts, learnt, until=until, end=end, allowed=allowed, threads=threads)
    return Outcome(
        scores=scores,
        places=dict(zip(kept.codes, kept.places, strict=True)),
        left_out=left_out + int((~keep).sum()),
        train_seconds=seconds,
    )


def _judged(
    panel: Panel, pasts: Sequence[Past], learnt: Learnt, *, until: int, end: int, allowed: Flags, threads: int
) -> Mapping[str, Score]:
    """Each facility's score in the columns [until, end)."""
    asked = ask(panel, pasts, learnt, end=end, allowed=allowed, threads=threads)
    scores = dict.fromkeys(panel.codes, Score())
    for _, code, score in judged_days(panel, pasts, asked, until=until, end=end):
        scores[code] += score
    return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the models of a horizon say of each facility at the instants `rows`, and how far outside lay what came."""

    ahead: int
    rows: Sequence[Ints]
    said: Sequence[Estimates]
    missed: Sequence[Doubles]

    def stretches(self, column: int, places: Sequence[str]) -> list[float]:
        """Each facility's stretch as known at `column`."""
        return stretches_at(column, self.rows, self.missed, places, self.ahead)


def ask(panel: Panel, pasts: Sequence[Past], learnt: Learnt, *, end: int, allowed: Flags, threads: int = 1) -> Asked:
    """Every allowed instant that the interval's ends have not been learnt from and whose outcome comes before `end`."""
    rows, said, missed = [], [], []
    for past, capacity in zip(pasts, panel.capacities, strict=True):
        some = rows_of(past, learnt.ahead, first=learnt.edges_until, until=end, allowed=allowed)
        estimates = estimates_of(learnt, past, some, panel.start, threads=threads)
        rows.append(some)
        said.append(estimates)
        missed.append(recent_misses(past, some, estimates, learnt.ahead, 1 / capacity))
    return Asked(ahead=learnt.ahead, rows=rows, said=said, missed=missed)


def judged_days(
    panel: Panel, pasts: Sequence[Past], asked: Asked, *, until: int, end: int
) -> Iterator[tuple[int, str, Score]]:
    """Each day of the columns [until, end), by its first column: each facility's score. Each midnight stretches the
    intervals anew."""
    for first in _days(panel, until, end):
        stretch = asked.stretches(first, panel.places)
        last = min(end, first + DAY - (first + panel.start // STEP) % DAY)
        for index, code in enumerate(panel.codes):
            chosen = slice(*np.searchsorted(asked.rows[index], [first, last]))
            here, then = asked.rows[index][chosen], _part(asked.said[index], chosen)
            yield first, code, _scored(pasts[index], here, then, asked.ahead, stretch[index], panel.capacities[index])


def _days(panel: Panel, until: int, end: int) -> list[int]:
    """`until`, and each midnight after it before `end`, as columns."""
    midnight = until + DAY - (until + panel.start // STEP) % DAY
    return [until, *range(midnight, end, DAY)] if until < end else []


def _part(estimates: Estimates, chosen: slice) -> Estimates:
    return Estimates(middle=estimates.middle[chosen], low=estimates.low[chosen], high=estimates.high[chosen])


def _scored(past: Past, rows: Ints, said: Estimates, ahead: int, stretch: float, capacity: float) -> Score:
    final = bounded(said, past, rows, stretch=stretch, floor=1 / capacity)
    now = past.shares[rows]
    return score_of(
        truth=past.shares[rows + ahead],
        model=final.middle,
        persistence=now,
        drift=now + past.drift[rows],
        low=final.low,
        high=final.high,
    )
