"""Keeps the city's counts as days on a grid, made from the hub's history. Done again, it changes nothing.

Loads numpy: asked for in jobs and commands, never at the head of a file that pages load.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import transaction

from simos.hub.store.base import Reader
from simos.kernel.acting import Actor, Scope
from simos.modules.mobility.parking.models import CountedDay
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.queries.days import (
    DAY,
    counted_between,
    days_that_differ,
    first_counted,
    kept_until,
    midnight,
)
from simos.modules.mobility.parking.rules.counts import FRESH
from simos.modules.mobility.parking.rules.days import packed
from simos.platform.scopes.acting import acting

KEPT = timedelta(days=5 * 365)
"""As long as the hub keeps the counts themselves."""


def keep_days(scope: Scope, reader: Reader, *, by: Actor, at: datetime) -> int:
    """The days from the last one kept to `at` are kept; in a city that begins all of its history. How many days."""
    with acting(by, scope):
        codes = [facility.code for facility in facilities_of()]
        begun = kept_until() or first_counted(reader, scope.code, codes)
        if begun is None:
            return 0
        first, last = min(begun, at).astimezone(UTC).date(), at.astimezone(UTC).date()
        days = [first + step * DAY for step in range((last - first).days + 1)]
        return _keep(scope, reader, days, at=at)


def mend_days(scope: Scope, reader: Reader, *, by: Actor, at: datetime, since: datetime | None = None) -> int:
    """Days whose counts have come or changed in number since they were kept are kept anew. How many days."""
    with acting(by, scope):
        codes = [facility.code for facility in facilities_of()]
        today = midnight(at.astimezone(UTC).date())  # which is kept anew all day
        days = days_that_differ(reader, scope.code, codes, since=since or at - KEPT, until=today)
        return _keep(scope, reader, days, at=at)


def forget_days(scope: Scope, *, by: Actor, at: datetime) -> int:
    """Days older than the hub keeps counts are gone."""
    with acting(by, scope):
        return int(CountedDay.objects.filter(day__lt=(at - KEPT).date()).delete()[0])


def _keep(scope: Scope, reader: Reader, days: Sequence[date], *, at: datetime) -> int:
    facilities = facilities_of()
    capacities = {facility.code: float(facility.capacity or 0) for facility in facilities}
    for day in days:
        rows = list(_rows(scope.code, reader, day, capacities, at))
        with transaction.atomic():
            CountedDay.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=("city", "code", "day"), update_fields=CountedDay.TAKEN
            )
    return len(days)


def _rows(city: str, reader: Reader, day: date, capacities: dict[str, float], at: datetime) -> Iterable[CountedDay]:
    begins = midnight(day)
    until = min(at, begins + DAY - timedelta(seconds=1))
    just_after = until + timedelta(microseconds=1)
    counted = counted_between(reader, city, [*capacities], since=begins - FRESH, until=just_after)
    for code, (times, free) in counted.items():
        if times:
            both = np.frombuffer(times, dtype=np.int64), np.frombuffer(free, dtype=np.int64)
            found = packed(both, start=int(begins.timestamp()), until=int(until.timestamp()), capacity=capacities[code])
            yield CountedDay(
                code=code,
                day=day,
                until=until,
                free=found.free,
                ages=found.ages,
                hours=found.hours,
                points=found.points,
                arrivals=found.arrivals,
            )
