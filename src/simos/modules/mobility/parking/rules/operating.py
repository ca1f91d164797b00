"""Forecasts in operation: a city's model learnt from its own history, judged on days held out, and asked for all
facilities at once. Pure.

A horizon whose model is not better than drift on the days held out has none: drift stands in, and says so.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zipfile import BadZipFile

import numpy as np

from simos.modules.mobility.parking.rules.backtest import Asked, ask, judged_days, usable
from simos.modules.mobility.parking.rules.features import LOOKBACK, Past, features_of, pasts_of
from simos.modules.mobility.parking.rules.forecasts import HORIZONS, Expected, in_spaces
from simos.modules.mobility.parking.rules.forest import Forest
from simos.modules.mobility.parking.rules.grid import ALL_DAY, DAY, STEP, WEEK, Doubles, Flags, Floats, Panel
from simos.modules.mobility.parking.rules.intervals import stretches
from simos.modules.mobility.parking.rules.learning import forest_of
from simos.modules.mobility.parking.rules.scores import Score, total
from simos.modules.mobility.parking.rules.training import (
    FEWEST_ROWS,
    RECENT,
    Learnt,
    Predictor,
    bounded,
    estimated,
    matrix_of,
    recent_misses,
    rows_of,
    train,
)

FORM = 1
"""Of the stored model."""

PARTS = ("middle", "low", "high")

HELD_OUT = 3 * DAY
"""The last days are not learnt from: on them a new model is judged beside the one in use and the baselines."""

FEWEST_POINTS = 3 * WEEK
"""Of history before anything is learnt: two weeks are warmed up with, and a tree must see some days more than once."""

LEARNT_FROM = 26 * WEEK
"""At most so much history is learnt from."""

SEEN = LOOKBACK + RECENT
"""Points that a forecast looks at: all that its features depend on, at each instant that stretches its interval."""

SAMPLE = 4
"""Every so many points a model is asked about the past, to judge it and to stretch its intervals: hourly is enough."""

PRIOR = {30: 0.05, 60: 0.08, 120: 0.13}
"""Half an interval, as a share of the capacity, for a facility of whose errors hardly anything is known: our
estimate, not measured."""

FEWEST_MISSES = DAY
"""So many known errors a facility needs before the prior is no longer looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was learnt for a city: by minutes ahead the forests, and by minutes and code the stretch of intervals (""
    for a facility that was not there)."""

    horizons: Mapping[int, Learnt]
    stretches: Mapping[int, Mapping[str, float]]
    known: frozenset[str]

    def as_bytes(self) -> bytes:
        """Plain arrays and a header in JSON; nothing in it is ever run."""
        arrays: dict[str, Any] = {}
        for minutes, learnt in self.horizons.items():
            for part in PARTS:
                if (forest := getattr(learnt, part)) is not None:
                    arrays |= forest.as_arrays(f"{minutes}.{part}")
        head = {
            "form": FORM,
            "features": _feature_names(),
            "horizons": [*self.horizons],
            "stretches": {str(minutes): dict(found) for minutes, found in self.stretches.items()},
            "known": sorted(self.known),
        }
        arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def of_bytes(cls, content: bytes) -> "Model":
        """The inverse of `as_bytes`. ValueError for anything else, and for a model of another release's features."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                head = json.loads(arrays["head"].tobytes())
                if head["form"] != FORM or head["features"] != _feature_names():
                    raise ValueError("the model was learnt by another release")
                horizons = {
                    minutes: Learnt(
                        ahead=minutes * 60 // STEP,
                        edges_until=0,
                        **{
                            part: Forest.of_arrays(name, arrays) if f"{name}.roots" in arrays else None
                            for part in PARTS
                            if (name := f"{minutes}.{part}")
                        },
                    )
                    for minutes in head["horizons"]
                }
        except (OSError, KeyError, EOFError, TypeError, BadZipFile) as error:
            raise ValueError(f"this is no model: {error}") from None
        found = {int(minutes): stretches for minutes, stretches in head["stretches"].items()}
        return cls(horizons=horizons, stretches=found, known=frozenset(head["known"]))


def _feature_names() -> list[str]:
    nothing = np.zeros((1, 1), dtype=np.float32)
    empty = Panel(codes=("",), places=("",), capacities=np.ones(1), start=0, shares=nothing, ages=nothing)
    return list(features_of(next(iter(pasts_of(empty, 1))), np.zeros(1, dtype=np.int64), 1, 0))


