"""What a row of a panels file must hold: each cell read, or every error in it told. Pure; knows no file.

The column `lines` holds what `rules.lines` reads, with `|` between the lines.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from simos.kernel.errors import Invalid, RowError
from simos.kernel.geo import Point, degrees_within
from simos.modules.mobility.guidance.rules.lines import lines_of, text_of
from simos.modules.mobility.guidance.rules.words import joined, languages_of
from simos.modules.mobility.guidance.values import Colour, Kind, PanelFacts

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
NAME_LENGTH, STREET_LENGTH, SHOWN_LENGTH = 200, 200, 80
FEWEST_CHARACTERS, MOST_CHARACTERS, LONGEST_LIMIT = 3, 40, 360
SEPARATOR = " | "
COLUMNS = (
    "code", "name", "kind", "latitude", "longitude", "street", "facing", "characters", "colour", "languages", "limit",
    "lines",
)  # fmt: skip
REQUIRED = ("code", "name", "lines")
BEYOND = "beyond the last column"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a panels file: its facts, or what is wrong with it."""

    number: int
    facts: PanelFacts | None
    errors: tuple[RowError, ...] = ()


def check_header(header: Iterable[str]) -> None:
    """Invalid names the columns that are missing."""
    there = {name.strip().lower() for name in header}
    if missing := [name for name in REQUIRED if name not in there]:
        raise Invalid(
            f"nothing was taken from the file: it has no column {' and no column '.join(missing)}, "
            f"but {', '.join(sorted(filter(None, there))) or 'none'}. Understood are {', '.join(COLUMNS)}."
        )


def row_of(facts: PanelFacts) -> Mapping[str, str]:
    """The facts as a row of a file, which `facts_of` reads back to the same."""
    return {
        "code": facts.code,
        "name": facts.name,
        "kind": str(facts.kind),
        "latitude": repr(facts.place.latitude) if facts.place else "",
        "longitude": repr(facts.place.longitude) if facts.place else "",
        "street": facts.street,
        "facing": "" if facts.facing is None else str(facts.facing),
        "characters": str(facts.characters),
        "colour": str(facts.colour),
        "languages": joined(facts.languages),
        "limit": str(facts.limit),
        "lines": text_of(facts.lines, separator=SEPARATOR),
    }


def facts_of(row: Mapping[str, str], number: int) -> Row:
    """One row as facts, or every error in it, each with its column."""
    texts = {name.strip().lower(): " ".join(cell.split()) for name, cell in row.items()}
    errors: list[RowError] = []

    def read(column: str, reader: Callable[[str], T]) -> T | None:
        text = texts.get(column, "")
        try:
            return reader(text)
        except ValueError as error:
            errors.append(RowError(number, column, str(error), text[:SHOWN_LENGTH]))
            return None

    code, name, kind = read("code", _code), read("name", _text(1, NAME_LENGTH)), read("kind", _kind)
    street, facing = read("street", _text(0, STREET_LENGTH)), read("facing", _whole(0, 359))
    characters = read("characters", _whole(FEWEST_CHARACTERS, MOST_CHARACTERS))
    colour, languages = read("colour", _colour), read("languages", languages_of)
    limit = read("limit", _whole(1, LONGEST_LIMIT))
    lines = read("lines", lambda text: lines_of(text, separator="|"))
    latitude, longitude = read("latitude", degrees_within(90)), read("longitude", degrees_within(180))
    for column, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if texts.get(other) and not texts.get(column):
            errors.append(RowError(number, column, f"is missing, though there is a {other}"))
    if surplus := row.get(BEYOND):
        errors.append(RowError(number, BEYOND, "the row has more cells than the header", surplus[:SHOWN_LENGTH]))
    if errors or code is None or name is None or lines is None or colour is None or kind is None or languages is None:
        return Row(number, None, tuple(errors))
    plain = PanelFacts(code=code, name=name)
    facts = PanelFacts(
        code=code,
        name=name,
        kind=kind,
        place=None if latitude is None or longitude is None else Point(longitude, latitude),
        street=street or "",
        facing=facing,
        lines=lines,
        characters=plain.characters if characters is None else characters,
        colour=colour,
        languages=languages,
        limit=plain.limit if limit is None else limit,
    )
    return Row(number, facts)


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError("a code is letters (a-z, A-Z), digits, '-', '_' and '.', at most 40")
    return text


def _text(shortest: int, longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not shortest <= len(text) <= longest:
            raise ValueError(f"a text of {shortest} to {longest} signs is needed")
        if not text.isprintable():
            raise ValueError("has a control character in it: the file is damaged")
        return text

    return read


def _kind(text: str) -> Kind:
    if text.lower() not in [*Kind, ""]:
        raise ValueError(f"one of {', '.join(Kind)}, or empty for {Kind.DIRECTION}")
    return Kind(text.lower() or Kind.DIRECTION)


def _colour(text: str) -> Colour:
    if text.lower() not in [*Colour, ""]:
        raise ValueError(f"one of {', '.join(Colour)}, or empty for {Colour.AMBER}")
    return Colour(text.lower() or Colour.AMBER)


def _whole(least: int, most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not text:
            return None
        if not re.fullmatch("[0-9]{1,4}", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}, or empty")
        return int(text)

    return read
