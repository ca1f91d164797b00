"""How the city's facilities were used and how good their forecasts were, from what is kept of each day. No numpy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import F, IntegerField, Max, Min, QuerySet, Sum
from django.db.models.functions import Cast

from simos.modules.mobility.parking.models import CityAssumption, CountedDay, JudgedDay
from simos.modules.mobility.parking.rules.avoided import DEFAULTS, Assumption, Name
from simos.modules.mobility.parking.rules.use import Use

WEEKS = timedelta(days=28)
"""Forecasts are judged over so much time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of forecasts so many minutes ahead: mean absolute errors (in spaces, of a city in percent of the capacity) beside
    those of both baselines, and the percentage of outcomes that lay in their interval. `afterwards`: days that were
    judged on the record, as if it were then."""

    minutes: int
    points: int
    model: float
    persistence: float
    drift: float
    covered: float
    share: float
    days: int
    afterwards: int


def verdicts(at: datetime, *, code: str = "") -> Mapping[int, Verdict]:
    """Of the last four weeks by minutes ahead: of one facility in spaces, or of the city in percent of the capacity."""
    rows = JudgedDay.objects.filter(day__gt=(at - WEEKS).date(), day__lte=at.date(), points__gt=0)
    rows = rows.filter(code=code) if code else rows
    unit = 1 if code else F("capacity") / 100
    sums = {name: Sum(F(name) / unit) for name in ("model", "persistence", "drift")}
    found = rows.values("minutes").annotate(
        points_in_all=Sum("points"), held=Sum("covered"), percent=Sum(F("model") / F("capacity") * 100), **_named(sums)
    )
    days = _days_by_live(rows)
    return {
        row["minutes"]: Verdict(
            minutes=row["minutes"],
            points=row["points_in_all"],
            model=row["sum_model"] / row["points_in_all"],
            persistence=row["sum_persistence"] / row["points_in_all"],
            drift=row["sum_drift"] / row["points_in_all"],
            covered=100 * row["held"] / row["points_in_all"],
            share=row["percent"] / row["points_in_all"],
            days=sum(days.values()),
            afterwards=days.get(False, 0),
        )
        for row in found.order_by("minutes")
    }


def _named(sums: Mapping[str, Sum]) -> Mapping[str, Sum]:
    return {f"sum_{name}": each for name, each in sums.items()}


def _days_by_live(rows: QuerySet[JudgedDay]) -> Mapping[bool, int]:
    """How many days were judged live and how many afterwards."""
    found: dict[bool, int] = {}
    pairs = (
        rows.values_list("day")
        .annotate(live_at_all=Max(Cast("live", IntegerField())))
        .values_list("live_at_all", flat=True)
    )
    for live in pairs:
        found[bool(live)] = found.get(bool(live), 0) + 1
    return found


def errors_by_facility(at: datetime, minutes: int) -> Mapping[str, tuple[float, float]]:
    """Of the last four weeks, by code: the mean absolute error in spaces and in percent of the capacity."""
    rows = JudgedDay.objects.filter(day__gt=(at - WEEKS).date(), day__lte=at.date(), minutes=minutes, points__gt=0)
    found = rows.values("code").annotate(
        many=Sum("points"), spaces=Sum("model"), percent=Sum(F("model") / F("capacity") * 100)
    )
    return {row["code"]: (row["spaces"] / row["many"], row["percent"] / row["many"]) for row in found}


def use_by_facility(first: date, last: date, zone: tzinfo, *, codes: Iterable[str] = ()) -> Mapping[str, Use]:
    """How each facility (or `codes` only) was used on the UTC days from `first` to `last`, by code."""
    rows = CountedDay.objects.filter(day__gte=first, day__lte=last)
    if wanted := list(codes):
        rows = rows.filter(code__in=wanted)
    found: dict[str, Use] = {}
    for code, day, hours, arrivals in rows.values_list("code", "day", "hours", "arrivals").iterator(chunk_size=5000):
        found.setdefault(code, Use()).add(bytes(hours), day, zone, arrivals=arrivals)
    return found


def arrivals_between(first: date, last: date) -> tuple[int, int]:
    """How many vehicles at least came to all facilities on these UTC days, and on how many days of a facility counts
    were kept."""
    rows = CountedDay.objects.filter(day__gte=first, day__lte=last, points__gt=0)
    return int(rows.aggregate(all=Sum("arrivals"))["all"] or 0), rows.count()


def span_kept() -> tuple[date, date] | None:
    """The first and the last day that is kept of the city in force."""
    found = CountedDay.objects.aggregate(first=Min("day"), last=Max("day"))
    return (found["first"], found["last"]) if found["first"] else None


def assumptions() -> Mapping[Name, Assumption]:
    """What is assumed in the city in force: its own where it has said so, else the platform's."""
    return {**DEFAULTS, **{Name(row.name): row.facts for row in CityAssumption.objects.all()}}
