"""What parking costs, as values: a tariff with its periods and steps, and a fee that says how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simos.kernel.money import Money
from simos.kernel.text import Text
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.hours import Span

MonthDay = tuple[int, int]


class CountedFrom(StrEnum):
    """When the steps and the highest price of a day begin anew."""

    MIDNIGHT = "midnight"
    ARRIVAL = "arrival"  # every 24 hours of the stay


class Rounding(StrEnum):
    """Which way a day's amount is rounded."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`cents` for each begun `minutes`, until `up_to` minutes of the day are paid for; None: for all that follows."""

    minutes: int
    cents: int
    up_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When one pays, and how much: on these weekdays (0 is Monday) and, with `holidays`, on work-free days by law.

    A work-free day is of no weekday. `season`: from one (month, day) to another, both included, over New Year too.
    """

    weekdays: tuple[int, ...]
    span: Span
    steps: tuple[Step, ...]
    holidays: bool = False
    season: tuple[MonthDay, MonthDay] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What an exemption is worth: so many percent of the fee, and the first minutes of the stay."""

    percent: int = 0
    free_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Outside its periods nothing is paid. `free_minutes`: the first of each stay. `cap_cents`: at most for a day.

    `max_stay`: minutes that one may stay while there is something to pay; a longer stay is told, not priced otherwise.
    `round_to`: a day's amount is a multiple of so many cents.
    """

    code: str
    name: Text
    periods: tuple[Period, ...]
    free_minutes: int = 0
    cap_cents: int | None = None
    counted_from: CountedFrom = CountedFrom.MIDNIGHT
    round_to: int = 1
    rounding: Rounding = Rounding.NEAREST
    max_stay: int | None = None
    reliefs: Mapping[Exemption, Relief] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A part of a fee, in words. Negative: taken off."""

    text: Text
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What a stay costs. The lines add up to `total`. `too_long`: so many minutes over the longest stay allowed.

    `relief` is the exemption that was taken into account: of several, the one that is best for the driver.
    """

    total: Money
    lines: tuple[FeeLine, ...]
    too_long: int = 0
    relief: Exemption | None = None
