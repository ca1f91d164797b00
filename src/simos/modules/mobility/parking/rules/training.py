"""Trains the three models of a horizon on a panel, and asks them. Pure; drawing and order are fixed by a seed.

The middle learns from everything before `until`; the interval's ends from all but the last weeks, which then show
how far to stretch them. With too little to learn from both are drift's, and only the stretching is learnt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simos.modules.mobility.parking.rules.baselines import ago
from simos.modules.mobility.parking.rules.features import Past, features_of
from simos.modules.mobility.parking.rules.forest import Forest
from simos.modules.mobility.parking.rules.grid import DAY, WEEK, Flags, Floats, Ints, Panel
from simos.modules.mobility.parking.rules.intervals import misses, stretched, stretches
from simos.modules.mobility.parking.rules.learning import EDGE, MIDDLE, learn

MIDDLE_ROWS, MIDDLE_TREES = 300_000, 250
EDGE_ROWS, EDGE_TREES = 100_000, 100
FEWEST_ROWS = 5000
"""Rows from which on something is learnt; a tree's leaf needs some hundred to mean anything."""

RECENT = 21 * DAY
"""Points whose intervals are looked at to stretch those to come."""

WARMED_UP = 2 * WEEK
"""Points at the beginning that are not learnt from: nothing is known of the time before them."""

LOW, HIGH = 0.1, 0.9
Predictor = Callable[[Floats], npt.NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """The models of one horizon: boosters or forests, or None where drift stands in. `edges_until`: the column before
    which the ends were learnt."""

    ahead: int
    middle: Any
    low: Any
    high: Any
    edges_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """For instants of one facility: the middle and both ends, in shares of the capacity."""

    middle: Floats
    low: Floats
    high: Floats


def rows_of(past: Past, ahead: int, *, first: int, until: int, allowed: Flags) -> Ints:
    """The columns from `first` whose present and outcome are known, the outcome before `until`, within the hours."""
    known = ~np.isnan(past.shares) & ~np.isnan(ago(past.shares, -ahead)) & allowed
    known[: max(first, 0)] = False
    known[max(until - ahead, 0) :] = False
    return np.flatnonzero(known)


def train(panel: Panel, pasts: Sequence[Past], ahead: int, *, until: int, allowed: Flags, threads: int) -> Learnt:
    """What can be learnt from outcomes before the column `until`."""
    first = min(WARMED_UP, until // 3)
    edges_until = until - min(RECENT, until // 3)

    def fit(rows: int, trees: int, before: int, how: dict[str, Any]) -> Any:
        drawn = _draw([rows_of(past, ahead, first=first, until=before, allowed=allowed) for past in pasts], rows)
        if sum(map(len, drawn)) < FEWEST_ROWS:
            return None
        features = [matrix_of(past, some, ahead, panel.start) for past, some in zip(pasts, drawn, strict=True)]
        changes = [past.shares[some + ahead] - past.shares[some] for past, some in zip(pasts, drawn, strict=True)]
        return learn(np.concatenate(features), np.concatenate(changes), how=how, trees=trees, threads=threads)

    return Learnt(
        ahead=ahead,
        middle=fit(MIDDLE_ROWS, MIDDLE_TREES, until, MIDDLE),
        low=fit(EDGE_ROWS, EDGE_TREES, edges_until, EDGE | {"alpha": LOW}),
        high=fit(EDGE_ROWS, EDGE_TREES, edges_until, EDGE | {"alpha": HIGH}),
        edges_until=edges_until,
    )


def matrix_of(past: Past, rows: Ints, ahead: int, start: int) -> Floats:
    """The features as columns, a line for each instant; always in the same order."""
    return np.column_stack(list(features_of(past, rows, ahead, start).values()))


def _draw(rows: Sequence[Ints], at_most: int) -> list[Ints]:
    """At most about so many of all rows, each facility's share of them the same."""
    share = at_most / max(1, sum(map(len, rows)))
    if share >= 1:
        return list(rows)
    drawing = np.random.default_rng(1)
    return [np.sort(drawing.choice(each, int(len(each) * share), replace=False)) for each in rows]


def estimates_of(learnt: Learnt, past: Past, rows: Ints, start: int, *, threads: int = 1) -> Estimates:
    """What the models say at these instants; the interval is not yet stretched."""
    features = matrix_of(past, rows, learnt.ahead, start)

    def predictor(booster: Any) -> Predictor | None:
        if booster is None or isinstance(booster, Forest):
            return booster.predict if booster else None
        return lambda lines: booster.predict(lines, num_threads=threads)

    return estimated(
        past, rows, features, middle=predictor(learnt.middle), low=predictor(learnt.low), high=predictor(learnt.high)
    )


def estimated(
    past: Past,
    rows: Ints,
    features: Floats,
    *,
    middle: Predictor | None,
    low: Predictor | None,
    high: Predictor | None,
) -> Estimates:
    """Each model's change added to the present; drift's where there is none, its usual error being the width."""
    now, drift = past.shares[rows], past.drift[rows]
    missed = np.nan_to_num(np.abs(past.missed[rows]))

    def changed(predict: Predictor | None, without: Floats) -> Floats:
        change = without if predict is None else predict(features) if len(features) else np.zeros(0)
        return (now + change).astype(np.float32)

    ends = (changed(low, drift - missed), changed(high, drift + missed))
    return Estimates(middle=changed(middle, drift), low=np.minimum(*ends), high=np.maximum(*ends))


def bounded(estimates: Estimates, past: Past, rows: Ints, *, stretch: float, floor: float) -> Estimates:
    """With the interval stretched, around the middle, and nothing below none or above all that was ever seen."""
    most = np.fmax(np.float32(1), past.highest[rows])
    low, high = stretched(estimates.low, estimates.high, stretch, floor)
    middle = np.clip(estimates.middle, 0, most)
    return Estimates(
        middle=middle,
        low=np.minimum(np.clip(low, 0, most), middle),
        high=np.maximum(np.clip(high, 0, most), middle),
    )


def recent_misses(past: Past, rows: Ints, estimates: Estimates, ahead: int, floor: float) -> np.ndarray[Any, Any]:
    """How far the outcomes of these instants lay outside their unstretched intervals."""
    return misses(past.shares[rows + ahead], estimates.low, estimates.high, floor)


def stretches_at(
    column: int,
    rows: Sequence[Ints],
    missed: Sequence[np.ndarray[Any, Any]],
    places: Sequence[str],
    ahead: int,
) -> list[float]:
    """Each facility's stretch as known at `column`: of the instants whose outcome came in the last weeks before."""
    recent = []
    for each, theirs in zip(rows, missed, strict=True):
        first, last = np.searchsorted(each + ahead, [column - RECENT, column])
        recent.append(theirs[first:last])
    return stretches(recent, places)
