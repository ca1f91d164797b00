"""What is forecast for facilities of the city in force, and what was learnt. Pages ask it: no numpy is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from simos.kernel.acting import Scope
from simos.modules.mobility.parking.models import Lesson, MadeForecast
from simos.modules.mobility.parking.rules.forecasts import VALID, Expected, Forecast
from simos.platform.scopes.queries import city_of, now_in


def forecasts_of(scope: Scope, *, at: datetime | None = None, codes: Iterable[str] = ()) -> Mapping[str, Forecast]:
    """The newest forecast of each facility (or of `codes` only) that is worth showing at `at`, by default the city's
    present. A facility that was closed, or without a fresh count, when forecasts were last made has none."""
    now = at or now_in(city_of(scope.code))
    rows = MadeForecast.objects.filter(city=scope.code, made_at__gt=now - VALID, made_at__lte=now)
    if wanted := list(codes):
        rows = rows.filter(code__in=wanted)
    newest = rows.order_by("-made_at").values_list("made_at", flat=True).first()
    return {row.code: made_forecast(row) for row in rows.filter(made_at=newest)} if newest else {}


def forecast_of(scope: Scope, code: str, *, at: datetime | None = None) -> Forecast | None:
    """The facility's forecast at `at`, by default the city's present; None where there is none worth showing."""
    return forecasts_of(scope, at=at, codes=[code]).get(code)


def made_forecast(row: MadeForecast) -> Forecast:
    """The row as a value."""
    expected = tuple(
        Expected(minutes=minutes, low=low, middle=middle, high=high)
        for minutes, low, middle, high, _drift in row.expected
    )
    return Forecast(code=row.code, made_at=row.made_at, now=row.now, expected=expected, model=row.model)


def last_lesson() -> Lesson | None:
    """The last try to learn in the city in force, whatever came of it."""
    found: Lesson | None = Lesson.objects.first()
    return found


def lesson_in_use() -> Lesson | None:
    """That of the model which forecasts the city in force; None: the baseline does."""
    found: Lesson | None = Lesson.objects.filter(in_use=True).first()
    return found


def made_between(since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
    """What was forecast in [since, until): code, made_at, now, expected, in order of code and time."""
    rows = MadeForecast.objects.filter(made_at__gte=since, made_at__lt=until).order_by("code", "made_at")
    yield from rows.values("code", "made_at", "now", "expected").iterator(chunk_size=2000)
