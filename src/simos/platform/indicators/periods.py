"""Days, months and years as they are in a place. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from simos.kernel.module import Every
from simos.platform.indicators.values import Period


def period_of(every: Every, day: date, zone: tzinfo) -> Period:
    """The period in which the day lies. From midnight to midnight there: a day may have 23 or 25 hours."""
    first = _first(every, day)
    after = _next(every, first)
    return Period(every, first, after - timedelta(days=1), _midnight(first, zone), _midnight(after, zone))


def ended_by(every: Every, present: datetime, zone: tzinfo, count: int) -> Sequence[Period]:
    """The last `count` periods that are over at `present`, newest first."""
    found: list[Period] = []
    day = period_of(every, present.astimezone(zone).date(), zone).first
    while len(found) < count:
        day = _first(every, day - timedelta(days=1))
        found.append(period_of(every, day, zone))
    return found


def _first(every: Every, day: date) -> date:
    if every is Every.DAY:
        return day
    return day.replace(day=1) if every is Every.MONTH else day.replace(month=1, day=1)


def _next(every: Every, first: date) -> date:
    """The first day of the period after the one that begins on `first`."""
    return _first(every, first + timedelta(days={Every.DAY: 1, Every.MONTH: 31, Every.YEAR: 366}[every]))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
