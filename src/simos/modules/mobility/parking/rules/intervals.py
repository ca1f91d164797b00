"""Intervals that hold as often as they say: ends learnt from the past are stretched until lately they did. Pure.

A facility's own last weeks decide, leaning on its place's, and these on everybody's: a few days prove little.
(Conformalised quantile regression: Romano, Patterson, Candès 2019.)
"""

from collections.abc import Mapping, Sequence

import numpy as np

from simos.modules.mobility.parking.rules.grid import Doubles, Floats

HELD = 0.8
"""The share of cases in which an interval is to hold."""

OWN_WEIGHT, PLACE_WEIGHT = 400, 4000
"""Of so many cases a facility's (a place's) own finding weighs as much as that of the wider circle."""


def misses(truth: Floats, low: Floats, high: Floats, floor: float) -> Doubles:
    """How far outside its interval each truth lay, in widths of the interval (at least `floor`); inside: below 0."""
    outside = np.maximum(low.astype(np.float64) - truth, truth.astype(np.float64) - high)
    return outside / np.maximum(high.astype(np.float64) - low, floor)


def stretched(low: Floats, high: Floats, stretch: float, floor: float) -> tuple[Floats, Floats]:
    """The interval made wider at both ends by `stretch` widths, narrower where it is negative, never crossed."""
    more = (stretch * np.maximum(high - low, floor)).astype(np.float32)
    new_low, new_high = low - more, high + more
    middle = (low + high) / 2
    return np.minimum(new_low, middle), np.maximum(new_high, middle)


def stretches(recent: Sequence[Doubles], places: Sequence[str]) -> list[float]:
    """For each facility the stretch with which its intervals would lately have held, by `misses` of each."""
    everybody = _needed(np.concatenate([*recent, np.zeros(0)]))
    by_place: Mapping[str, list[Doubles]] = {place: [] for place in places}
    for place, theirs in zip(places, recent, strict=True):
        by_place[place].append(theirs)
    wider = {place: _leaning(np.concatenate(theirs), everybody, PLACE_WEIGHT) for place, theirs in by_place.items()}
    return [_leaning(own, wider[place], OWN_WEIGHT) for own, place in zip(recent, places, strict=True)]


def _leaning(own: Doubles, wider: float, weight: int) -> float:
    return (len(own) * _needed(own) + weight * wider) / (len(own) + weight)


def _needed(missed: Doubles) -> float:
    return float(np.quantile(missed, HELD)) if len(missed) else 0.0
