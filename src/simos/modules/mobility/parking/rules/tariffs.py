"""What a stay costs, and why. Pure; who is a holiday is handed in.

The wall clock says when a period begins and ends, but lengths are those that really pass: in the night in which the
clock is put back, an hour more is paid. All amounts are whole cents of the euro.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simos.kernel.money import Money
from simos.modules.mobility.parking.rules import fee_words as words
from simos.modules.mobility.parking.rules.hours import IsHoliday
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.tariffs import (
    CountedFrom,
    Fee,
    FeeLine,
    MonthDay,
    Period,
    Rounding,
    Step,
    Tariff,
)

_DAY, _MINUTE, _NONE = timedelta(days=1), timedelta(minutes=1), timedelta()
LONGEST_STAY = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the stay within a period that begins on `day`."""

    period: Period
    day: date
    begins: datetime
    ends: datetime


def fee_for(
    tariff: Tariff,
    arrival: datetime,
    departure: datetime,
    exemptions: Collection[Exemption] = (),
    *,
    zone: ZoneInfo,
    is_holiday: IsHoliday,
) -> Fee:
    """What it costs to stay from `arrival` to `departure` (aware) for somebody who has `exemptions`.

    ValueError where one would leave before coming, or stay for more than LONGEST_STAY.
    """
    arrival, departure = arrival.astimezone(UTC), departure.astimezone(UTC)
    if not _NONE <= departure - arrival <= LONGEST_STAY:
        raise ValueError(f"one leaves after coming, and within {LONGEST_STAY.days} days")
    having = [None, *(each for each in Exemption if each in exemptions and each in tariff.reliefs)]
    fees = [_with(tariff, arrival, departure, each, zone, is_holiday) for each in having]
    return min(fees, key=lambda fee: fee.total.cents)


def _with(
    tariff: Tariff,
    arrival: datetime,
    departure: datetime,
    exemption: Exemption | None,
    zone: ZoneInfo,
    is_holiday: IsHoliday,
) -> Fee:
    relief = tariff.reliefs[exemption] if exemption else None
    free = max(tariff.free_minutes, relief.free_minutes if relief else 0)
    paid_from = min(departure, arrival + free * _MINUTE)
    pieces = list(_pieces(tariff, paid_from, departure, zone, is_holiday))
    why = exemption if free > tariff.free_minutes else None
    lines = [FeeLine(words.free_minutes(free, why), Money(0))] if free and departure > arrival else []
    for began, ours in _by_day(tariff, pieces, paid_from).items():
        lines += _day_lines(tariff, began, ours, zone)
    if not pieces and departure > paid_from:
        lines.append(FeeLine(words.NOTHING_TO_PAY, Money(0)))
    total = sum(line.amount.cents for line in lines)
    if exemption and relief and relief.percent:
        off = total * relief.percent // 100
        lines.append(FeeLine(words.relief(exemption, relief.percent), Money(-off)))
        total -= off
    return Fee(total=Money(total), lines=tuple(lines), too_long=_too_long(tariff, pieces), relief=exemption)


