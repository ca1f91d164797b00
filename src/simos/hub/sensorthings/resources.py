"""What entities and their history are in SensorThings (OGC 18-088, clause 8): resources, and how they hang together.

A thing is an entity, a datastream an attribute of it that is observed, an observation a point of its history. Every id
is made of those of the hub, so it is the same tomorrow: `urn:x`, `urn:x!pm10`, `urn:x!pm10!1700000000000000`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from simos.hub.contexts import CORE
from simos.hub.grants import ALL, Grant
from simos.hub.ngsild import text_of_micros
from simos.hub.ngsild.kinds import looks_like_geometry
from simos.hub.ngsild.represent import represent, simplified_value
from simos.hub.problems import TooManyResults
from simos.hub.short_names import short_name
from simos.hub.store.base import EntityQuery, HistoryQuery, Reader
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity, Instance, Point
from simos.kernel.module import Attribute, EntityType

SIGN = "!"
AT_ONCE = 500
MOST = 50_000
"""Things that are looked through for one answer."""

GEO = "application/geo+json"
NOWHERE: Mapping[str, Any] = {"type": "GeometryCollection", "geometries": []}
PROVIDER, OBSERVED_BY = CORE.expand("dataProvider"), CORE.expand("observedBy")
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"

Span = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource of the set `kind`. `fields`: what it says; `entity`, `attribute`: what it was made of."""

    kind: str
    id: str
    fields: Mapping[str, Any]
    entity: Entity | None = field(default=None, compare=False)
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What one asker may see of one tenant. `declared`: what modules say of types. `lang`: of texts."""

    reader: Reader
    tenant: str
    grant: Grant
    declared: Mapping[str, EntityType]
    lang: str

    def entities(self) -> Iterator[Entity]:
        """Every entity that may be seen, in order of id; TooManyResults past MOST."""
        types = () if ALL in self.grant.types else tuple(sorted(self.grant.types)) or ("none",)
        offset, full = 0, True
        while full:
            wanted = EntityQuery(tenant=self.tenant, types=types, limit=AT_ONCE, offset=offset)
            some = self.reader.entities(wanted).entities
            yield from some
            offset += len(some)
            full = len(some) == AT_ONCE
            if full and offset >= MOST:
                raise TooManyResults(f"More than {MOST} things were looked through: begin with one of them.")

    def entity(self, entity_id: str) -> Entity | None:
        found = self.reader.entity(self.tenant, entity_id)
        return found if found is not None and self.grant.may_see(found.types) else None

    def declares(self, entity: Entity, name: str) -> Attribute | None:
        """What a module says of the attribute (full name)."""
        for each in entity.types:
            if (declared := self.declared.get(each)) is not None:
                for attribute in declared.attributes:
                    if CORE.expand(attribute.name) == name:
                        return attribute
        return None

    # ---- making resources ----

    def thing(self, entity: Entity) -> Resource:
        document = represent(entity, CORE, form="simplified", lang=self.lang)
        kinds = [short_name(each) for each in entity.types]
        still = {
            short_name(name): document[shown]
            for name in entity.attributes
            if name != LOCATION and _observed(entity, name) is None and (shown := CORE.compact(name)) in document
        }
        title = next((self.declared[each].title for each in entity.types if each in self.declared), None)
        said = title.in_(self.lang[:2]) if title else kinds[0]
        name = document.get("name")
        fields = {
            "name": name if isinstance(name, str) else entity.id,
            "description": said,
            "properties": {"type": kinds[0] if len(kinds) == 1 else kinds, **still},
        }
        return Resource(kind="Things", id=entity.id, fields=fields, entity=entity)

    def location(self, entity: Entity, geometry: Any, mark: str = "") -> Resource:
        fields = {"name": entity.id, "description": "", "encodingType": GEO, "location": geometry}
        return Resource(kind="Locations", id=f"{entity.id}{SIGN}location{mark}", fields=fields, entity=entity)

    def feature(self, entity: Entity) -> Resource:
        fields = {"name": entity.id, "description": "", "encodingType": GEO, "feature": _place(entity) or NOWHERE}
        return Resource(kind="FeaturesOfInterest", id=f"{entity.id}{SIGN}feature", fields=fields, entity=entity)

    def datastream(self, entity: Entity, name: str, instance: Instance) -> Resource:
        said = self.declares(entity, name)
        short, value = short_name(name), instance.get("value")
        title = said.title.in_(self.lang[:2]) if said else short
        unit = instance.get("unitCode") or (said.unit if said else "")
        fields: dict[str, Any] = {
            "name": title,
            "description": f"{title} ({entity.id})",
            "observationType": OM + _observation_type(value),
            "unitOfMeasurement": {"name": unit or None, "symbol": unit or None, "definition": _definition(unit)},
            "properties": {"attribute": short},
        }
        if place := _place(entity):
            fields["observedArea"] = place
        first = next(iter(self.points(entity, name, first=1)), None)
        last = instance["observedAt"]
        fields["phenomenonTime"] = f"{text_of_micros(first.at) if first else last}/{last}"
        return Resource(
            kind="Datastreams", id=f"{entity.id}{SIGN}{short}", fields=fields, entity=entity, attribute=name
        )

    def sensor(self, entity: Entity, instance: Instance) -> Resource:
        name = _sensor_of(entity, instance)
        fields = {"name": name, "description": "", "encodingType": "text/plain", "metadata": name, "properties": {}}
        return Resource(kind="Sensors", id=name, fields=fields)

    def observed_property(self, entity: Entity, name: str) -> Resource:
        said, short = self.declares(entity, name), short_name(name)
        title = said.title.in_(self.lang[:2]) if said else short
        fields = {"name": title, "description": title, "definition": name, "properties": {}}
        return Resource(kind="ObservedProperties", id=short, fields=fields, attribute=name)

    def observation(self, stream: Resource, point: Point) -> Resource:
        instance = orjson.loads(point.instance)
        at = text_of_micros(point.at)
        came = at if point.got_at is None else text_of_micros(point.got_at)
        fields: dict[str, Any] = {"phenomenonTime": at, "resultTime": came, "result": simplified_value(instance, CORE)}
        others = {
            short_name(name): simplified_value(inner[0], CORE)
            for name, inner in instance.items()
            if isinstance(inner, list) and ":" in name and inner
        }
        if others:
            fields["parameters"] = others
        return Resource(
            kind="Observations",
            id=f"{stream.id}{SIGN}{point.at}",
            fields=fields,
            entity=stream.entity,
            attribute=stream.attribute,
        )

    def historical(self, entity: Entity, point: Point) -> Resource:
        fields = {"time": text_of_micros(point.at)}
        return Resource(
            kind="HistoricalLocations", id=f"{entity.id}{SIGN}place{SIGN}{point.at}", fields=fields, entity=entity
        )

    # ---- finding them ----

    def streams(self, entity: Entity) -> Iterator[Resource]:
        for name in entity.attributes:
            if (instance := _observed(entity, name)) is not None:
                yield self.datastream(entity, name, instance)

    def points(
        self, entity: Entity, name: str, span: Span = (None, None), *, first: int | None = None, last: int | None = None
    ) -> Iterator[Point]:
        wanted = HistoryQuery(
            tenant=self.tenant,
            entities=(entity.id,),
            attributes=(name,),
            datasets=("",),
            since=span[0],
            until=span[1],
            first=first,
            last=last,
        )
        return self.reader.history(wanted)

    def observations(
        self, stream: Resource, span: Span = (None, None), *, last: int | None = None
    ) -> Iterator[Resource]:
        assert stream.entity is not None
        for point in self.points(stream.entity, stream.attribute, span, last=last):
            yield self.observation(stream, point)

    def every(self, kind: str) -> Iterator[Resource]:
        """All resources of a set, each once."""
        seen: set[str] = set()
        for entity in self.entities():
            for each in self.of_entity(kind, entity):
                if kind not in ("Sensors", "ObservedProperties") or each.id not in seen:
                    seen.add(each.id)
                    yield each

    def of_entity(self, kind: str, entity: Entity) -> Iterator[Resource]:
        """The resources of a set that come from one entity."""
        if kind == "Things":
            yield self.thing(entity)
        elif kind == "FeaturesOfInterest":
            yield self.feature(entity)
        elif kind == "Locations":
            if place := _place(entity):
                yield self.location(entity, place)
        elif kind == "HistoricalLocations":
            for point in self.points(entity, LOCATION):
                yield self.historical(entity, point)
        elif kind == "Observations":
            for stream in self.streams(entity):
                yield from self.observations(stream)
        elif kind == "Datastreams":
            yield from self.streams(entity)
        else:
            for name in entity.attributes:
                if (instance := _observed(entity, name)) is not None:
                    yield self.sensor(entity, instance) if kind == "Sensors" else self.observed_property(entity, name)

    def find(self, kind: str, key: str) -> Resource | None:
        """The resource with this id; None where there is none that may be seen."""
        if kind in ("Sensors", "ObservedProperties"):
            return next((each for each in self.every(kind) if each.id == key), None)
        if kind == "Things":
            entity = self.entity(key)
            return self.thing(entity) if entity else None
        entity, rest = self._parted(key, 2 if kind in ("Observations", "HistoricalLocations") else 1)
        if entity is None and kind == "Locations":
            entity, rest = self._parted(key, 2)
        if entity is None:
            return None
        return self._found(kind, entity, rest, key)

    def _parted(self, key: str, parts: int) -> tuple[Entity | None, list[str]]:
        entity_id, *rest = key.rsplit(SIGN, parts)
        return (self.entity(entity_id), rest) if len(rest) == parts else (None, [])

    def _found(self, kind: str, entity: Entity, rest: list[str], key: str) -> Resource | None:
        if kind == "Observations":
            stream = next((each for each in self.streams(entity) if each.id == f"{entity.id}{SIGN}{rest[0]}"), None)
            at = _micros(rest[1])
            if stream is None or at is None:
                return None
            return next(self.observations(stream, (at, at + 1)), None)
        if kind in ("HistoricalLocations", "Locations") and len(rest) == 2:
            at = _micros(rest[1])
            point = next(self.points(entity, LOCATION, (at, at + 1)), None) if at is not None else None
            if point is None:
                return None
            if kind == "HistoricalLocations":
                return self.historical(entity, point)
            return self.location(entity, orjson.loads(point.instance).get("value"), f"{SIGN}{point.at}")
        return next((each for each in self.of_entity(kind, entity) if each.id == key), None)


def _micros(text: str) -> int | None:
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 20 else None


def _observed(entity: Entity, name: str) -> Instance | None:
    """The default instance of an attribute that is observed, and has one value."""
    for instance in entity.attributes.get(name, ()):
        if "observedAt" in instance and "datasetId" not in instance and name != LOCATION:
            return instance
    return None


def _place(entity: Entity) -> Any:
    for instance in entity.attributes.get(LOCATION, ()):
        if looks_like_geometry(value := instance.get("value")):
            return value
    return None


def _sensor_of(entity: Entity, instance: Instance) -> str:
    """Who observed: the device that is named, else the provider of the data."""
    for where, member in ((instance.get(OBSERVED_BY), "object"), (entity.attributes.get(PROVIDER), "value")):
        for each in where or ():
            if isinstance(each.get(member), str):
                return str(each[member])
    return "unknown"


def _observation_type(value: Any) -> str:
    if isinstance(value, bool):
        return "OM_TruthObservation"
    if isinstance(value, int | float):
        return "OM_Measurement"
    return "OM_CategoryObservation" if isinstance(value, str) else "OM_Observation"


def _definition(unit: str) -> str | None:
    return f"https://unece.org/trade/uncefact/cl-recommendations#{unit}" if unit else None


Relation = Callable[[City, Resource], Iterator[Resource]]


def _of_its_entity(kind: str) -> Relation:
    return lambda city, it: city.of_entity(kind, it.entity) if it.entity else iter(())


def _stream(city: City, it: Resource) -> Iterator[Resource]:
    assert it.entity is not None
    return (each for each in city.streams(it.entity) if each.attribute == it.attribute)


def _sensor(city: City, it: Resource) -> Iterator[Resource]:
    assert it.entity is not None
    instance = _observed(it.entity, it.attribute)
    if instance is not None:
        yield city.sensor(it.entity, instance)


def _property(city: City, it: Resource) -> Iterator[Resource]:
    assert it.entity is not None
    yield city.observed_property(it.entity, it.attribute)


def _streams_with(relation: Relation) -> Relation:
    """All datastreams that `relation` leads back from to the same."""
    return lambda city, it: (
        each for each in city.every("Datastreams") if any(other.id == it.id for other in relation(city, each))
    )


def _location_then(city: City, it: Resource) -> Iterator[Resource]:
    found = city.find("Locations", it.id.replace(f"{SIGN}place{SIGN}", f"{SIGN}location{SIGN}"))
    if found is not None:
        yield found


RELATIONS: Mapping[str, Mapping[str, tuple[str, bool, Relation]]] = {
    "Things": {
        "Locations": ("Locations", True, _of_its_entity("Locations")),
        "HistoricalLocations": ("HistoricalLocations", True, _of_its_entity("HistoricalLocations")),
        "Datastreams": ("Datastreams", True, _of_its_entity("Datastreams")),
    },
    "Locations": {
        "Things": ("Things", True, _of_its_entity("Things")),
        "HistoricalLocations": ("HistoricalLocations", True, _of_its_entity("HistoricalLocations")),
    },
    "HistoricalLocations": {
        "Thing": ("Things", False, _of_its_entity("Things")),
        "Locations": ("Locations", True, _location_then),
    },
    "Datastreams": {
        "Thing": ("Things", False, _of_its_entity("Things")),
        "Sensor": ("Sensors", False, _sensor),
        "ObservedProperty": ("ObservedProperties", False, _property),
        "Observations": ("Observations", True, lambda city, it: city.observations(it)),
    },
    "Sensors": {"Datastreams": ("Datastreams", True, _streams_with(_sensor))},
    "ObservedProperties": {"Datastreams": ("Datastreams", True, _streams_with(_property))},
    "Observations": {
        "Datastream": ("Datastreams", False, _stream),
        "FeatureOfInterest": ("FeaturesOfInterest", False, _of_its_entity("FeaturesOfInterest")),
    },
    "FeaturesOfInterest": {"Observations": ("Observations", True, _of_its_entity("Observations"))},
}
"""Of each set: the relations by name; to which set, whether to many, and how they are followed."""
