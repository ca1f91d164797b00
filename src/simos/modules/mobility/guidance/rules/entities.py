"""What the hub is told of panels: NGSI-LD entities, in the terms of DATEX II's variable message signs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from simos.modules.mobility.guidance.values import SIGN, Condition, Pages, PanelFacts, sign_of


def sign_entity(facts: PanelFacts, city: str, *, is_demo: bool) -> dict[str, Any]:
    """What the office says of the panel. None: not known (any more)."""
    place, street, facing = facts.place, facts.street, facts.facing
    serves = [
        {"arrow": str(line.arrow), "label": line.label, "serves": list(line.serves), "advice": line.advice}
        for line in facts.lines
    ]
    display = {
        "lines": len(facts.lines),
        "characters": facts.characters,
        "colour": str(facts.colour),
        "languages": list(facts.languages),
    }
    return {
        **_named(facts.code, city),
        "name": _property(facts.name),
        "category": _property(str(facts.kind)),
        "serves": _property(serves),
        "display": _property(display),
        "dataProvider": _property("SiMOS demo" if is_demo else city),
        "location": {"type": "GeoProperty", "value": place.as_geojson()} if place else None,
        "address": _property({"streetAddress": street}) if street else None,
        "bearing": {**_property(facing), "unitCode": "DD"} if facing is not None else None,
    }


def content_entity(
    code: str,
    city: str,
    *,
    wanted: Pages,
    wanted_at: datetime,
    confirmed: Pages | None,
    condition: Condition,
    since: datetime,
    at: datetime,
) -> dict[str, Any]:
    """What the panel is to show, what it confirms, and how it is, found at `at`."""
    return {
        **_named(code, city),
        "wanted": {**_property(pages_value(wanted)), "observedAt": _stamp(wanted_at)},
        "confirmed": {**_property(pages_value(confirmed)), "observedAt": _stamp(at)} if confirmed else None,
        "workingStatus": {**_property(str(condition)), "observedAt": _stamp(since)},
    }


def pages_value(pages: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Pages of lines as they are on the wire."""
    return {"pages": [list(page) for page in pages]}


def _named(code: str, city: str) -> dict[str, Any]:
    return {"id": sign_of(city, code), "type": SIGN}


def _property(value: object) -> dict[str, Any]:
    return {"type": "Property", "value": value}


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