def _too_long(tariff: Tariff, pieces: Sequence[_Piece]) -> int:
    if tariff.max_stay is None:
        return 0
    over = sum((piece.ends - piece.begins for piece in pieces), _NONE) - tariff.max_stay * _MINUTE
    return max(0, -(-over // _MINUTE))


def _pieces(
    tariff: Tariff, begins: datetime, ends: datetime, zone: ZoneInfo, is_holiday: IsHoliday
) -> Iterator[_Piece]:
    """The parts of the time that lie in a period, in order of day and period; each instant in one period only."""
    day, last = begins.astimezone(zone).date() - _DAY, ends.astimezone(zone).date()
    taken = begins
    while day <= last:
        holiday = is_holiday(day)
        for period in sorted(tariff.periods, key=lambda each: each.span):
            if _holds_on(period, day, holiday):
                opens, closes = (_instant(day, edge, zone) for edge in (period.span.opens, period.span.closes))
                first, end = max(opens, taken), min(closes, ends)
                if first < end:
                    yield _Piece(period, day, first, end)
                    taken = end
        day += _DAY


def _holds_on(period: Period, day: date, holiday: bool) -> bool:
    if period.season is not None and not _in_season((day.month, day.day), *period.season):
        return False
    return period.holidays if holiday else day.weekday() in period.weekdays


def _in_season(day: MonthDay, first: MonthDay, last: MonthDay) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _by_day(tariff: Tariff, pieces: Sequence[_Piece], paid_from: datetime) -> Mapping[object, list[_Piece]]:
    """The pieces by the day in which they are counted: their own, or the so-and-so-many 24 hours of the stay."""
    found: dict[object, list[_Piece]] = {}
    for piece in pieces:
        if tariff.counted_from is CountedFrom.MIDNIGHT:
            found.setdefault(piece.day, []).append(piece)
            continue
        begins = piece.begins
        while begins < piece.ends:
            number = (begins - paid_from) // _DAY
            ends = min(piece.ends, paid_from + (number + 1) * _DAY)
            found.setdefault(number, []).append(_Piece(piece.period, piece.day, begins, ends))
            begins = ends
    return found


def _day_lines(tariff: Tariff, began: object, pieces: Sequence[_Piece], zone: ZoneInfo) -> list[FeeLine]:
    """The lines of one day: the steps of each period, rounding, and what the highest price takes off."""
    lines: list[FeeLine] = []
    for period in dict.fromkeys(piece.period for piece in pieces):
        ours = [piece for piece in pieces if piece.period == period]
        length = sum((piece.ends - piece.begins for piece in ours), _NONE)
        edges = [(piece.begins.astimezone(zone), piece.ends.astimezone(zone)) for piece in ours]
        for step, units in _steps(period.steps, length):
            lines.append(FeeLine(words.step(edges, step, units), Money(step.cents * units)))
    total = sum(line.amount.cents for line in lines)
    rounded = ROUND[tariff.rounding](total, tariff.round_to)
    if rounded != total:
        lines.append(FeeLine(words.rounding(tariff.round_to), Money(rounded - total)))
    if tariff.cap_cents is not None and rounded > tariff.cap_cents:
        lines.append(FeeLine(words.cap(tariff.cap_cents), Money(tariff.cap_cents - rounded)))
    return lines


def _steps(steps: Sequence[Step], length: timedelta) -> Iterator[tuple[Step, int]]:
    """How many begun units of each step a time of this length takes."""
    used = _NONE
    for step in steps:
        end = length if step.up_to is None else min(length, step.up_to * _MINUTE)
        if end > used:
            yield step, -(-(end - used) // (step.minutes * _MINUTE))
            used = end


ROUND: Mapping[Rounding, Callable[[int, int], int]] = {
    Rounding.DOWN: lambda cents, to: cents // to * to,
    Rounding.NEAREST: lambda cents, to: (cents + to // 2) // to * to,
    Rounding.UP: lambda cents, to: -(-cents // to) * to,
}


def wrong_in_tariff(tariff: Tariff) -> list[tuple[str, str]]:
    """What does not go together, each with its field; empty where the tariff holds together."""
    wrong = [
        (field, "is not below zero")
        for field in ("free_minutes", "cap_cents", "max_stay")
        if (getattr(tariff, field) or 0) < 0
    ]
    if tariff.round_to < 1:
        wrong.append(("round_to", "is one cent or more"))
    for period in tariff.periods:
        before = 0
        for place, step in enumerate(period.steps, start=1):
            if step.minutes < 1 or step.cents < 0:
                wrong.append(("periods", "a step is some minutes long and costs nothing or more"))
            elif place < len(period.steps) and step.up_to is None:
                wrong.append(("periods", "only the last step has no end"))
            elif step.up_to is not None and (step.up_to <= before or (step.up_to - before) % step.minutes):
                wrong.append(("periods", "a step ends after the one before it, and holds whole units"))
            before = step.up_to or before
        if not period.steps:
            wrong.append(("periods", "a period needs a price"))
        elif period.steps[-1].up_to is not None and period.steps[-1].up_to < period.span.closes - period.span.opens:
            wrong.append(("periods", "the last step has no end, or reaches to the end of the period"))
    for relief in tariff.reliefs.values():
        if not 0 <= relief.percent <= 100 or relief.free_minutes < 0:
            wrong.append(("reliefs", "percent are from 0 to 100, minutes not below zero"))
    return wrong
