"""What somebody asks for among the features of a collection: bbox, datetime, limit, offset, values of properties.

Becomes a query of the store. Does not answer it. Clauses are those of OGC 17-069r4.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from simos.hub.ngsild.times import micros_of_text
from simos.hub.problems import BadRequestData
from simos.hub.query import And, Compare, Condition, GeoCondition, GeoRelation, Literal, Op, Path, Sort
from simos.hub.query.q import literal_of
from simos.hub.store.base import EntityQuery
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity
from simos.kernel.clock import micros_of

LIMIT, MOST, FARTHEST = 100, 10_000, 10_000_000
OWN = frozenset({"bbox", "datetime", "limit", "offset", "f"})
FORMS = frozenset({"json", "geojson"})
DAY = 86_400_000_000

Span = tuple[int | None, int | None]
"""From the first microsecond to before the last; None: open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page of the features of one type. `properties`: the values that attributes (expanded names) must have."""

    limit: int
    offset: int
    where: GeoCondition | None
    when: Span | None
    properties: Mapping[str, str]

    def query(self, tenant: str, entity_type: str) -> EntityQuery:
        return EntityQuery(
            tenant=tenant,
            types=(entity_type,),
            q=_condition(self.properties),
            geo=self.where,
            meets=_seen_within(self.when) if self.when is not None else None,
            limit=self.limit,
            offset=self.offset,
            count=True,
        )


def asked_of(given: Iterable[tuple[str, str]], attributes: Callable[[Collection[str]], Mapping[str, str]]) -> Asked:
    """What the parameters say; BadRequestData names the one that is wrong, or that there is not (7.15.8, 8.3.3).

    `attributes`: full names by short ones, among them those of the given that there are.
    """
    named: dict[str, str] = {}
    for name, text in given:
        if name in named:
            raise BadRequestData(f"{name[:60]} is given twice.")
        named[name] = text
    if (form := named.get("f", "json")) not in FORMS:
        raise BadRequestData(f"f is json or geojson, not {form[:40]!r}")
    others = {name: text for name, text in named.items() if name not in OWN}
    known = attributes(others) if others else {}
    if unknown := next((name for name in others if name not in known), None):
        there = ", ".join(sorted({*OWN, *known}))
        raise BadRequestData(f"There is no parameter {unknown[:60]!r} here; those that there are: {there}.")
    return Asked(
        limit=min(_number(named.get("limit", str(LIMIT)), "limit", least=1), MOST),
        offset=min(_number(named.get("offset", "0"), "offset", least=0), FARTHEST),
        where=_within(_box(named["bbox"])) if "bbox" in named else None,
        when=span_of(named["datetime"]) if "datetime" in named else None,
        properties={known[name]: text for name, text in others.items()},
    )


def only(given: Iterable[str], known: frozenset[str] = frozenset({"f"})) -> None:
    """BadRequestData where there is a parameter that is not known."""
    if unknown := next((name for name in given if name not in known), None):
        raise BadRequestData(f"There is no parameter {unknown[:60]!r} here.")


def _number(text: str, name: str, *, least: int) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:12]) < least:
        raise BadRequestData(f"{name} is a whole number from {least} on, not {text[:40]!r}")
    return int(text[:12])


def _box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north of four numbers, or of six with heights, which count for nothing (7.15.3)."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(isfinite(number) for number in numbers):
        raise BadRequestData("bbox: four numbers, west,south,east,north, such as 15.2,46.2,15.3,46.3")
    (west, south), (east, north) = numbers[:2], numbers[len(numbers) // 2 :][:2]
    if south > north:
        raise BadRequestData("bbox: the second number, south, is at most the north")
    return (_between(west, 180), _between(south, 90), _between(east, 180), _between(north, 90))


def _between(degrees: float, most: float) -> float:
    return max(-most, min(most, degrees))


def _within(box: tuple[float, float, float, float]) -> GeoCondition:
    west, south, east, north = box
    if west <= east:
        geometry = _rectangle(west, south, east, north)
    else:  # across the date line
        parts = (_rectangle(west, south, 180, north), _rectangle(-180, south, east, north))
        geometry = {"type": "MultiPolygon", "coordinates": [part["coordinates"] for part in parts]}
    return GeoCondition(relation=GeoRelation.INTERSECTS, geometry=geometry, geoproperty=LOCATION)


def _rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """As an area; a box that is as thin as a line or a point is made a hair wide."""
    east, north = max(east, west + 1e-9), max(north, south + 1e-9)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def span_of(text: str) -> Span:
    """An instant, a day, or an interval with `..` or nothing for an open end (7.15.4)."""
    first, slash, last = text.partition("/")
    if not slash:
        since, until = _moment(first)
        return since, until
    starts = None if first in ("", "..") else _moment(first)[0]
    ends = None if last in ("", "..") else _moment(last)[1]
    if starts is None and ends is None:
        raise BadRequestData("datetime: an interval has a beginning or an end")
    if starts is not None and ends is not None and starts >= ends:
        raise BadRequestData("datetime: the beginning of an interval is before its end")
    return starts, ends


def _moment(text: str) -> tuple[int, int]:
    """The microsecond, or the day, that the text names: its first one, and the first after it."""
    try:
        if len(text) == len("2025-09-01"):
            day = micros_of(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC))
            return day, day + DAY
        at = micros_of_text(text.upper()) if text[-1:] in ("Z", "z") else _with_offset(text)
    except ValueError:
        raise BadRequestData(
            "datetime: a time such as 2025-09-01T12:00:00Z, a day, or an interval of two with / between; "
            f"not {text[:60]!r}"
        ) from None
    return at, at + 1


def _with_offset(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("without an offset")
    return micros_of(at)


def seen_at(entity: Entity) -> int:
    """When the thing was last observed; where nobody said, when the hub last heard of it."""
    times = (one["observedAt"] for instances in entity.attributes.values() for one in instances if "observedAt" in one)
    return max(map(micros_of_text, times), default=entity.modified_at)


def _seen_within(span: Span) -> Callable[[Entity], bool]:
    since, until = span

    def holds(entity: Entity) -> bool:
        at = seen_at(entity)
        return (since is None or at >= since) and (until is None or at < until)

    return holds


def _condition(properties: Mapping[str, str]) -> Condition | None:
    terms = [_equals(name, text) for name, text in properties.items()]
    if len(terms) < 2:
        return terms[0] if terms else None
    return And(tuple(terms))


def _equals(name: str, text: str) -> Condition:
    """Has that text for a value, or the number or truth that it is written like."""
    operands = [Literal(Sort.STRING, text)]
    other = literal_of(text)
    if other is not None and other.sort in (Sort.NUMBER, Sort.BOOLEAN):
        operands.append(other)
    return Compare(Path((name,)), Op.EQUAL, tuple(operands))
