"""What a forecast looks at, for one facility at chosen instants. Pure; looks at nothing later than each instant.

Everything is a share of the capacity, so that what is learnt of one facility holds for others and other cities.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simos.modules.mobility.parking.rules.baselines import ago, profile, usual_change
from simos.modules.mobility.parking.rules.grid import DAY, STEP, UNKNOWN, WEEK, Floats, Ints, Panel

MONTH = 28 * DAY
BACK = (1, 2, 3, 4, 6, 8, 12, 16, 24)
"""Points back from the instant that the present is compared with."""

ALIKE_DAYS, ALIKE_POINTS, ALIKE_WIDTH = 28, 8, 0.03
"""Which of the last four weeks' days went like this one in the last two hours; a difference that counts as small."""

LOOKBACK = (6 + 5) * WEEK
"""Points before an instant that its features depend on: six weeks of profile for each of four weeks of errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Of one facility, over the whole grid: shares, ages, the profile's misses (`surplus`), what the place's other
    facilities miss on average (`tide`), drift's errors once they are known, and the outer values of a week."""

    shares: Floats
    ages: Floats
    surplus: Floats
    tide: Floats
    drift: Floats
    missed: Floats
    highest: Floats
    lowest: Floats


def pasts_of(panel: Panel, ahead: int) -> Iterator[Past]:
    """Each facility's past, in the panel's order."""
    surplus = panel.shares - profile(panel.shares)
    tides = {place: _mean(surplus[[each == place for each in panel.places]]) for place in set(panel.places)}
    for row, place in enumerate(panel.places):
        shares = panel.shares[row]
        drift = usual_change(shares, ahead)
        yield Past(
            shares=shares,
            ages=panel.ages[row],
            surplus=surplus[row],
            tide=tides[place],
            drift=drift,
            missed=shares - ago(shares, ahead) - ago(drift, ahead),
            highest=-_lowest_of_week(-shares),
            lowest=_lowest_of_week(shares),
        )


