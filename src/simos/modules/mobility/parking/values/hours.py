"""When a facility is open, as values. What they mean on a day, and how they are written, is `rules.hours`'."""

from dataclasses import dataclass
from datetime import date

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `opens` to before `closes`, in minutes of the wall clock since midnight; past 24 hours it is the next day's
    morning."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY_MINUTES and self.opens < self.closes <= self.opens + DAY_MINUTES):
            raise ValueError("a span begins within the day and lasts at most 24 hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """The spans of some days; none: closed. The days are weekdays (0 is Monday), or work-free days by law, or dates.

    `dates` are from the first to the last, both included.
    """

    weekdays: tuple[int, ...] = ()
    holidays: bool = False
    dates: tuple[date, date] | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Rules of days. A date goes before a holiday, a holiday before its weekday; a day of no rule is closed."""

    rules: tuple[DayRule, ...]


ALWAYS = OpeningHours((DayRule(weekdays=tuple(range(7)), spans=(Span(0, DAY_MINUTES),)),))
"""Day and night."""
