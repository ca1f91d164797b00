"""How each fact of a facility is written in a cell and read from it: the table behind files and forms. Pure.

Every reader takes the cell's text, without spaces around it, and raises ValueError with what is wrong. What a cell's
`write` gives, its `read` takes: an exported file is an import that changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from simos.kernel.geo import Point, degrees_within
from simos.modules.mobility.parking.rules.hours import hours_of, written
from simos.modules.mobility.parking.values import Entrance, Exemption, FacilityFacts, Kind, Outline, Payment, Way

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
CODE_FORM = "a code is letters (a-z, A-Z), digits, '-', '_' and '.', at most 80, and begins with a letter or digit"
NAME_LENGTH, ADDRESS_LENGTH, MOST_POINTS, MOST_ENTRANCES = 200, 300, 500, 50
CAPACITY_LIMIT = 100_000
LOWEST_CM, HIGHEST_CM = 100, 600

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A column: the names under which it is understood, the first being its own; how it is read and written."""

    names: tuple[str, ...]
    read: Callable[[str], Any]
    write: Callable[[FacilityFacts], str]


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(CODE_FORM)
    return text


def _code_or_none(text: str) -> str:
    return _code(text) if text else ""


def _name(text: str) -> str:
    if not 1 <= len(text) <= NAME_LENGTH:
        raise ValueError(f"a name is needed, of at most {NAME_LENGTH} signs")
    return text


def _at_most(length: int, what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"{what} has at most {length} signs")
        return text

    return read


def _kind(text: str) -> Kind:
    if text.lower() not in [*Kind, ""]:
        raise ValueError(f"one of {', '.join(Kind)}, or empty for {Kind.LOT}")
    return Kind(text.lower() or Kind.LOT)


def _spaces(least: int, unknown: str) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not text:
            return None
        if not re.fullmatch("[0-9]{1,6}", text) or not least <= int(text) <= CAPACITY_LIMIT:
            raise ValueError(f"a whole number from {least} to {CAPACITY_LIMIT}, or empty {unknown}")
        return int(text)

    return read


def _point(latitude: str, longitude: str) -> Point:
    north, east = degrees_within(90)(latitude), degrees_within(180)(longitude)
    if north is None or east is None:
        raise ValueError("latitude and longitude are needed")
    return Point(east, north)


def _outline(text: str) -> Outline | None:
    pairs = [each.split() for each in text.split("|") if each.strip()]
    if not pairs:
        return None
    try:
        if len(pairs) > MOST_POINTS or any(len(pair) != 2 for pair in pairs):
            raise ValueError(text)
        return Outline(tuple(_point(*pair) for pair in pairs))
    except ValueError:
        raise ValueError(
            f"points as latitude and longitude, such as 46.23 15.26 | 46.24 15.27, at most {MOST_POINTS}; "
            "the first again at the end makes an area"
        ) from None


def _entrances(text: str) -> tuple[Entrance, ...]:
    """`46.2331 15.2638 in Ljubljanska cesta | 46.2335 15.2640 walk`."""
    try:
        found = tuple(_entrance(each) for each in text.split("|") if each.strip())
        if len(found) > MOST_ENTRANCES:
            raise ValueError(text)
    except ValueError:
        raise ValueError(
            f"entrances such as 46.2331 15.2638 in Ljubljanska cesta | 46.2335 15.2640 walk, at most {MOST_ENTRANCES}; "
            f"the way is {', '.join(Way)}"
        ) from None
    return found


def _entrance(text: str) -> Entrance:
    latitude, longitude, way, *street = text.split()
    return Entrance(place=_point(latitude, longitude), way=Way(way), street=" ".join(street)[:ADDRESS_LENGTH])


