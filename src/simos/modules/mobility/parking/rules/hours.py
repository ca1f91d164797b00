"""How opening hours are written, what they say of a day and an instant, and how they are told. Pure.

Written as in OpenStreetMap's `opening_hours`, with dates in ISO form: `Mo-Fr 06:00-22:00; Sa 07:00-14:00,16:00-20:00;
PH off; 2026-12-24/2026-12-26 off`. `24/7` is day and night. PH are the days that are work-free by law; who they are is
handed in. Times are those of the wall clock, so a span over a change of the clock is an hour longer or shorter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from simos.kernel.text import Text
from simos.modules.mobility.parking.values.hours import ALWAYS, DAY_MINUTES, DayRule, OpeningHours, Span

FORM = "hours are written such as: Mo-Fr 06:00-22:00; Sa 07:00-14:00; PH off; 2026-12-24/2026-12-26 off; or 24/7"
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LONGEST = 2000
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_ALWAYS = "24/7"
_DAY = timedelta(days=1)
AHEAD_DAYS = 15
"""How far one looks for the next opening; what stays closed longer has none."""

IsHoliday = Callable[[date], bool]

WEEKDAYS = (
    Text(sl="ponedeljek", en="Monday", it="lunedì"),
    Text(sl="torek", en="Tuesday", it="martedì"),
    Text(sl="sreda", en="Wednesday", it="mercoledì"),
    Text(sl="četrtek", en="Thursday", it="giovedì"),
    Text(sl="petek", en="Friday", it="venerdì"),
    Text(sl="sobota", en="Saturday", it="sabato"),
    Text(sl="nedelja", en="Sunday", it="domenica"),
)
HOLIDAYS = Text(sl="prazniki in dela prosti dnevi", en="public holidays", it="giorni festivi")
CLOSED = Text(sl="zaprto", en="closed", it="chiuso")
DAY_AND_NIGHT = Text(sl="ves dan in vso noč", en="day and night", it="giorno e notte")
EVERY_DAY = Text(sl="vsak dan", en="every day", it="tutti i giorni")


@cache
def hours_of(text: str) -> OpeningHours:
    """The hours that `text` writes. ValueError says what is not understood, or which day stands there twice."""
    text = " ".join(text.split())
    if text == _ALWAYS:
        return ALWAYS
    rules = tuple(_rule(part.strip()) for part in text.split(";") if part.strip())
    if not rules or len(text) > LONGEST:
        raise ValueError(FORM)
    _refuse_twice(rules)
    return OpeningHours(rules)


def _rule(text: str) -> DayRule:
    days, _, times = text.partition(" ")
    try:
        spans = () if times == "off" else _spans(times)
        if days == "PH":
            return DayRule(holidays=True, spans=spans)
        if days[:1].isdigit():
            first, _, last = days.partition("/")
            dates = date.fromisoformat(first), date.fromisoformat(last or first)
            if dates[0] > dates[1]:
                raise ValueError
            return DayRule(dates=dates, spans=spans)
        return DayRule(weekdays=tuple(weekdays_in(days)), spans=spans)
    except ValueError:
        raise ValueError(f"'{text[:60]}' is not understood; {FORM}") from None


def weekdays_in(text: str) -> Iterator[int]:
    """The weekdays of `Mo-We,Fr`; ValueError for another word."""
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        yield from (range(begin, end + 1) if begin <= end else (*range(begin, 7), *range(end + 1)))


def _spans(text: str) -> tuple[Span, ...]:
    spans = sorted(span_of(part) for part in text.split(","))
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise ValueError(text)
    return tuple(spans)


def span_of(text: str) -> Span:
    """The span of `22:00-06:00`; ValueError for what is none."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if int(found[2]) > 59 or int(found[4]) > 59 or closes > 2 * DAY_MINUTES:
        raise ValueError(text)
    return Span(opens, closes if closes > opens else closes + DAY_MINUTES)


def _refuse_twice(rules: Sequence[DayRule]) -> None:
    weekdays = [day for rule in rules for day in rule.weekdays]
    if twice := {DAYS[day] for day in weekdays if weekdays.count(day) > 1}:
        raise ValueError(f"{', '.join(sorted(twice, key=DAYS.index))} stands there twice")
    if sum(rule.holidays for rule in rules) > 1:
        raise ValueError("PH stands there twice")
    spans = sorted(rule.dates for rule in rules if rule.dates)
    for earlier, later in pairwise(spans):
        if later[0] <= earlier[1]:
            raise ValueError(f"{later[0].isoformat()} stands there twice")


def written(hours: OpeningHours) -> str:
    """The inverse of `hours_of`."""
    return _ALWAYS if hours == ALWAYS else "; ".join(f"{_days(rule)} {_times(rule)}" for rule in hours.rules)


