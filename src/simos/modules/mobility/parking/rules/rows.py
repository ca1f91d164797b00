"""What a row of a facilities file must hold: each cell read, or every error in it told. Pure; knows no file."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from simos.kernel.errors import Invalid, RowError
from simos.kernel.geo import Point
from simos.modules.mobility.parking.values import FacilityFacts, Kind

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
CODE_FORM = "a code is letters (a-z, A-Z), digits, '-', '_' and '.', at most 80, and begins with a letter or digit"
DEGREES = re.compile(r"[+-]?[0-9]{1,3}([.,][0-9]{0,20})?")
NAME_LENGTH, ADDRESS_LENGTH, SHOWN_LENGTH = 200, 300, 80
CAPACITY_LIMIT = 100_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "place_id"),
    "name": ("name", "place_name"),
    "kind": ("kind",),
    "capacity": ("capacity", "num_all", "totalspotnumber"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "address": ("address",),
}
"""The columns of a facilities file, each by the names under which it is understood."""

REQUIRED = ("code", "name")

NumberedRow = tuple[int, Mapping[str, str]]
"""A row's number in its file as a spreadsheet shows it, and its cells by column."""

SURPLUS = "beyond the last column"
"""Under this a row bears the cells that it has more than the header."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a facilities file: its facts, or what is wrong with it."""

    number: int
    facts: FacilityFacts | None
    errors: tuple[RowError, ...] = ()


def columns_in(header: Iterable[str]) -> Mapping[str, str]:
    """Which column of the file holds which fact. Invalid names the columns that are missing."""
    there = {name.strip().lower(): name for name in header if name.strip()}
    found = {
        field: there[alias]
        for field, aliases in COLUMNS.items()
        if (alias := next((a for a in aliases if a in there), ""))
    }
    if missing := [field for field in REQUIRED if field not in found]:
        raise Invalid(
            f"nothing was taken from the file: it has no column {' and no column '.join(missing)}, "
            f"but {', '.join(there) or 'none'}. Needed: {', '.join(REQUIRED)}; understood: {', '.join(COLUMNS)}."
        )
    return found


def facts_of(row: Mapping[str, str], columns: Mapping[str, str], number: int) -> Row:
    """One row as facts, or every error in it, each with its field. `columns` as `columns_in` found them."""
    texts = {field: " ".join(row.get(column, "").split()) for field, column in columns.items()}
    errors: list[RowError] = []

    def read(field: str, reader: Callable[[str], T]) -> T | None:
        text = texts.get(field, "")
        try:
            return reader(_printable(text))
        except ValueError as error:
            errors.append(RowError(number, columns.get(field, field), str(error), text[:SHOWN_LENGTH]))
            return None

    code, name, kind = read("code", _code), read("name", _name), read("kind", _kind)
    capacity, address = read("capacity", _capacity), read("address", _address)
    latitude, longitude = read("latitude", _degrees(90)), read("longitude", _degrees(180))
    for field, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if texts.get(other) and not texts.get(field):
            errors.append(RowError(number, columns.get(field, field), f"is missing, though there is a {other}"))
    if surplus := row.get(SURPLUS):
        errors.append(RowError(number, SURPLUS, "the row has more cells than the header", surplus[:SHOWN_LENGTH]))
    if errors or code is None or name is None or kind is None:
        return Row(number, None, tuple(errors))
    place = None if latitude is None or longitude is None else Point(longitude, latitude)
    facts = FacilityFacts(code=code, name=name, kind=kind, capacity=capacity, place=place, address=address or "")
    return Row(number, facts)


def _printable(text: str) -> str:
    """Control characters come of a damaged file, and databases refuse some of them."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValueError("has a control character in it: the file is damaged")
    return text


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(CODE_FORM)
    return text


def _name(text: str) -> str:
    if not 1 <= len(text) <= NAME_LENGTH:
        raise ValueError(f"a name is needed, of at most {NAME_LENGTH} signs")
    return text


def _address(text: str) -> str:
    if len(text) > ADDRESS_LENGTH:
        raise ValueError(f"an address has at most {ADDRESS_LENGTH} signs")
    return text


def _kind(text: str) -> Kind:
    if text.lower() not in [*Kind, ""]:
        raise ValueError(f"one of {', '.join(Kind)}, or empty for {Kind.LOT}")
    return Kind(text.lower() or Kind.LOT)


def _capacity(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= CAPACITY_LIMIT:
        raise ValueError(f"a whole number from 1 to {CAPACITY_LIMIT}, or empty where nobody has counted")
    return int(text)


def _degrees(limit: int) -> Callable[[str], float | None]:
    """Reads degrees from -limit to limit; the decimal sign may be a comma, as spreadsheets here write it."""

    def read(text: str) -> float | None:
        if not text:
            return None
        if not DEGREES.fullmatch(text) or abs(degrees := float(text.replace(",", "."))) > limit:
            raise ValueError(f"degrees from -{limit} to {limit}, such as 46.23")
        return degrees

    return read