def features_of(past: Past, rows: Ints, ahead: int, start: int) -> Mapping[str, Floats]:
    """The features by name at the instants `rows` (columns of the grid that begins at `start`)."""

    def at(values: Floats, back: int = 0) -> Floats:
        where = rows - back
        return np.where((where >= 0) & (where < len(values)), values[where % len(values)], UNKNOWN)

    shares, now = past.shares, at(past.shares)
    surplus, tide = at(past.surplus), at(past.tide)
    weeks = np.stack([at(shares, WEEK * week - ahead) - at(shares, WEEK * week) for week in range(1, 7)])
    days = np.stack([at(shares, DAY * day - ahead) - at(shares, DAY * day) for day in range(1, 15)])
    # What drift missed on the day before, at the same slot: known since then, as `missed` is kept at its end.
    missed = np.stack([at(past.missed, DAY * day - ahead) for day in range(1, 8)])
    missed_weeks = np.stack([at(past.missed, WEEK * week - ahead) for week in range(1, 7)])
    steps = np.stack([np.abs(at(shares, back) - at(shares, back + 1)) for back in range(8)])
    instants = start + rows * STEP
    found = {
        "now": now,
        "age": at(past.ages),
        "drift": at(past.drift),
        "usual_before": now - surplus - (at(shares, ahead) - at(past.surplus, ahead)),
        "surplus": surplus,
        "tide": tide,
        "tide_moved": tide - at(past.tide, 4),
        "weeks_middle": _middle(weeks),
        "weeks_spread": _spread(weeks),
        "week_1": weeks[0],
        "week_2": weeks[1],
        "day_1": days[0],
        "days_mean_7": _mean(days[:7]),
        "days_mean_14": _mean(days),
        "days_middle": _middle(days),
        "since_yesterday": now - at(shares, DAY),
        "since_last_week": now - at(shares, WEEK),
        "yesterday_then": at(shares, DAY - ahead),
        "last_week_then": at(shares, WEEK - ahead),
        "missed": at(past.missed),
        "missed_days": _mean(missed),
        "missed_days_size": _mean(np.abs(missed)),
        "missed_weeks_size": _mean(np.abs(missed_weeks)),
        "missed_month": _monthly(np.abs(past.missed), rows),
        "steps": _mean(steps),
        "highest": at(past.highest),
        "lowest": at(past.lowest),
        "slot": ((instants // STEP) % DAY).astype(np.float32),
        "weekday": ((instants // (DAY * STEP) + 3) % 7).astype(np.float32),
    }
    found |= {f"since_{back}": now - at(shares, back) for back in BACK}
    found |= {f"surplus_since_{back}": surplus - at(past.surplus, back) for back in (1, 2, 4, 8)}
    found |= _alike(past, rows, ahead)
    return {name: values.astype(np.float32) for name, values in found.items()}


def _alike(past: Past, rows: Ints, ahead: int) -> Mapping[str, Floats]:
    """The change that followed on the days that went as this one does, weighted by how alike they are."""
    padded = np.concatenate([np.full(ALIKE_DAYS * DAY + ALIKE_POINTS, UNKNOWN, dtype=np.float32), past.shares])
    here = rows + ALIKE_DAYS * DAY + ALIKE_POINTS
    weights = np.zeros(len(rows), dtype=np.float32)
    changes = np.zeros(len(rows), dtype=np.float32)
    recent = [padded[here - back] for back in range(0, ALIKE_POINTS + 1, 2)]
    for day in range(1, ALIKE_DAYS + 1):
        then = here - day * DAY
        apart = sum((values - padded[then - 2 * index]) ** 2 for index, values in enumerate(recent))
        change = padded[then + ahead] - padded[then]
        weight = np.exp(-apart / (len(recent) * ALIKE_WIDTH**2)).astype(np.float32)
        good = ~(np.isnan(weight) | np.isnan(change))
        weights[good] += weight[good]
        changes[good] += weight[good] * change[good]
    return {
        "alike": np.where(weights > 1e-6, changes / np.maximum(weights, 1e-6), UNKNOWN),
        "alike_weight": weights,
    }


def _monthly(values: Floats, rows: Ints) -> Floats:
    """The mean of the last 28 days up to each instant; NaN where less than a day is known."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values), dtype=np.float64)])
    known = np.concatenate([[0], np.cumsum(~np.isnan(values))])
    first = np.maximum(rows + 1 - MONTH, 0)
    many = known[rows + 1] - known[first]
    mean = (total[rows + 1] - total[first]) / np.maximum(many, 1)
    return np.where(many >= DAY, mean, UNKNOWN).astype(np.float32)


def _lowest_of_week(values: Floats) -> Floats:
    """The lowest known value of the last week at each instant, by windows that double."""
    lowest, width = values, 1
    while width < WEEK:
        back = min(width, WEEK - width)
        lowest, width = np.fmin(lowest, ago(lowest, back)), width + back
    return lowest


def _middle(values: Floats) -> Floats:
    """The median along the first axis. By sorting, which is much quicker than numpy's own where NaN may stand."""
    ordered = np.sort(values, axis=0)  # NaN last
    known = (~np.isnan(values)).sum(axis=0)
    columns = np.arange(values.shape[1])
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    middle: Floats = (ordered[low, columns] + ordered[np.minimum(high, len(values) - 1), columns]) / 2
    return middle


def _spread(values: Floats) -> Floats:
    """The standard deviation along the first axis of what is known."""
    spread: Floats = np.sqrt(np.maximum(_mean(values**2) - _mean(values) ** 2, 0))
    return spread


def _mean(values: Floats) -> Floats:
    """The mean along the first axis of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    many = known.sum(axis=0)
    mean = np.where(known, values, 0).sum(axis=0) / np.maximum(many, 1)
    return np.where(many > 0, mean, UNKNOWN).astype(np.float32)
