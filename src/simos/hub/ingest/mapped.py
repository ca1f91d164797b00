"""A mapping put to a block of records: rows to store, and what is wrong with the others. Pure.

Each attribute is read as a column, so that a million rows of a file and one message of a sensor go the same way. What
is wrong with a value loses that value; what is wrong with id or time loses the record.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simos.hub.contexts import CORE
from simos.hub.ingest.blocks import Block, Trouble
from simos.hub.ingest.expressions import Template
from simos.hub.ingest.mapping import AttributeRule, Location, Mapping
from simos.hub.ingest.rows import Column, Rows
from simos.hub.ngsild.parse import attribute_name
from simos.hub.ngsild.parse_value import READ, is_null, is_uri
from simos.hub.store.rows import LOCATION
from simos.kernel.errors import RowError

EXACT = 2**53
"""Up to this, whole numbers are the same as float."""

Reader = Callable[[Any], Any]
"""A value of the source as it is to be stored; ValueError says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """`records`: how many there were that the mapping is for."""

    rows: Rows
    faults: list[RowError]
    records: int


class _Faults:
    """Gathers what is wrong. `lost`: records of which nothing is kept."""

    def __init__(self, block: Block) -> None:
        self._numbers = block.numbers
        self.found = list(block.faults)
        self.lost: set[int] = set()

    def add(self, place: int, field: str, message: object, raw: Any = None) -> None:
        shown = "" if raw is None or isinstance(raw, Trouble) else str(raw)[:100]
        self.found.append(RowError(row=self._numbers[place], field=field, message=str(message), value=shown))

    def lose(self, place: int, field: str, message: object, raw: Any = None) -> None:
        self.add(place, field, message, raw)
        self.lost.add(place)


def map_block(mapping: Mapping, block: Block) -> Mapped:
    """What `mapping` makes of `block`."""
    faults = _Faults(block)
    places: Sequence[int] = range(len(block))
    if mapping.where is not None:
        true = block.of(mapping.where)
        places = [place for place in places if true[place] and not isinstance(true[place], Trouble)]
    records = len(places)
    ids = _filled(mapping.id, block, places, faults, "id")
    times = _times(mapping, block, places, faults)
    if faults.lost:
        kept = [number for number, place in enumerate(places) if place not in faults.lost]
        places = [places[number] for number in kept]
        ids, times = [ids[number] for number in kept], [times[number] for number in kept]
    distinct = list(dict.fromkeys(ids))
    place_of = {each: place for place, each in enumerate(distinct)}
    columns = [_column(name, rule, mapping, block, places, faults) for name, rule in mapping.attributes.items()]
    if mapping.location is not None:
        columns.append(_located(mapping.location, mapping, block, places, faults))
    rows = Rows(
        types=(CORE.name(mapping.type),),
        ids=distinct,
        which=[place_of[each] for each in ids],
        at=times,
        columns=columns,
    )
    return Mapped(rows=rows, faults=sorted(faults.found, key=lambda each: each.row), records=records)


def _filled(template: Template, block: Block, places: Iterable[int], faults: _Faults, field: str) -> list[str]:
    """The template of each record; "" where it has none, and then the record is lost."""
    if not template.holes:
        return [template.texts[0] for _ in places]
    columns = [block.of(hole) for hole in template.holes]
    known: dict[Any, str | ValueError] = {}
    found = []
    for place in places:
        values = tuple(column[place] for column in columns)
        key = tuple((value, type(value)) if not isinstance(value, dict | list) else None for value in values)
        filled = known.get(key) if None not in key else None
        if filled is None:
            known[key] = filled = _uri(template, values)
        if isinstance(filled, ValueError):
            faults.lose(place, field, filled)
            filled = ""
        found.append(filled)
    return found


def _uri(template: Template, values: tuple[Any, ...]) -> str | ValueError:
    try:
        for value in values:
            if isinstance(value, Trouble):
                raise ValueError(value)
        filled = template.filled(values)
        if not is_uri(filled):
            raise ValueError(f"{filled[:100]!r} is no URI")
    except ValueError as error:
        return error
    return filled


def _times(mapping: Mapping, block: Block, places: Iterable[int], faults: _Faults) -> list[int | None]:
    if mapping.observed_at is None:
        return [None for _ in places]
    read, raws = mapping.observed_at.read, block.of(mapping.observed_at.source)
    known: dict[Any, int] = {}
    found: list[int | None] = []
    for place in places:
        raw = raws[place]
        at = known.get(raw) if not isinstance(raw, dict | list) else None
        if at is None:
            try:
                if raw is None or raw == "":
                    raise ValueError("there is no time")
                at = read(raw)
                known[raw] = at
            except (ValueError, OverflowError, TypeError) as error:
                faults.lose(place, "observedAt", raw if isinstance(raw, Trouble) else error, raw)
        found.append(at)
    return found


