"""Working days of Slovenian authorities, and when a term ends. Pure; asks for no present.

Terms: Zakon o splošnem upravnem postopku (ZUP; Uradni list RS, 24/06 consolidated and later), articles 99 to 101.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simos.platform.procedure.holidays import work_free_days

_SATURDAY = 5
_DAY = timedelta(days=1)
SLOVENIA = ZoneInfo("Europe/Ljubljana")


def is_working_day(day: date) -> bool:
    """Monday to Friday and not work-free by law. On Saturdays authorities do not work (ZUP, art. 101, par. 2)."""
    return day.weekday() < _SATURDAY and day not in work_free_days(day.year)


def working_day_from(day: date) -> date:
    """`day` itself if it is a working day, else the next one."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, or before it for a negative count; `day` itself for 0.

    `day` is never counted, whether it is a working day or not.
    """
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def term_ends_on(event: date, *, days: int = 0, months: int = 0, years: int = 0) -> date:
    """The last day of a term that runs from an event such as service. One of days, months and years is given, above 0.

    The day of the event is not counted (ZUP, art. 100, par. 1). Months and years end on the day with the same number,
    or the last of the month where there is none (par. 2). If work rests then, the next working day is the last (101).
    """
    given = [each for each in (days, months, years) if each]
    if len(given) != 1 or given[0] < 0:
        raise ValueError("a term is so many days, or months, or years: one of them, above zero")
    if days:
        return working_day_from(event + timedelta(days=days))
    return working_day_from(_months_after(event, months + 12 * years))


def _months_after(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + month0 // 11, (month0 + 1) % 12 + 1, 1)
    last = (first_of_next - _DAY).day
    return date(year, month0 + 1, min(day.day, last))


def end_of_day(day: date, zone: ZoneInfo = SLOVENIA) -> datetime:
    """The instant (UTC) at which `day` is over in `zone`: what is done before it is in time."""
    return datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