def _height(text: str) -> int | None:
    """Metres, kept as centimetres."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]([.,][0-9]{1,2})?", text):
        raise ValueError("metres such as 2.10")
    whole, _, part = text.replace(",", ".").partition(".")
    height = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    if not LOWEST_CM <= height <= HIGHEST_CM:
        raise ValueError(f"metres from {LOWEST_CM / 100:.0f} to {HIGHEST_CM / 100:.0f}, such as 2.10")
    return height


def _choices(of: type[Choice]) -> Callable[[str], tuple[Choice, ...]]:
    """Reads some of the enumeration, in its own order whatever the order given."""

    def read(text: str) -> tuple[Choice, ...]:
        given = {each.strip().lower() for each in text.split("|") if each.strip()}
        if wrong := sorted(given - set(of)):
            raise ValueError(f"{wrong[0][:40]} is none of {', '.join(of)}; several are parted by |")
        return tuple(each for each in of if each in given)

    return read


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError(text)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("a time with its zone, such as 2026-12-01T06:00+01:00, is needed") from None


def _number(value: float | None) -> str:
    """Without an exponent, which spreadsheets read in their own way."""
    return "" if value is None else format(Decimal(repr(value)), "f")


def _place(point: Point) -> str:
    return f"{_number(point.latitude)} {_number(point.longitude)}"


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _reason(language: str) -> Callable[[FacilityFacts], str]:
    return lambda facts: getattr(facts.closure.reason, language) if facts.closure else ""


def _kept(field: str) -> Cell:
    return Cell(
        names=(field,), read=_spaces(0, "where nobody has counted"), write=lambda facts: _number(getattr(facts, field))
    )


CELLS: Mapping[str, Cell] = {
    "code": Cell(names=("code", "id", "place_id"), read=_code, write=lambda facts: facts.code),
    "name": Cell(names=("name", "place_name"), read=_name, write=lambda facts: facts.name),
    "kind": Cell(names=("kind",), read=_kind, write=lambda facts: facts.kind),
    "capacity": Cell(
        names=("capacity", "num_all", "totalspotnumber"),
        read=_spaces(1, "where nobody has counted"),
        write=lambda facts: _number(facts.capacity),
    ),
    "disabled": _kept("disabled"),
    "charging": _kept("charging"),
    "permit": _kept("permit"),
    "latitude": Cell(
        names=("latitude", "lat"),
        read=degrees_within(90),
        write=lambda facts: _number(facts.place.latitude if facts.place else None),
    ),
    "longitude": Cell(
        names=("longitude", "lon", "lng"),
        read=degrees_within(180),
        write=lambda facts: _number(facts.place.longitude if facts.place else None),
    ),
    "outline": Cell(
        names=("outline",),
        read=_outline,
        write=lambda facts: " | ".join(map(_place, facts.outline.points)) if facts.outline else "",
    ),
    "address": Cell(names=("address",), read=_at_most(ADDRESS_LENGTH, "an address"), write=lambda facts: facts.address),
    "area": Cell(names=("area",), read=_code_or_none, write=lambda facts: facts.area),
    "tariff": Cell(names=("tariff",), read=_code_or_none, write=lambda facts: facts.tariff),
    "entrances": Cell(
        names=("entrances",),
        read=_entrances,
        write=lambda facts: " | ".join(f"{_place(e.place)} {e.way} {e.street}".strip() for e in facts.entrances),
    ),
    "height_cm": Cell(
        names=("height", "height_m"),
        read=_height,
        write=lambda facts: f"{facts.height_cm / 100:.2f}" if facts.height_cm else "",
    ),
    "hours": Cell(
        names=("hours", "opening_hours"),
        read=lambda text: hours_of(text) if text else None,
        write=lambda facts: written(facts.hours) if facts.hours else "",
    ),
    "operator": Cell(
        names=("operator",), read=_at_most(NAME_LENGTH, "an operator's name"), write=lambda facts: facts.operator
    ),
    "payments": Cell(names=("payments",), read=_choices(Payment), write=lambda facts: " | ".join(facts.payments)),
    "exemptions": Cell(
        names=("exemptions",), read=_choices(Exemption), write=lambda facts: " | ".join(facts.exemptions)
    ),
    "closed_reason": Cell(names=("closed_reason",), read=_at_most(ADDRESS_LENGTH, "a reason"), write=_reason("sl")),
    "closed_reason_en": Cell(
        names=("closed_reason_en",), read=_at_most(ADDRESS_LENGTH, "a reason"), write=_reason("en")
    ),
    "closed_reason_it": Cell(
        names=("closed_reason_it",), read=_at_most(ADDRESS_LENGTH, "a reason"), write=_reason("it")
    ),
    "closed_from": Cell(
        names=("closed_from",), read=_time, write=lambda facts: _iso(facts.closure.since if facts.closure else None)
    ),
    "closed_until": Cell(
        names=("closed_until",), read=_time, write=lambda facts: _iso(facts.closure.until if facts.closure else None)
    ),
}
"""Every column of a facilities file, by the fact that it holds."""


def cells_of(facts: FacilityFacts) -> Mapping[str, str]:
    """The facility as a row of a file, under the columns' own names."""
    return {cell.names[0]: cell.write(facts) for cell in CELLS.values()}
