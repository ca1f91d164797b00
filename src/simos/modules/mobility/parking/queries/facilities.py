"""What is known of parking in the city in force: facilities from the register, counts and history from the hub."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from simos.hub.contexts import CORE
from simos.hub.store.base import EntityQuery, HistoryQuery, Reader
from simos.hub.values import Entity, Instance
from simos.kernel.clock import at_micros, micros_of
from simos.kernel.errors import NotFound
from simos.modules.mobility.parking.models import Area, Facility, Source
from simos.modules.mobility.parking.rules.openness import Openness, openness_of
from simos.modules.mobility.parking.rules.trust import CountedBy, Standing, Trend, silent_after
from simos.modules.mobility.parking.values import FREE, TYPES, Count, FacilityFacts, Kind, code_of, id_of
from simos.platform.procedure.holidays import FIRST_YEAR, work_free_days

_TYPES, _FREE = tuple(map(CORE.expand, TYPES)), CORE.expand(FREE)
AT_ONCE = 1000
"""Things that are read from the hub in one go."""


def facilities_of() -> Sequence[Facility]:
    """All facilities of the city in force, by name."""
    return list(Facility.objects.select_related("area", "tariff"))


def areas_of() -> Sequence[Area]:
    """All areas of the city in force, by name."""
    return list(Area.objects.all())


def facility_of(code: str) -> Facility:
    """The facility of the city in force; NotFound."""
    try:
        found: Facility = Facility.objects.select_related("area", "tariff").get(code=code)
    except Facility.DoesNotExist:
        raise NotFound(f"there is no facility {code!r} here") from None
    return found


def is_holiday(day: date) -> bool:
    """Whether nobody works on `day` by law."""
    return day.year >= FIRST_YEAR and day in work_free_days(day.year)


def opening_of(facts: FacilityFacts, at: datetime, *, zone: str) -> Openness:
    """Whether the facility is open at `at`; `zone` is its city's, such as Europe/Ljubljana."""
    return openness_of(facts, at, zone=ZoneInfo(zone), is_holiday=is_holiday)


def _ids_of(city: str, code: str) -> tuple[str, ...]:
    """What a facility of this code may be called in the hub: codes are a city's, whatever the kind."""
    return id_of(city, code), id_of(city, code, Kind.STREET)


def _count_in(instances: Sequence[Instance]) -> Count | None:
    """The count that an attribute holds; None where it is no number or bears no time."""
    for instance in instances:
        value = instance.get("value")
        at = instance.get("observedAt") or instance.get("modifiedAt")
        if "datasetId" not in instance and isinstance(value, int | float) and not isinstance(value, bool) and at:
            return Count(free=int(value), observed_at=datetime.fromisoformat(at))
    return None


def counts_of(reader: Reader, city: str) -> Mapping[str, Count]:
    """The newest count of each facility that has one, by code, with what is known of its source."""
    sources = sources_of()
    return {code: as_believed(count, sources.get(code)) for code, (_, count) in told_of(reader, city).items()}


def told_of(reader: Reader, city: str) -> Mapping[str, tuple[str, Count]]:
    """What the sources say, believed or not: the thing in the hub and its newest count, by the facility's code."""
    counts = ((entity.id, _count_in(entity.attributes[_FREE])) for entity in _counted(reader, city))
    return {code_of(thing): (thing, count) for thing, count in counts if count is not None}


def sources_of() -> Mapping[str, Source]:
    """How the source of each facility was found to stand, by the facility's code."""
    return {source.code: source for source in Source.objects.all()}


def trends_of() -> Mapping[str, Trend]:
    """Which way each facility went in the last half an hour, by code, where that is known."""
    return {source.code: Trend(source.trend) for source in Source.objects.exclude(trend="")}


def as_believed(count: Count, source: Source | None) -> Count:
    """The count with how long it holds, and whether its source is doubted."""
    if source is None:
        return count
    counted_by, kind = CountedBy(source.counted_by), Kind(source.kind)
    return replace(count, holds=silent_after(counted_by, kind), doubted=source.standing == Standing.FAULTY)


def _counted(reader: Reader, city: str) -> Iterator[Entity]:
    """The city's things that bear an attribute of free spaces and are named as ours are."""
    for offset in itertools.count(0, AT_ONCE):
        query = EntityQuery(tenant=city, types=_TYPES, attributes=(_FREE,), limit=AT_ONCE, offset=offset)
        found = reader.entities(query).entities
        yield from (entity for entity in found if entity.id.startswith(_ids_of(city, "")))
        if len(found) < AT_ONCE:
            return


def count_of(reader: Reader, city: str, code: str) -> Count | None:
    """The newest count of one facility, if there is any."""
    entities = (reader.entity(city, each) for each in _ids_of(city, code))
    counts = (_count_in(entity.attributes.get(_FREE, ())) for entity in entities if entity)
    count = next((count for count in counts if count is not None), None)
    return as_believed(count, Source.objects.filter(code=code).first()) if count else None


def history_of(reader: Reader, city: str, code: str, *, since: datetime, until: datetime) -> Sequence[Count]:
    """Every count in [since, until), in order of time; before them the last one earlier, since it held until then."""
    things = _ids_of(city, code)
    start = micros_of(since)
    earlier = HistoryQuery(tenant=city, entities=things, attributes=(_FREE,), until=start, last=1)
    inside = HistoryQuery(tenant=city, entities=things, attributes=(_FREE,), since=start, until=micros_of(until))
    found = []
    for query in (earlier, inside):
        for point in reader.history(query):
            if point.number is not None and not point.dataset:
                found.append(Count(free=int(point.number), observed_at=at_micros(point.at)))
    return found