DaysJudged = Mapping[tuple[int, int, str], Score]
"""By minutes ahead, the day's first column, and code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What came of learning: the model, None where nothing was learnt; the scores of the days held out, those of the
    model in use on the same instants, and why there is no model ("" where there is one)."""

    model: Model | None = None
    judged: DaysJudged = field(default_factory=dict)
    before: DaysJudged = field(default_factory=dict)
    facilities: int = 0
    why_not: str = ""

    @property
    def better(self) -> bool:
        """The new model is to be used: on the days held out it was not worse than the one in use."""
        return self.model is not None and (not self.before or _error(self.judged) <= _error(self.before))

    def scores(self) -> Mapping[int, Score]:
        """The new model's, by minutes ahead."""
        return {minutes: total(s for key, s in self.judged.items() if key[0] == minutes) for minutes in HORIZONS}


def _error(judged: DaysJudged) -> float:
    whole = total(judged.values())
    return whole.model / max(1, whole.points)


SHORT, SELDOM = "short", "seldom"
"""Why nothing is learnt yet: the history is too short; too few counts in it, or too small facilities."""


def learn_city(panel: Panel, *, held_out: int = HELD_OUT, current: Model | None = None, threads: int = 1) -> Lesson:
    """What can be learnt from all of the panel but its last `held_out` columns, judged on these."""
    end = panel.points
    until = end - held_out
    kept = panel.only(usable(panel, until, ALL_DAY)) if until > 0 else panel
    everywhere = ALL_DAY.among(kept.start, end)
    why_not = ""
    if _span(panel) < FEWEST_POINTS + held_out:
        why_not, kept = SHORT, panel
    elif (~np.isnan(kept.shares[:, :until])).sum() < FEWEST_ROWS:
        why_not, kept = SELDOM, panel
    if until <= 0 or not kept.codes:
        return Lesson(why_not=why_not or SELDOM)
    horizons: dict[int, Learnt] = {}
    found: dict[int, Mapping[str, float]] = {}
    judged: dict[tuple[int, int, str], Score] = {}
    before: dict[tuple[int, int, str], Score] = {}
    for minutes in HORIZONS:
        ahead = minutes * 60 // STEP
        pasts = list(pasts_of(kept, ahead))
        learnt = Learnt(ahead=ahead, middle=None, low=None, high=None, edges_until=0)
        if not why_not:
            learnt = _forests(train(kept, pasts, ahead, until=until, allowed=everywhere, threads=threads))
        asked = ask(kept, pasts, learnt, end=end, allowed=_sampled(everywhere))
        scores = _days_judged(kept, pasts, asked, minutes, until)
        mine = total(scores.values())
        if learnt.middle is None or mine.model > mine.drift:
            learnt = Learnt(ahead=ahead, middle=None, low=None, high=None, edges_until=learnt.edges_until)
            scores = _days_judged(
                kept, pasts, ask(kept, pasts, learnt, end=end, allowed=_sampled(everywhere)), minutes, until
            )
        else:
            horizons[minutes] = learnt
            found[minutes] = _stretches_by_code(asked, kept, end)
        judged |= scores
        if current is not None:
            used = current.horizons.get(minutes, Learnt(ahead=ahead, middle=None, low=None, high=None, edges_until=0))
            used = replace(used, edges_until=learnt.edges_until)
            others = ask(kept, pasts, used, end=end, allowed=_sampled(everywhere))
            before |= _days_judged(kept, pasts, others, minutes, until)
    if not horizons:
        return Lesson(judged=judged, before=before, facilities=len(kept.codes), why_not=why_not or "baseline")
    model = Model(horizons=horizons, stretches=found, known=frozenset(kept.codes))
    return Lesson(model=model, judged=judged, before=before, facilities=len(kept.codes))


def _span(panel: Panel) -> int:
    """Points from the first one at which anything is known to the end."""
    known = np.flatnonzero(~np.isnan(panel.shares).all(axis=0))
    return panel.points - int(known[0]) if len(known) else 0


def _forests(learnt: Learnt) -> Learnt:
    def plain(booster: Any) -> Forest | None:
        return None if booster is None else forest_of(booster)

    return replace(learnt, middle=plain(learnt.middle), low=plain(learnt.low), high=plain(learnt.high))


def _sampled(allowed: Flags) -> Flags:
    sampled: Flags = allowed & (np.arange(len(allowed)) % SAMPLE == 0)
    return sampled


def _days_judged(panel: Panel, pasts: Sequence[Past], asked: Asked, minutes: int, until: int) -> DaysJudged:
    days = judged_days(panel, pasts, asked, until=until, end=panel.points)
    return {(minutes, first, code): score for first, code, score in days if score.points}