def _days(rule: DayRule) -> str:
    if rule.dates:
        return "/".join(day.isoformat() for day in sorted(set(rule.dates)))
    return "PH" if rule.holidays else ",".join(day_names(rule.weekdays))


def day_names(weekdays: Sequence[int]) -> Iterator[str]:
    """The weekdays as they are written: Mo-Fr."""
    return _runs(weekdays, DAYS, "-")


def _runs(days: Sequence[int], names: Sequence[str], between: str) -> Iterator[str]:
    """Neighbouring days as one: Mo-Fr; two of them are named both."""
    ordered = sorted(days)
    for _, run in groupby(enumerate(ordered), key=lambda each: each[1] - each[0]):
        found = [names[day] for _, day in run]
        yield from found if len(found) < 3 else (f"{found[0]}{between}{found[-1]}",)


def _times(rule: DayRule) -> str:
    if not rule.spans:
        return "off"
    return ",".join(map(clock_of, rule.spans))


def clock_of(span: Span) -> str:
    """The inverse of `span_of`."""
    return f"{_clock(span.opens)}-{_clock(_shown_end(span))}"


def _shown_end(span: Span) -> int:
    """A night's end is the next morning's hour, midnight is 24:00."""
    return span.closes if span.closes <= DAY_MINUTES else span.closes - DAY_MINUTES


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spans_on(hours: OpeningHours, day: date, is_holiday: IsHoliday) -> tuple[Span, ...]:
    """What is open on `day`, beginning that day; empty: closed."""
    by_date = next((rule for rule in hours.rules if rule.dates and rule.dates[0] <= day <= rule.dates[1]), None)
    if by_date is not None:
        return by_date.spans
    on_holidays = next((rule for rule in hours.rules if rule.holidays), None)
    if on_holidays is not None and is_holiday(day):
        return on_holidays.spans
    return next((rule.spans for rule in hours.rules if day.weekday() in rule.weekdays), ())


def _opened_around(
    hours: OpeningHours, day: date, zone: ZoneInfo, is_holiday: IsHoliday, days: int
) -> list[tuple[datetime, datetime]]:
    """The spans that begin from the day before `day` on, for so many days, as instants (UTC); touching ones are one."""
    found: list[tuple[datetime, datetime]] = []
    for each in (day + step * _DAY for step in range(-1, days)):
        for span in spans_on(hours, each, is_holiday):
            opens, closes = _instant(each, span.opens, zone), _instant(each, span.closes, zone)
            if found and opens <= found[-1][1]:
                found[-1] = found[-1][0], max(closes, found[-1][1])
            else:
                found.append((opens, closes))
    return found


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def is_open(hours: OpeningHours, at: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> bool:
    """Whether one may drive in at the instant `at`."""
    day = at.astimezone(zone).date()
    return any(opens <= at < closes for opens, closes in _opened_around(hours, day, zone, is_holiday, 1))


def next_change(hours: OpeningHours, at: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime | None:
    """When it next opens or closes (UTC); None where that is not within two weeks."""
    day = at.astimezone(zone).date()
    edges = (edge for span in _opened_around(hours, day, zone, is_holiday, AHEAD_DAYS) for edge in span)
    last = _instant(day + AHEAD_DAYS * _DAY, 0, zone)
    return min((edge for edge in edges if at < edge < last), default=None)


def told(hours: OpeningHours, language: str) -> Sequence[tuple[str, str]]:
    """The hours in words, a line for each rule: which days, and from when to when."""
    if hours == ALWAYS:
        return [(EVERY_DAY.in_(language), DAY_AND_NIGHT.in_(language))]
    return [(_days_told(rule, language), _times_told(rule, language)) for rule in hours.rules]


def _days_told(rule: DayRule, language: str) -> str:
    if rule.dates:
        form = "{0.day}/{0.month}/{0.year}" if language[:2] in ("en", "it") else "{0.day}. {0.month}. {0.year}"
        return " – ".join(form.format(day) for day in sorted(set(rule.dates)))
    if rule.holidays:
        return HOLIDAYS.in_(language)
    if len(set(rule.weekdays)) == len(DAYS):
        return EVERY_DAY.in_(language)
    return ", ".join(_runs(rule.weekdays, [day.in_(language) for day in WEEKDAYS], " – "))


def _times_told(rule: DayRule, language: str) -> str:
    if not rule.spans:
        return CLOSED.in_(language)
    if rule.spans == (Span(0, DAY_MINUTES),):
        return DAY_AND_NIGHT.in_(language)
    return ", ".join(f"{_clock(span.opens)}–{_clock(_shown_end(span))}" for span in rule.spans)
