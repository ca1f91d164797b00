"""How a tariff's periods are written and read: one line for each, for forms and files. Pure.

Mo-Fr 07:00-17:00: 60 min 0.80 up to 120 min; 60 min 1.20
Mo-Su,PH 22:00-06:00 06-01/09-30: 480 min 1.00
"""

import re

from simos.modules.mobility.parking.rules.hours import clock_of, day_names, span_of, weekdays_in
from simos.modules.mobility.parking.values.tariffs import MonthDay, Period, Step

FORM = "a period is written such as: Mo-Fr 07:00-17:00: 60 min 0.80 up to 120 min; 60 min 1.20"
_PERIOD = re.compile(r"(\S+) ([0-9:]+-[0-9:]+)(?: ([0-9]{2})-([0-9]{2})/([0-9]{2})-([0-9]{2}))?: ?(.+)")
_STEP = re.compile(r"([0-9]{1,5}) min ([0-9]{1,4})(?:[.,]([0-9]{2}))?(?: up to ([0-9]{1,5}) min)?")
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_PERIODS = 40


def periods_of(text: str) -> tuple[Period, ...]:
    """The periods that the lines write; lines may also be parted by |. ValueError says which is not understood."""
    lines = [" ".join(line.split()) for line in re.split(r"[\n|]", text)]
    found = tuple(period_of(line) for line in lines if line)
    if len(found) > MOST_PERIODS:
        raise ValueError(f"a tariff has at most {MOST_PERIODS} periods")
    return found


def period_of(text: str) -> Period:
    """The inverse of `written`."""
    try:
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise ValueError(text)
        days, span, *season, steps = match.groups()
        names = days.split(",")
        weekdays = weekdays_in(",".join(each for each in names if each != "PH"))
        return Period(
            weekdays=tuple(sorted(weekdays)),
            holidays="PH" in names,
            span=span_of(span),
            season=_season(*map(int, season)) if season[0] else None,
            steps=tuple(_step(each.strip()) for each in steps.split(";")),
        )
    except ValueError:
        raise ValueError(f"'{text[:80]}' is not understood; {FORM}") from None


def _season(*numbers: int) -> tuple[MonthDay, MonthDay]:
    first, last = (numbers[0], numbers[1]), (numbers[2], numbers[3])
    for month, day in (first, last):
        if not (1 <= month <= 12 and 1 <= day <= _DAYS_OF_MONTH[month - 1]):
            raise ValueError(numbers)
    return first, last


def _step(text: str) -> Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise ValueError(text)
    minutes, euros, cents, up_to = match.groups()
    return Step(minutes=int(minutes), cents=int(euros) * 100 + int(cents or 0), up_to=int(up_to) if up_to else None)


def written(period: Period) -> str:
    """The period as one line."""
    days = [*day_names(period.weekdays), *(["PH"] if period.holidays else [])]
    season = ""
    if period.season:
        (first_month, first_day), (last_month, last_day) = period.season
        season = f" {first_month:02d}-{first_day:02d}/{last_month:02d}-{last_day:02d}"
    steps = "; ".join(map(_written_step, period.steps))
    return f"{','.join(days)} {clock_of(period.span)}{season}: {steps}"


def _written_step(step: Step) -> str:
    price = f"{step.minutes} min {step.cents // 100}.{step.cents % 100:02d}"
    return price if step.up_to is None else f"{price} up to {step.up_to} min"
