"""What is known of parking in the city in force: facilities from the register, counts and history from the hub."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from simos.hub.contexts import CORE
from simos.hub.store.base import EntityQuery, HistoryQuery, Reader
from simos.hub.values import Entity, Instance
from simos.kernel.clock import at_micros, micros_of
from simos.kernel.errors import NotFound
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.values import FREE, TYPE, Count, code_of, id_of

_TYPE, _FREE = CORE.expand(TYPE), CORE.expand(FREE)
AT_ONCE = 1000
"""Things that are read from the hub in one go."""


def facilities_of() -> Sequence[Facility]:
    """All facilities of the city in force, by name."""
    return list(Facility.objects.all())


def facility_of(code: str) -> Facility:
    """The facility of the city in force; NotFound."""
    try:
        found: Facility = Facility.objects.get(code=code)
    except Facility.DoesNotExist:
        raise NotFound(f"there is no facility {code!r} here") from None
    return found


def _count_in(instances: Sequence[Instance]) -> Count | None:
    """The count that an attribute holds; None where it is no number or bears no time."""
    for instance in instances:
        value = instance.get("value")
        at = instance.get("observedAt") or instance.get("modifiedAt")
        if "datasetId" not in instance and isinstance(value, int | float) and not isinstance(value, bool) and at:
            return Count(free=int(value), observed_at=datetime.fromisoformat(at))
    return None


def counts_of(reader: Reader, city: str) -> Mapping[str, Count]:
    """The newest count of each facility that has one, by code."""
    counts = ((code_of(entity.id), _count_in(entity.attributes[_FREE])) for entity in _counted(reader, city))
    return {code: count for code, count in counts if count is not None}


def _counted(reader: Reader, city: str) -> Iterator[Entity]:
    """The city's things that bear an attribute of free spaces and are named as ours are."""
    for offset in itertools.count(0, AT_ONCE):
        query = EntityQuery(tenant=city, types=(_TYPE,), attributes=(_FREE,), limit=AT_ONCE, offset=offset)
        found = reader.entities(query).entities
        yield from (entity for entity in found if entity.id.startswith(id_of(city, "")))
        if len(found) < AT_ONCE:
            return


def count_of(reader: Reader, city: str, code: str) -> Count | None:
    """The newest count of one facility, if there is any."""
    entity = reader.entity(city, id_of(city, code))
    return _count_in(entity.attributes.get(_FREE, ())) if entity else None


def history_of(reader: Reader, city: str, code: str, *, since: datetime, until: datetime) -> Sequence[Count]:
    """Every count in [since, until), in order of time; before them the last one earlier, since it held until then."""
    thing = id_of(city, code)
    start = micros_of(since)
    earlier = HistoryQuery(tenant=city, entities=(thing,), attributes=(_FREE,), until=start, last=1)
    inside = HistoryQuery(tenant=city, entities=(thing,), attributes=(_FREE,), since=start, until=micros_of(until))
    found = []
    for query in (earlier, inside):
        for point in reader.history(query):
            if point.number is not None and not point.dataset:
                found.append(Count(free=int(point.number), observed_at=at_micros(point.at)))
    return found
