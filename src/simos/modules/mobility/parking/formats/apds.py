"""Parking in the shape of APDS (Alliance for Parking Data Standards, ISO/TS 5206-1): places, rates, observations."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from simos.kernel.text import Text
from simos.modules.mobility.parking.formats.tables import Shown
from simos.modules.mobility.parking.public import AreaNow
from simos.modules.mobility.parking.rules.hours import DAYS, clock_of
from simos.modules.mobility.parking.values import FacilityFacts, Kind
from simos.modules.mobility.parking.values.tariffs import Period, Tariff

STRUCTURE = {Kind.GARAGE: "multiStorey", Kind.LOT: "openSpace", Kind.STREET: "openSpace"}
CITY_LAYER, AREA_LAYER, PLACE_LAYER, KEPT_LAYER = 0, 1, 2, 3


def _answer(data: Sequence[dict[str, Any]], at: datetime) -> dict[str, Any]:
    meta = {"referenceInstant": int(at.timestamp()), "offset": 0, "pageSize": len(data), "total": len(data)}
    return {"meta": meta, "data": list(data)}


def _words(text: Text) -> list[dict[str, str]]:
    return [{"language": language, "string": text.in_(language)} for language in text.languages()]


def places_of(facilities: Shown, areas: Sequence[AreaNow], *, city: str, name: Text, at: datetime) -> dict[str, Any]:
    """The hierarchy: the city, its areas, the facilities, and in each the spaces that are kept for some."""
    places = [_place(city, CITY_LAYER, name=_words(name))]
    places += [_place(f"{city}.area.{area.code}", AREA_LAYER, name=_words(area.name), parent=city) for area in areas]
    for facts, now in facilities:
        places.append(_facility(facts, now.entity, city))
        places += [
            _place(
                f"{now.entity}.{space}",
                KEPT_LAYER,
                parent=now.entity,
                name=[{"language": "en", "string": space.value}],
                characteristics={"spacesTotal": count},
            )
            for space, count in facts.kept_spaces()
        ]
    return _answer(places, at)


def _place(code: str, layer: int, *, parent: str = "", **more: Any) -> dict[str, Any]:
    above = {"parent": {"id": parent, "version": 1}} if parent else {}
    return {"id": code, "version": 1, "type": "place", "layer": layer, **above, **more}


def _facility(facts: FacilityFacts, entity: str, city: str) -> dict[str, Any]:
    kept = {space.value: count for space, count in facts.kept_spaces()}
    characteristics = {
        "spacesTotal": facts.capacity,
        "spacesDisabled": kept.get("disabled"),
        "evChargingPoints": kept.get("charging"),
        "maximumHeight": facts.height_cm / 100 if facts.height_cm else None,
        "structureGrade": STRUCTURE[facts.kind],
    }
    more: dict[str, Any] = {
        "name": [{"language": "sl", "string": facts.name}],
        "areaType": "onStreetParking" if facts.kind is Kind.STREET else "generalParking",
        "characteristics": {name: value for name, value in characteristics.items() if value is not None},
    }
    if facts.place is not None:
        more["indicativePointLocation"] = facts.place.as_geojson()
    if facts.address:
        more["placeStreetAddress"] = {"addressLines": [{"order": 0, "text": facts.address, "type": "street"}]}
    if facts.tariff:
        more["rateTables"] = [{"id": f"{city}.rate.{facts.tariff}", "version": 1}]
    parent = f"{city}.area.{facts.area}" if facts.area else city
    return _place(entity, PLACE_LAYER, parent=parent, **more)


def rates_of(tariffs: Sequence[Tariff], *, city: str, at: datetime) -> dict[str, Any]:
    """The tariffs as rate tables: what each begun unit costs in each period."""
    return _answer([_rate(each, city) for each in tariffs], at)


def _rate(tariff: Tariff, city: str) -> dict[str, Any]:
    return {
        "id": f"{city}.rate.{tariff.code}",
        "version": 1,
        "type": "rateTable",
        "rateTableName": _words(tariff.name),
        "currencyType": ["EUR"],
        "freeMinutes": tariff.free_minutes,
        "maximumDailyCharge": None if tariff.cap_cents is None else tariff.cap_cents / 100,
        "rateLineCollections": [_lines(each) for each in tariff.periods],
    }


def _lines(period: Period) -> dict[str, Any]:
    return {
        "applicableDays": [DAYS[day] for day in period.weekdays] + (["PH"] if period.holidays else []),
        "applicableTimes": clock_of(period.span),
        "rateLines": [
            {
                "sequence": number,
                "rateLineType": "incrementingRate",
                "value": step.cents / 100,
                "incrementPeriod": f"PT{step.minutes}M",
                "durationEnd": None if step.up_to is None else f"PT{step.up_to}M",
            }
            for number, step in enumerate(period.steps)
        ],
    }


def observations_of(facilities: Shown, *, at: datetime) -> dict[str, Any]:
    """Supply and demand of each facility that has a fresh count and is open."""
    return _answer(
        [
            {
                "id": f"{now.entity}.occupancy",
                "version": 1,
                "type": "occupancy",
                "place": {"id": now.entity, "version": 1},
                "observationDateTime": now.observed_at.astimezone(UTC).isoformat(),
                "supply": {"supplyQuantity": facts.capacity, "supplyViewType": "vehicleView"},
                "vacantSpaces": now.free,
                "occupiedSpaces": None if facts.capacity is None else max(0, facts.capacity - now.free),
            }
            for facts, now in facilities
            if now.free is not None and now.observed_at is not None
        ],
        at,
    )
