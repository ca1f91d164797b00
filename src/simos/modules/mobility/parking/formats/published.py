"""Every form in which a city's parking is published: the one table behind the addresses and the data set's page."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simos.hub.store.base import Reader
from simos.kernel.text import Text
from simos.modules.mobility.parking.formats.apds import observations_of, places_of, rates_of
from simos.modules.mobility.parking.formats.datex import status_xml, table_xml
from simos.modules.mobility.parking.formats.ngsild import entity_of, groups_of, standing
from simos.modules.mobility.parking.formats.tables import Shown, csv_of, geojson_of
from simos.modules.mobility.parking.public import AreaNow, areas_now, standing_of
from simos.modules.mobility.parking.queries import counts_of, facilities_of, tariffs_of
from simos.modules.mobility.parking.values.tariffs import Tariff
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in

CONTEXT = [
    "https://raw.githubusercontent.com/smart-data-models/dataModel.Parking/master/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld",
]
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""When a city's data last changed that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What there is to publish, read once.

    `changed_at`: when any of it last changed; so a form of the same content is the same to the byte.
    """

    city: str
    name: Text
    facilities: Shown
    demos: Mapping[str, bool]
    areas: tuple[AreaNow, ...]
    tariffs: tuple[Tariff, ...]
    changed_at: datetime


def published_of(reader: Reader, city: City) -> Published:
    """The parking of the city in force as it stands now."""
    now, counts, rows, tariffs = now_in(city), counts_of(reader, city.code), facilities_of(), tariffs_of()
    facilities = [
        (facts, standing_of(facts, counts.get(facts.code), city=city, now=now, is_demo=row.is_demo))
        for row, facts in ((row, row.facts) for row in rows)
    ]
    times = [row.changed_at for row in rows] + [row.changed_at for row in tariffs]
    times += [standing.observed_at for _, standing in facilities if standing.observed_at]
    return Published(
        city=city.code,
        name=city.name,
        facilities=facilities,
        demos={row.code: row.is_demo for row in rows},
        areas=tuple(areas_now([standing for _, standing in facilities])),
        tariffs=tuple(row.tariff for row in tariffs),
        changed_at=max(times, default=NEVER),
    )


def ngsild_of(it: Published) -> list[dict[str, Any]]:
    """The entities with their counts, each with its context."""
    names = {area.code: area.name.sl for area in it.areas}
    found: list[dict[str, Any]] = []
    for facts, now in it.facilities:
        is_demo = it.demos[facts.code]
        entity = entity_of(facts, it.city, is_demo=is_demo, area=names.get(facts.area, "")) | standing(now)
        found.append({name: value for name, value in entity.items() if value is not None})
        found += groups_of(facts, it.city, is_demo=is_demo)
    return [entity | {"@context": CONTEXT} for entity in found]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: its file's name, media type, what it is, and how it is made."""

    name: str
    media_type: str
    title: Text
    made: Callable[[Published], bytes]


FORMS: tuple[Form, ...] = (
    Form(
        name="facilities.csv",
        media_type="text/csv; charset=utf-8",
        title=Text(
            sl="CSV: parkirišča v obliki za uvoz", en="CSV: facilities, as they are imported", it="CSV: parcheggi"
        ),
        made=lambda it: csv_of(it.facilities).encode(),
    ),
    Form(
        name="facilities.geojson",
        media_type="application/geo+json",
        title=Text(
            sl="GeoJSON: lega, podatki in prosta mesta",
            en="GeoJSON: where they are, facts, and free spaces",
            it="GeoJSON: posizione, dati e posti liberi",
        ),
        made=lambda it: _json(geojson_of(it.facilities)),
    ),
    Form(
        name="ngsi-ld.jsonld",
        media_type="application/ld+json",
        title=Text(
            sl="NGSI-LD po modelih Smart Data Models",
            en="NGSI-LD by Smart Data Models",
            it="NGSI-LD secondo Smart Data Models",
        ),
        made=lambda it: _json(ngsild_of(it)),
    ),
    Form(
        name="datex2-table.xml",
        media_type="application/xml",
        title=Text(
            sl="DATEX II 3: ParkingTablePublication",
            en="DATEX II 3: ParkingTablePublication",
            it="DATEX II 3: ParkingTablePublication",
        ),
        made=lambda it: table_xml(it.facilities, city=it.city, at=it.changed_at),
    ),
    Form(
        name="datex2-status.xml",
        media_type="application/xml",
        title=Text(
            sl="DATEX II 3: ParkingStatusPublication",
            en="DATEX II 3: ParkingStatusPublication",
            it="DATEX II 3: ParkingStatusPublication",
        ),
        made=lambda it: status_xml(it.facilities, city=it.city, at=it.changed_at),
    ),
    Form(
        name="apds-places.json",
        media_type="application/json",
        title=Text(sl="APDS: kraji", en="APDS: places", it="APDS: luoghi"),
        made=lambda it: _json(places_of(it.facilities, it.areas, city=it.city, name=it.name, at=it.changed_at)),
    ),
    Form(
        name="apds-rates.json",
        media_type="application/json",
        title=Text(sl="APDS: ceniki", en="APDS: rates", it="APDS: tariffe"),
        made=lambda it: _json(rates_of(it.tariffs, city=it.city, at=it.changed_at)),
    ),
    Form(
        name="apds-observations.json",
        media_type="application/json",
        title=Text(sl="APDS: zasedenost", en="APDS: occupancy", it="APDS: occupazione"),
        made=lambda it: _json(observations_of(it.facilities, at=it.changed_at)),
    ),
)
BY_NAME: Mapping[str, Form] = {form.name: form for form in FORMS}
