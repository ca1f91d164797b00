"""Measuring: by a module's computation, or by an officer's hand. Nothing is measured twice for nothing: what says the
same as before leaves the row as it is, what says something else is a new row that replaces it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

import simos
from simos.kernel.acting import FEDERATION, Actor, Scope, ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid
from simos.kernel.module import Every
from simos.kernel.text import Text
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.indicators.declared import Declared, indicators_in
from simos.platform.indicators.models import Measurement
from simos.platform.indicators.periods import ended_by
from simos.platform.indicators.values import Measured, Period
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import cities, city_of, now_in

log = logging.getLogger(__name__)

LOOKED_BACK = {Every.DAY: 35, Every.MONTH: 25, Every.YEAR: 6}
"""So many periods that are over are measured where no value of them counts yet."""
AGAIN = 2
"""The newest of them are always measured again: readings may come late."""
BY_HAND = Text(sl="vpis mestne uprave", en="entered by the city office", it="inserito dall’ufficio comunale")


def zone_of(scope: Scope) -> ZoneInfo:
    """The time zone by whose midnights the scope's periods begin and end."""
    return ZoneInfo(city_of(scope.code).time_zone if scope.kind is ScopeKind.CITY else settings.TIME_ZONE)


def present_in(scope: Scope) -> datetime:
    """The scope's present: that of a replay where one is running."""
    return now_in(city_of(scope.code)) if scope.kind is ScopeKind.CITY else now()


def measure_all(*, by: Actor, at: datetime) -> int:
    """Every computed indicator has its values wherever it stands; how many rows that added.

    What one indicator cannot do keeps no other from it; RuntimeError at the end names those that failed.
    """
    added, failed = 0, list[str]()
    for scope in (*(city.scope for city in cities()), FEDERATION):
        for each in indicators_in(scope):
            if each.compute is None:
                continue
            try:
                added += measure(scope, each, _due(scope, each), by=by, at=at)
            except Exception:  # whatever goes wrong in one module
                log.exception("%s is not measured in %s", each.key, scope)
                failed.append(f"{each.key} in {scope}")
    if failed:
        raise RuntimeError(f"not measured: {', '.join(failed)}")
    return added


def _due(scope: Scope, declared: Declared) -> Iterable[Period]:
    """The newest periods, and older ones of which no value of this version counts."""
    indicator = declared.indicator
    periods = ended_by(indicator.every, present_in(scope), zone_of(scope), LOOKED_BACK[indicator.every])
    there = set(
        _counting(scope, declared)
        .filter(version=indicator.version, since__gte=periods[-1].since)
        .values_list("since", flat=True)
    )
    return [period for place, period in enumerate(periods) if place < AGAIN or period.since not in there]


def measure(scope: Scope, declared: Declared, periods: Iterable[Period], *, by: Actor, at: datetime) -> int:
    """The periods have what the module computes for them now; how many rows that added. ValueError for an indicator
    that is entered by hand."""
    if declared.compute is None:
        raise ValueError(f"{declared.key} is entered by hand")
    added = 0
    for period in periods:
        with acting(by, scope):
            measured = declared.compute(scope, period)
        if measured is not None:
            added += _written(_row(scope, declared, period, measured, at=at))[1]
    return added


def enter(
    scope: Scope, declared: Declared, period: Period, value: float, *, note: str | Text = "", by: Actor, at: datetime
) -> Measurement:
    """An officer says what the indicator came to; audited with both values and the note.

    Forbidden without `enter-indicator`; Invalid for one that is computed, a value that is none, or a period that has
    not begun; Conflict where somebody else enters the same just now.
    """
    require(by, "enter-indicator", scope)
    if declared.compute is not None:
        raise Invalid(f"{declared.key} is computed; nobody enters it")
    if not isfinite(value):
        raise Invalid("a value is a number", field="value")
    if period.since > present_in(scope):
        raise Invalid("this period has not begun yet", field="period")
    told = note if isinstance(note, Text) else Text(sl=note, en=note) if note.strip() else None
    measured = Measured(value=value, readings=0, source=BY_HAND, note=told)
    with transaction.atomic():
        row, added = _written(_row(scope, declared, period, measured, at=at))
        if added:
            before = row.replaces.value if row.replaces else None
            data = {"indicator": declared.key, "period": str(period.first), "value": value, "before": before}
            why = told.sl if told else ""
            record("enter-indicator", obj=row, by=by, scope=scope, at=at, purpose=why, data=data)
    return row


def _counting(scope: Scope, declared: Declared) -> QuerySet[Measurement]:
    return Measurement.objects.filter(
        scope=str(scope),
        module=declared.module.name,
        indicator=declared.indicator.name,
        every=declared.indicator.every,
        replaced_at=None,
    )


def _row(scope: Scope, declared: Declared, period: Period, measured: Measured, *, at: datetime) -> Measurement:
    by_hand = declared.compute is None
    return Measurement(
        scope=str(scope),
        module=declared.module.name,
        indicator=declared.indicator.name,
        every=period.every,
        first=period.first,
        since=period.since,
        until=period.until,
        value=measured.value,
        readings=None if by_hand else measured.readings,
        source_texts=_stored(measured.source),
        note_texts=_stored(measured.note),
        version=0 if by_hand else declared.indicator.version,
        software=simos.__version__,
        measured_at=at,
    )


def _stored(text: Text | None) -> dict[str, str]:
    return {language: text.in_(language) for language in text.languages()} if text else {}


def _written(fresh: Measurement) -> tuple[Measurement, bool]:
    """The row that counts for the period now, and whether it was added. Conflict where another is faster."""
    same = ("scope", "module", "indicator", "every", "since")
    with transaction.atomic():
        there = Measurement.objects.select_for_update().filter(
            replaced_at=None, **{name: getattr(fresh, name) for name in same}
        )
        if (old := there.first()) is not None:
            if old.says_as(fresh):
                return old, False
            old.replaced_at = fresh.measured_at
            old.save(update_fields=("replaced_at",))
            fresh.replaces = old
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            raise Conflict("somebody else has just entered this value: look again") from None
    return fresh, True
