"""Forecasts in operation: made for all facilities of a city at once, learnt from its history, judged by what came.

Loads numpy, and LightGBM when it learns: asked for in jobs and commands, never at the head of a file that pages load.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.modules.mobility.parking.models import JudgedDay, Lesson, MadeForecast
from simos.modules.mobility.parking.queries import facilities_of, opening_of
from simos.modules.mobility.parking.queries.days import days_between, first_kept, midnight
from simos.modules.mobility.parking.queries.forecasts import last_lesson, lesson_in_use, made_between, made_forecast
from simos.modules.mobility.parking.rules.days import panel_from
from simos.modules.mobility.parking.rules.forecasts import Forecast
from simos.modules.mobility.parking.rules.grid import STEP, Panel, grid_start
from simos.modules.mobility.parking.rules.operating import (
    LEARNT_FROM,
    SEEN,
    DaysJudged,
    Made,
    Model,
    forecasts_at_end,
    learn_city,
)
from simos.modules.mobility.parking.rules.operating import Lesson as Learnt
from simos.modules.mobility.parking.rules.verdicts import verdicts_on
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of

log = logging.getLogger(__name__)

KEPT_FORECASTS, KEPT_VERDICTS = timedelta(days=9), timedelta(days=800)
"""Single forecasts are judged day by day and then not needed; the verdicts tell of two years."""

KEPT_LESSONS = 60


def panel_at(scope: Scope, at: datetime, points: int) -> Panel:
    """The last so many points of the city in force up to `at`, of what is kept as days."""
    start = grid_start(at) - (points - 1) * STEP
    capacities = {facility.code: float(facility.capacity or 0) for facility in facilities_of()}
    first, last = (datetime.fromtimestamp(second, UTC).date() for second in (start, grid_start(at)))
    return panel_from(days_between(first, last), capacities, place=scope.code, start=start, points=points)


def make_forecasts(scope: Scope, *, by: Actor, at: datetime) -> Sequence[Forecast]:
    """Every facility that has a fresh count is forecast, for the last full quarter of an hour up to `at`. Nothing is
    made twice: empty where it was made already."""
    with acting(by, scope):
        made_at = datetime.fromtimestamp(grid_start(at), UTC)
        if MadeForecast.objects.filter(made_at=made_at).exists():
            return ()
        lesson = lesson_in_use()
        model = model_of(lesson)
        version = lesson.version if lesson is not None and model is not None else ""
        found = forecasts_at_end(panel_at(scope, at, SEEN), model)
        rows = list(_rows(scope, found, made_at, version))
        with transaction.atomic():
            MadeForecast.objects.bulk_create(rows, ignore_conflicts=True)
        return [made_forecast(row) for row in rows]


def _rows(scope: Scope, found: Mapping[str, Made], made_at: datetime, version: str) -> Iterator[MadeForecast]:
    """What was forecast of each facility that is open, up to when it closes."""
    facts, zone = {facility.code: facility.facts for facility in facilities_of()}, city_of(scope.code).time_zone
    for code, made in found.items():
        expected = []
        for one, drift in zip(made.expected, made.drift, strict=True):
            if not opening_of(facts[code], made_at + timedelta(minutes=one.minutes), zone=zone).open:
                break
            expected.append([one.minutes, one.low, one.middle, one.high, drift])
        if expected and opening_of(facts[code], made_at, zone=zone).open:
            model = version if made.learnt else ""
            yield MadeForecast(code=code, made_at=made_at, now=made.now, expected=expected, model=model)


def model_of(lesson: Lesson | None) -> Model | None:
    """The model of a lesson, from its file; None where there is none, and with a word in the log where it is damaged or
    of another release: the baseline then forecasts until the next night."""
    if lesson is None or not lesson.file:
        return None
    try:
        content = (settings.SIMOS.home / lesson.file).read_bytes()
        if hashlib.sha256(content).hexdigest() != lesson.sha256:
            raise ValueError("the file is not what was stored")
        return Model.of_bytes(content)
    except (OSError, ValueError) as error:
        log.warning("the baseline forecasts %s, its model %s cannot be used: %s", lesson.city_id, lesson, error)
        return None


def learn(scope: Scope, *, by: Actor, at: datetime) -> Lesson | None:
    """A model of the city is learnt and judged on days held out; it is used from now on if it is not worse than the one
    in use. What came of it, or why nothing was learnt, is kept; None where nothing was ever counted."""
    with acting(by, scope):
        began = first_kept()
        if began is None:
            return None
        points = min(LEARNT_FROM, (grid_start(at) - int(midnight(began).timestamp())) // STEP + 1)
        panel = panel_at(scope, at, points)
        before = lesson_in_use()
        found = learn_city(panel, current=model_of(before))
        lesson = _lesson(scope, panel, found, at)
        with transaction.atomic():
            if lesson.in_use:
                Lesson.objects.filter(in_use=True).update(in_use=False)
            lesson.save()
            _keep_verdicts(panel, found.judged, live=False)
        _forget_lessons(scope)
        return lesson


def judge_past(scope: Scope, *, since: datetime, until: datetime, by: Actor) -> Learnt:
    """The days of [since, until) are judged as if it had been then: with a model learnt from what came before, or with
    the baseline where that was too little. Verdicts of forecasts that were made at the time stay."""
    with acting(by, scope):
        began = first_kept()
        if began is None or since >= until:
            return Learnt(why_not="short")
        points = min(LEARNT_FROM, (grid_start(until) - int(midnight(began).timestamp())) // STEP + 1)
        panel = panel_at(scope, until, points)
        found = learn_city(panel, held_out=(grid_start(until) - grid_start(since)) // STEP)
        _keep_verdicts(panel, found.judged, live=False)
        return found


def _lesson(scope: Scope, panel: Panel, found: Learnt, at: datetime) -> Lesson:
    content = found.model.as_bytes() if found.model is not None and found.better else b""
    sha256 = hashlib.sha256(content).hexdigest() if content else ""
    version = f"{at:%Y-%m-%dT%H%M%S}-{(sha256 or 'none')[:8]}"
    file = f"forecasts/parking-{scope.code}-{version}.npz" if content else ""
    if content:
        path: Path = settings.SIMOS.home / file
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(path)
    return Lesson(
        version=version,
        made_at=at,
        learnt_from=datetime.fromtimestamp(panel.start, UTC),
        learnt_to=datetime.fromtimestamp(panel.start + panel.points * STEP, UTC),
        facilities=found.facilities,
        scores={str(minutes): score.as_json() for minutes, score in found.scores().items() if score.points},
        in_use=bool(content),
        why_not=found.why_not or ("" if content else "worse"),
        file=file,
        sha256=sha256,
    )


def _forget_lessons(scope: Scope) -> None:
    """Older lessons are forgotten, and files of models that are no longer used."""
    kept = list(Lesson.objects.values_list("pk", flat=True)[:KEPT_LESSONS])
    Lesson.objects.exclude(pk__in=kept).filter(in_use=False).delete()
    used = set(Lesson.objects.filter(in_use=True).values_list("file", flat=True))
    for path in (settings.SIMOS.home / "forecasts").glob(f"parking-{scope.code}-*.npz"):
        if f"forecasts/{path.name}" not in used:
            path.unlink(missing_ok=True)


def judge_forecasts(scope: Scope, *, by: Actor, at: datetime, days: int = 2) -> int:
    """The forecasts of the last `days` UTC days are judged by what has come since. How many verdicts are kept."""
    with acting(by, scope):
        last = at.astimezone(UTC).date()
        first = last - timedelta(days=days - 1)
        points = days * 24 * 4 + 1
        panel = panel_at(scope, at, points)
        verdicts = verdicts_on(made_between(midnight(first), at), panel)
        rows = [
            _verdict(code, day, minutes, score, capacity, live=True)
            for (day, code, minutes), (score, capacity) in verdicts.items()
        ]
        _save_verdicts(rows)
        return len(rows)


def forget_forecasts(scope: Scope, *, by: Actor, at: datetime) -> int:
    """Forecasts that have long been judged are gone, and verdicts that nobody looks at any more."""
    with acting(by, scope):
        gone, _ = MadeForecast.objects.filter(made_at__lt=at - KEPT_FORECASTS).delete()
        JudgedDay.objects.filter(day__lt=(at - KEPT_VERDICTS).date()).delete()
        return int(gone)


def _keep_verdicts(panel: Panel, judged: DaysJudged, *, live: bool) -> None:
    """Days that were judged live keep that verdict."""
    capacities = dict(zip(panel.codes, panel.capacities, strict=True))
    rows = []
    for (minutes, column, code), score in judged.items():
        day = datetime.fromtimestamp(panel.start + column * STEP, UTC).date()
        rows.append(_verdict(code, day, minutes, score, float(capacities[code]), live=live))
    days = {row.day for row in rows}
    was_live = set(JudgedDay.objects.filter(day__in=days, live=True).values_list("code", "day", "minutes"))
    _save_verdicts([row for row in rows if (row.code, row.day, row.minutes) not in was_live])


def _verdict(code: str, day: date, minutes: int, score: Any, capacity: float, *, live: bool) -> JudgedDay:
    return JudgedDay(
        code=code,
        day=day,
        minutes=minutes,
        live=live,
        capacity=capacity,
        points=score.points,
        model=score.model * capacity,
        persistence=score.persistence * capacity,
        drift=score.drift * capacity,
        covered=score.covered,
    )


def _save_verdicts(rows: Iterable[JudgedDay]) -> None:
    with transaction.atomic():
        JudgedDay.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=("city", "code", "day", "minutes"),
            update_fields=JudgedDay.TAKEN,
            batch_size=500,
        )


def is_due(scope: Scope, *, by: Actor, at: datetime) -> bool:
    """It is time to learn: nothing was tried for a day; nor for three hours, where nothing is in use yet."""
    with acting(by, scope):
        last = last_lesson()
        if last is None or last.made_at > at:  # a replay may have begun again
            return True
        in_use = lesson_in_use()
        usable = in_use is not None and (settings.SIMOS.home / in_use.file).exists()
        return at - last.made_at >= (timedelta(hours=22) if usable else timedelta(hours=3))
