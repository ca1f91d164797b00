"""What a forecast must beat: `persistence`, that nothing changes, and `drift`, the usual change of this weekday. Pure.

Both take shares on the grid (facilities by row, time in the last axis) and know nothing later than the instant.
"""

import numpy as np

from simos.modules.mobility.parking.rules.grid import UNKNOWN, WEEK, Floats

PROFILE_WEEKS = 6


def ago(values: Floats, points: int) -> Floats:
    """At each instant the value so many points earlier (later where negative); NaN beyond the ends."""
    length = values.shape[-1]
    moved = np.full(values.shape, UNKNOWN, dtype=np.float32)
    if 0 <= points < length:
        moved[..., points:] = values[..., : length - points]
    elif 0 < -points < length:
        moved[..., :points] = values[..., -points:]
    return moved


def profile(shares: Floats, ahead: int = 0) -> Floats:
    """At each instant the mean of the same weekday and slot `ahead` points on, in the six weeks before; NaN where
    none of them is known. `ahead` is less than a week, so that all of it is past."""
    total = np.zeros(shares.shape, dtype=np.float32)
    known = np.zeros(shares.shape, dtype=np.float32)
    for week in range(1, PROFILE_WEEKS + 1):
        then = ago(shares, week * WEEK - ahead)
        there = ~np.isnan(then)
        total[there] += then[there]
        known += there
    return np.where(known > 0, total / np.maximum(known, 1), UNKNOWN).astype(np.float32)


def usual_change(shares: Floats, ahead: int) -> Floats:
    """How the profile changes from each instant to `ahead` points later; 0 where it is not known, which makes
    `drift` the same as `persistence` there."""
    change = profile(shares, ahead) - profile(shares)
    return np.where(np.isnan(change), np.float32(0), change)
