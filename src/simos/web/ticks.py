"""Where the marks of an axis stand: round values, and times that people name. Pure: no Django, no words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import takewhile
from math import ceil, floor, log10

MINUTE_STEPS = (1, 5, 15, 30, 60, 120, 180, 360, 720)
"""Minutes between two marks within a day; each divides the day."""
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A mark at `at`. `form` names how it is written: a time of day, a day, or a month."""

    at: datetime
    form: str


def value_ticks(lowest: float, highest: float, *, most: int = 5) -> tuple[float, ...]:
    """Round values (1, 2 or 5 times a power of ten apart) from at or below `lowest` to at or above `highest`.

    At least two, and no more than `most` + 2. Whole numbers where the span is 3 or more.
    """
    span = highest - lowest
    if span <= 1e-9 * max(1.0, abs(lowest), abs(highest)):  # as good as constant
        span = max(1.0, abs(highest))
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    if span >= 3:
        step = max(1.0, step)
    first, last = floor(lowest / step + 1e-9), ceil(highest / step - 1e-9)
    digits = max(0, -floor(log10(step)))
    return tuple(round(index * step, digits) for index in range(first, max(last, first + 1) + 1))


def time_ticks(since: datetime, until: datetime, zone: tzinfo, *, most: int = 8) -> tuple[TimeTick, ...]:
    """At most `most` marks from `since` to `until` at local times that people name, in order, each a time of its own.

    On days when the clock changes a mark whose local time does not exist is left out.
    """
    for steps, marks in ((MINUTE_STEPS, _minutes), (DAY_STEPS, _days), (MONTH_STEPS, _months)):
        for step in steps:
            found = _between(marks(since.astimezone(zone).date(), step, zone), since, until, most)
            if found is not None:
                return found
    years = max(1, ceil((until - since) / timedelta(days=365) / most))
    return _between(_months(date(since.year, 1, 1), 12 * years, zone), since, until, most + 1) or ()


def _between(marks: Iterator[TimeTick], since: datetime, until: datetime, most: int) -> tuple[TimeTick, ...] | None:
    """The marks from `since` to `until`; None as soon as they are more than `most`."""
    found: list[TimeTick] = []
    for mark in takewhile(lambda mark: mark.at <= until, marks):
        if mark.at < since or (found and mark.at <= found[-1].at):
            continue
        found.append(mark)
        if len(found) > most:
            return None
    return tuple(found)


def _at(day: date, minutes: int, zone: tzinfo) -> datetime | None:
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _minutes(day: date, step: int, zone: tzinfo) -> Iterator[TimeTick]:
    while True:
        for minutes in range(0, 24 * 60, step):
            if instant := _at(day, minutes, zone):
                yield TimeTick(instant, "day" if minutes == 0 else "time")
        day += timedelta(days=1)


def _days(day: date, step: int, zone: tzinfo) -> Iterator[TimeTick]:
    day -= timedelta(days=day.weekday() if step >= 7 else day.toordinal() % step)
    while True:
        yield TimeTick(_at(day, 0, zone) or datetime.combine(day, time(1), zone).astimezone(UTC), "day")
        day += timedelta(days=step)


def _months(day: date, step: int, zone: tzinfo) -> Iterator[TimeTick]:
    months = (day.year * 12 + day.month - 1) // step * step
    while True:
        first = date(months // 12, months % 12 + 1, 1)
        yield TimeTick(_at(first, 0, zone) or datetime.combine(first, time(1), zone).astimezone(UTC), "month")
        months += step
