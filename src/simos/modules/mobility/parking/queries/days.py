"""The city's counts as days on a grid: which are kept, and what the hub's history has of them."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from simos.hub.contexts import CORE
from simos.hub.store.base import AggregateQuery, HistoryQuery, Reader
from simos.kernel.clock import at_micros, micros_of
from simos.modules.mobility.parking.models import CountedDay
from simos.modules.mobility.parking.values import FREE, Kind, code_of, id_of

_FREE = CORE.expand(FREE)
DAY, DAY_SECONDS = timedelta(days=1), 86_400
SECOND = 1_000_000
"""Microseconds."""


def midnight(day: date) -> datetime:
    """When the UTC day begins."""
    return datetime.combine(day, time(), UTC)


def _things(city: str, codes: Iterable[str]) -> tuple[str, ...]:
    """What they may be called in the hub: codes are a city's, whatever the kind."""
    return tuple(id_of(city, code, kind) for code in codes for kind in (Kind.LOT, Kind.STREET))


def counted_between(
    reader: Reader, city: str, codes: Sequence[str], *, since: datetime, until: datetime
) -> Mapping[str, tuple["array[int]", "array[int]"]]:
    """The counts of each facility in [since, until): seconds since 1970 and free spaces, in order of time."""
    found: dict[str, tuple[array[int], array[int]]] = {code: (array("q"), array("q")) for code in codes}
    query = HistoryQuery(
        tenant=city,
        entities=_things(city, codes),
        attributes=(_FREE,),
        since=micros_of(since),
        until=micros_of(until),
        datasets=("",),
    )
    for point in reader.history(query):
        if point.number is not None:
            times, free = found[code_of(point.entity)]
            times.append(point.at // SECOND)
            free.append(max(0, int(point.number)))
    return {code: _in_order(*counted) for code, counted in found.items()}


def _in_order(times: "array[int]", free: "array[int]") -> tuple["array[int]", "array[int]"]:
    """By time: one that became a zone on the street has counts under two names."""
    order = sorted(range(len(times)), key=times.__getitem__)
    return array("q", (times[each] for each in order)), array("q", (free[each] for each in order))


def first_counted(reader: Reader, city: str, codes: Sequence[str]) -> datetime | None:
    """When the oldest count of any of these was made."""
    query = HistoryQuery(tenant=city, entities=_things(city, codes), attributes=(_FREE,), datasets=("",), first=1)
    return min((at_micros(point.at) for point in reader.history(query)), default=None)


def days_that_differ(
    reader: Reader, city: str, codes: Sequence[str], *, since: datetime, until: datetime
) -> Sequence[date]:
    """The days of [since, until) of which the hub has another number of counts than what is kept was made from."""
    history = HistoryQuery(
        tenant=city,
        entities=_things(city, codes),
        attributes=(_FREE,),
        since=micros_of(since),
        until=micros_of(until),
        datasets=("",),
    )
    query = AggregateQuery(history=history, origin=0, width=DAY_SECONDS * SECOND, methods=frozenset({"totalCount"}))
    there: dict[tuple[str, date], int] = {}
    for found in reader.aggregates(query):
        for number, count in zip(found.periods, found.values["totalCount"], strict=True):
            key = code_of(found.entity), (datetime(1970, 1, 1, tzinfo=UTC) + number * DAY).date()
            there[key] = there.get(key, 0) + int(count or 0)
    kept = {
        (code, day): points
        for code, day, points in CountedDay.objects.filter(
            code__in=codes, day__gte=since.date(), day__lt=until.date()
        ).values_list("code", "day", "points")
    }
    return sorted({day for (code, day), count in there.items() if kept.get((code, day), 0) != count})


def kept_until() -> datetime | None:
    """The instant up to which the city's counts are kept as days."""
    found: datetime | None = CountedDay.objects.order_by("-until").values_list("until", flat=True).first()
    return found


def first_kept() -> date | None:
    """The first day that is kept of any facility."""
    found: date | None = CountedDay.objects.order_by("day").values_list("day", flat=True).first()
    return found


def days_between(first: date, last: date) -> Iterator[tuple[str, int, bytes, bytes]]:
    """The kept days from `first` to `last`: code, beginning in seconds since 1970, counts and ages as packed."""
    rows = CountedDay.objects.filter(day__gte=first, day__lte=last).values_list("code", "day", "free", "ages")
    for code, day, free, ages in rows.iterator(chunk_size=5000):
        yield code, int(midnight(day).timestamp()), bytes(free), bytes(ages)