def _stretches_by_code(asked: Asked, panel: Panel, column: int) -> Mapping[str, float]:
    found = asked.stretches(column, panel.places)
    own = dict(zip(panel.codes, found, strict=True))
    return own | {"": stretches([np.zeros(0)], [""])[0] if not found else float(np.median(found))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A facility's forecast: free spaces now, what is expected, drift's word by horizon, and whether a model spoke."""

    now: int
    expected: tuple[Expected, ...]
    drift: tuple[int, ...]
    learnt: bool


def forecasts_at_end(panel: Panel, model: Model | None) -> Mapping[str, Made]:
    """The forecast at the panel's last instant of every facility that has a fresh count there, by code."""
    last = panel.points - 1
    there = np.flatnonzero(~np.isnan(panel.shares[:, last]))
    parts = {minutes: _horizon(panel, there, minutes, model) for minutes in HORIZONS}
    made = {}
    for place, row in enumerate(there):
        expected, drift, learnt = zip(*(parts[minutes][place] for minutes in HORIZONS), strict=True)
        now = round(float(panel.shares[row, last] * panel.capacities[row]))
        made[panel.codes[row]] = Made(now=now, expected=expected, drift=drift, learnt=all(learnt))
    return made


def _horizon(
    panel: Panel, there: "np.ndarray[Any, Any]", minutes: int, model: Model | None
) -> list[tuple[Expected, int, bool]]:
    ahead = minutes * 60 // STEP
    pasts = list(pasts_of(panel, ahead))
    last = np.array([panel.points - 1])
    learnt = model.horizons.get(minutes) if model is not None else None
    by_model = {row for row in there if learnt is not None and model is not None and panel.codes[row] in model.known}
    lines = {row: matrix_of(pasts[row], last, ahead, panel.start) for row in by_model}
    spoken = _spoken(learnt, lines)
    usual = _usual_stretches(panel, pasts, ahead) if len(by_model) < len(there) else []
    found = []
    for row in there:
        past, capacity, code = pasts[row], float(panel.capacities[row]), panel.codes[row]
        if row in by_model and model is not None:
            said = estimated(past, last, lines[row], **spoken[row])
            stretch, least = model.stretches[minutes].get(code, model.stretches[minutes][""]), 0.0
        else:
            said = estimated(past, last, np.zeros((1, 0), dtype=np.float32), middle=None, low=None, high=None)
            stretch, missed = usual[row]
            least = PRIOR[minutes] if missed < FEWEST_MISSES else 0.0
        final = bounded(said, past, last, stretch=stretch, floor=1 / capacity)
        middle = float(final.middle[0])
        low, high = min(float(final.low[0]), middle - least), max(float(final.high[0]), middle + least)
        usual_then = in_spaces(minutes, 0, float(past.shares[-1] + past.drift[-1]), 0, capacity).middle
        found.append((in_spaces(minutes, low, middle, high, capacity), usual_then, row in by_model))
    return found


def _spoken(learnt: Learnt | None, lines: Mapping[Any, Floats]) -> Mapping[Any, Mapping[str, Predictor | None]]:
    """For each row what the forests answer, as `estimated` asks for it; each forest is asked once for all of them."""
    if learnt is None or not lines:
        return {}
    whole = np.concatenate([*lines.values()])
    forests = {part: getattr(learnt, part) for part in PARTS}
    answers = {part: None if forest is None else forest.predict(whole) for part, forest in forests.items()}

    def answer(values: Doubles | None, place: int) -> Predictor | None:
        return None if values is None else lambda _lines: values[place : place + 1]

    return {row: {part: answer(answers[part], place) for part in PARTS} for place, row in enumerate(lines)}


def _usual_stretches(panel: Panel, pasts: Sequence[Past], ahead: int) -> list[tuple[float, int]]:
    """For the baseline: each facility's stretch by drift's errors of the last weeks, and how many of them are known."""
    first = max(0, panel.points - RECENT)
    allowed = ALL_DAY.among(panel.start, panel.points)
    missed = []
    for past, capacity in zip(pasts, panel.capacities, strict=True):
        rows = rows_of(past, ahead, first=first, until=panel.points, allowed=allowed)
        none = np.zeros((len(rows), 0), dtype=np.float32)
        said = estimated(past, rows, none, middle=None, low=None, high=None)
        missed.append(recent_misses(past, rows, said, ahead, 1 / capacity))
    found = stretches(missed, panel.places)
    return [(stretch, len(own)) for stretch, own in zip(found, missed, strict=True)]
