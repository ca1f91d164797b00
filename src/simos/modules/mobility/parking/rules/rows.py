"""What a row of a facilities file must hold: each cell read, or every error in it told. Pure; knows no file."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simos.kernel.errors import Invalid, RowError
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.rules.cells import CELLS
from simos.modules.mobility.parking.rules.facts import wrong_in
from simos.modules.mobility.parking.values import Closure, FacilityFacts

SHOWN_LENGTH = 80
REQUIRED = ("code", "name")
COMBINED = {
    "place": ("latitude", "longitude"),
    "closure": ("closed_reason", "closed_reason_en", "closed_reason_it", "closed_from", "closed_until"),
}
"""Facts that stand in several columns."""

NumberedRow = tuple[int, Mapping[str, str]]
"""A row's number in its file as a spreadsheet shows it, and its cells by column."""

SURPLUS = "beyond the last column"
"""Under this a row bears the cells that it has more than the header."""


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
        for field, cell in CELLS.items()
        if (alias := next((name for name in cell.names if name in there), ""))
    }
    if missing := [field for field in REQUIRED if field not in found]:
        raise Invalid(
            f"nothing was taken from the file: it has no column {' and no column '.join(missing)}, "
            f"but {', '.join(there) or 'none'}. Needed: {', '.join(REQUIRED)}; understood: "
            f"{', '.join(cell.names[0] for cell in CELLS.values())}."
        )
    return found


def facts_of(
    row: Mapping[str, str],
    columns: Mapping[str, str],
    number: int,
    there: Mapping[str, FacilityFacts] | None = None,
) -> Row:
    """One row as facts, or every error in it, each with its field. `columns` as `columns_in` found them.

    What the file has no column for stays as the facility of that code in `there` has it.
    """
    errors: list[RowError] = []
    texts = {field: _bare(" ".join(row.get(column, "").split())) for field, column in columns.items()}
    read: dict[str, Any] = {}
    for field, text in texts.items():
        try:
            read[field] = CELLS[field].read(_printable(text))
        except ValueError as error:
            errors.append(RowError(number, columns[field], str(error), text[:SHOWN_LENGTH]))
    for field, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if texts.get(other) and not texts.get(field):
            errors.append(RowError(number, columns.get(field, field), f"is missing, though there is a {other}"))
    if surplus := row.get(SURPLUS):
        errors.append(RowError(number, SURPLUS, "the row has more cells than the header", surplus[:SHOWN_LENGTH]))
    if errors:
        return Row(number, None, tuple(errors))
    known = (there or {}).get(read["code"])
    facts = replace(known or FacilityFacts(code=read["code"], name=read["name"]), **combined(read, known))
    if wrong := wrong_in(facts, known):
        return Row(number, None, tuple(_told(number, columns, each, facts) for each in wrong))
    return Row(number, facts)


def _told(number: int, columns: Mapping[str, str], wrong: tuple[str, str], facts: FacilityFacts) -> RowError:
    field, message = wrong
    column = columns.get(field, field)
    return RowError(number, column, message, CELLS[field].write(facts)[:SHOWN_LENGTH] if field in CELLS else "")


def combined(read: Mapping[str, Any], known: FacilityFacts | None = None) -> dict[str, Any]:
    """Facts by their names, from cells that were read: a place has two columns, a closure five. Of a closure that the
    cells name in part, the rest stays as `known` has it."""
    apart = {field for fields in COMBINED.values() for field in fields}
    facts = {field: value for field, value in read.items() if field not in apart}
    if "latitude" in read and "longitude" in read:
        north, east = read["latitude"], read["longitude"]
        facts["place"] = None if north is None or east is None else Point(east, north)
    if not apart.isdisjoint(set(read) & set(COMBINED["closure"])):
        facts["closure"] = _closure(read, known.closure if known else None)
    return facts


def _closure(read: Mapping[str, Any], known: Closure | None) -> Closure | None:
    old = known.reason if known else None
    sl = read.get("closed_reason", old.sl if old else "")
    if not sl:
        return None
    en = read.get("closed_reason_en", old.en if old and old.sl == sl else "")
    it = read.get("closed_reason_it", old.it if old and old.sl == sl else "")
    return Closure(
        reason=Text(sl=sl, en=en or sl, it=it),
        since=read.get("closed_from", known.since if known else None),
        until=read.get("closed_until", known.until if known else None),
    )


def _bare(text: str) -> str:
    """Without the apostrophe by which an export tells a text from a formula."""
    return text[1:] if re.match("'[=+@-]", text) else text


def _printable(text: str) -> str:
    """Control characters come of a damaged file, and databases refuse some of them."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValueError("has a control character in it: the file is damaged")
    return text