def _column(
    name: str, rule: AttributeRule, mapping: Mapping, block: Block, places: Sequence[int], faults: _Faults
) -> Column:
    attribute = attribute_name(name)
    if rule.source is None:
        values: list[Any] = [rule.value for _ in places]
    else:
        read = _reader(rule, comma=mapping.csv.decimal == ",")
        values = _read(block.of(rule.source), read, mapping, places, faults, name)
    datasets = None
    if rule.dataset is not None:
        lost = set(faults.lost)
        datasets = _filled(rule.dataset, block, places, faults, f"{name}.datasetId")
        values = [value if dataset else None for value, dataset in zip(values, datasets, strict=True)]
        faults.lost = lost  # a value is lost, not the record
    return Column(
        attribute=attribute,
        values=values,
        kind=rule.kind,
        unit=rule.stored_unit,
        datasets=datasets,
        fixed=rule.fixed or rule.source is None,
    )


def _read(
    raws: list[Any], read: Reader, mapping: Mapping, places: Iterable[int], faults: _Faults, field: str
) -> list[Any]:
    """Each value as it is to be stored, None where there is none or a wrong one."""
    missing = tuple({*mapping.missing, *map(str, mapping.missing)})
    found = []
    for place in places:
        raw = raws[place]
        value = None
        if raw is not None and raw != "" and raw not in missing:
            try:
                value = read(raw)
            except ValueError as error:
                faults.add(place, field, error, raw)
        found.append(value)
    return found


def _reader(rule: AttributeRule, *, comma: bool) -> Reader:
    if rule.kind != "Property":
        return _of_kind(rule.kind)
    if rule.words is not None:
        return _worded(rule.words)
    if rule.read_as == "number":
        return _number(rule, comma=comma)
    return {"text": _text, "boolean": _boolean, "any": _of_kind("Property")}[rule.read_as]


def _number(rule: AttributeRule, *, comma: bool) -> Reader:
    conversions = rule.conversions
    low, high = rule.allowed

    def read(raw: Any) -> int | float:
        value = number_of(raw, comma=comma)
        for convert in conversions:
            value = convert(value)
        if type(value) is float:
            if value.is_integer() and -EXACT < value < EXACT:
                value = int(value)
            elif not math.isfinite(value):
                raise ValueError("is no finite number")
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValueError(f"{value} is out of the range from {_limit(low)} to {_limit(high)}")
        return value

    return read


def _limit(limit: float | None) -> str:
    return "any" if limit is None else f"{limit:g}"


def number_of(raw: Any, *, comma: bool = False) -> int | float:
    """The number that a value is or writes; ValueError where it is none."""
    if type(raw) is float or type(raw) is int:
        return raw
    if type(raw) is str:
        text = raw.replace(",", ".") if comma else raw
        try:
            if "_" not in text:
                return float(text)
        except ValueError:
            pass
        hint = "" if comma or "," not in raw else "; if , is the decimal sign, say csv: {decimal: ','}"
        raise ValueError(f"is no number{hint or '; if it is meant to be a text, say as: text'}")
    if isinstance(raw, Trouble):
        raise ValueError(raw)
    if isinstance(raw, Decimal):
        return float(raw)
    raise ValueError("is no number; say what it is: as: text, boolean or any")


def _text(raw: Any) -> str:
    if isinstance(raw, Trouble | dict | list):
        raise ValueError(raw if isinstance(raw, Trouble) else "is no text; say as: any")
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw).strip()


_TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _boolean(raw: Any) -> bool:
    found = _TRUTHS.get(str(raw).strip().lower())
    if found is None:
        raise ValueError(raw if isinstance(raw, Trouble) else "is neither true nor false; say words: {...: true}")
    return found


def _worded(words: dict[str, Any]) -> Reader:
    def read(raw: Any) -> Any:
        key = _text(raw)
        if words.get(key) is None:
            raise ValueError(f"is none of the words {', '.join(words)}")
        return words[key]

    return read


def _of_kind(kind: str) -> Reader:
    rule = READ[kind]

    def read(raw: Any) -> Any:
        if isinstance(raw, Trouble):
            raise ValueError(raw)
        value = rule(raw, CORE)
        if is_null(value):
            raise ValueError("is NGSI-LD Null, which is no value")
        return value

    return read


def _located(place: Location, mapping: Mapping, block: Block, places: Sequence[int], faults: _Faults) -> Column:
    values: list[Any]
    if place.geojson is not None:
        values = _read(block.of(place.geojson), _of_kind("GeoProperty"), mapping, places, faults, "location")
    else:
        assert place.longitude is not None
        assert place.latitude is not None
        comma = mapping.csv.decimal == ","
        east, north = _degrees(180, comma=comma), _degrees(90, comma=comma)
        longitudes = _read(block.of(place.longitude), east, mapping, places, faults, "location.longitude")
        latitudes = _read(block.of(place.latitude), north, mapping, places, faults, "location.latitude")
        values = [
            None if x is None or y is None else {"type": "Point", "coordinates": [x, y]}
            for x, y in zip(longitudes, latitudes, strict=True)
        ]
    return Column(attribute=LOCATION, values=values, kind="GeoProperty", fixed=place.fixed)


def _degrees(most: int, *, comma: bool) -> Reader:
    def read(raw: Any) -> float:
        degrees = number_of(raw, comma=comma)
        if not -most <= degrees <= most:
            raise ValueError(f"is more than {most} degrees; a place is given in WGS 84, longitude first")
        return degrees

    return read
