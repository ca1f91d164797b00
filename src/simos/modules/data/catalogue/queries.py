"""Which data sets there are, how they stand, and how often they were downloaded. Changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Sum
from django.db.models.functions import Coalesce

from simos.hub.contexts import CORE
from simos.hub.ngsild.times import micros_of_text
from simos.hub.store.base import EntityQuery, Reader
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity
from simos.kernel.clock import at_micros, micros_of
from simos.kernel.errors import NotFound
from simos.kernel.geo import Box, box_of
from simos.kernel.module import Level
from simos.kernel.registry import installed_modules
from simos.modules.data.catalogue.models import DownloadDay
from simos.modules.data.catalogue.values import DataSet, Downloads, Place, Standing
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import always_on, cities, city_of, modules_by_city, modules_on

LOOKED_AT = 1000
"""Things of a data set that are looked at to say how it stands."""

AT_ONCE = 500
DEMO = "SiMOS demo"
"""The provider of data that are made up."""

_PROVIDER = CORE.expand("dataProvider")
SILENT_AFTER = timedelta(days=1)


def data_sets_in(city: City) -> Sequence[DataSet]:
    """Those of one city, module by module: a data set for each open type of the modules that are on there."""
    return _data_sets(city, modules_on(city.code))


def all_data_sets() -> Sequence[DataSet]:
    """Those of all cities."""
    on = modules_by_city()
    return [each for city in cities() for each in _data_sets(city, on[city.code])]


def _data_sets(city: City, on: frozenset[str]) -> Sequence[DataSet]:
    place = Place(code=city.code, name=city.name, languages=tuple(city.languages))
    return [
        DataSet(place=place, module=installed.module, type=each)
        for installed in installed_modules()
        if installed.module.name in on | always_on() and installed.module.level is not Level.FEDERATION
        for each in installed.module.entity_types
        if each.open
    ]


def data_sets_of(place: str) -> Sequence[DataSet]:
    """Those of the city with this code; of all where it is empty."""
    return data_sets_in(city_of(place)) if place else all_data_sets()


def data_set_of(city: City, name: str) -> DataSet:
    """NotFound where the city has none of this name."""
    found = next((each for each in data_sets_in(city) if each.name == name), None)
    if found is None:
        raise NotFound(f"{city.code} has no data set {name[:100]!r}")
    return found


def things_of(reader: Reader, it: DataSet) -> Iterator[Entity]:
    """Its things as they are now, in order of id, some read at a time."""
    offset, full = 0, True
    while full:
        some = _page(reader, it, offset)
        yield from some
        offset += len(some)
        full = len(some) == AT_ONCE


def _page(reader: Reader, it: DataSet, offset: int) -> Sequence[Entity]:
    wanted = EntityQuery(tenant=it.place.code, types=(CORE.expand(it.type.name),), limit=AT_ONCE, offset=offset)
    return reader.entities(wanted).entities


def counts_of(reader: Reader, place: str) -> Mapping[str, int]:
    """How many things of each type (short name) the city has."""
    return {CORE.compact(name): number for name, number in reader.types(place).items()}


def standing_of(reader: Reader, it: DataSet, *, now: datetime) -> Standing:
    """How the data set stands at `now`; of a large one, by its first things."""
    names = {CORE.expand(each.name): each.name for each in it.type.attributes}
    filled: Counter[str] = Counter()
    times: list[int] = []
    boxes: list[Box] = []
    changed, looked_at, made_up = 0, 0, 0
    for entity in islice(things_of(reader, it), LOOKED_AT):
        looked_at += 1
        changed = max(changed, entity.modified_at)
        filled.update(names[name] for name in entity.attributes if name in names)
        made_up += any(one.get("value") == DEMO for one in entity.attributes.get(_PROVIDER, ()))
        seen = [one["observedAt"] for ones in entity.attributes.values() for one in ones if "observedAt" in one]
        times += [max(map(micros_of_text, seen))] if seen else []
        boxes += [box for one in entity.attributes.get(LOCATION, ()) if (box := _box(one.get("value")))]
    limit = micros_of(now - SILENT_AFTER)
    return Standing(
        things=counts_of(reader, it.place.code).get(it.type.name, 0),
        looked_at=looked_at,
        changed_at=at_micros(changed) if changed else None,
        newest=at_micros(max(times)) if times else None,
        observed=len(times),
        silent=sum(1 for each in times if each < limit),
        filled=filled,
        box=_around(boxes),
        made_up=made_up,
    )


def _box(geometry: object) -> Box | None:
    try:
        return box_of(geometry)
    except ValueError:
        return None


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return Box(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )


def downloads_of(name: str, *, now: datetime) -> Downloads:
    """Of the data set of the city in which one acts."""
    rows = DownloadDay.objects.filter(data_set=name).order_by()
    newer = rows.filter(on__gte=now.date() - timedelta(days=30))
    month, ever = (found.aggregate(n=Coalesce(Sum("number"), 0))["n"] for found in (newer, rows))
    return Downloads(month=month, ever=ever)
