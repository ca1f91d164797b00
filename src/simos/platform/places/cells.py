"""Cells of a row, read one by one, so that each bad one is told with its field. Pure."""

import unicodedata
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeVar

from simos.kernel.errors import RowError
from simos.kernel.geo import Point
from simos.platform.places.grid import from_grid

T = TypeVar("T")
SHOWN = 80


class Cells:
    """A row and what was found wrong in it."""

    def __init__(self, number: int, cells: Mapping[str, Any]) -> None:
        self.number = number
        self.errors: list[RowError] = []
        self._cells = cells

    def text(self, field: str) -> str:
        """The cell without spaces around it; whole numbers without a decimal point; empty where there is none."""
        value = self._cells.get(field)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else " ".join(str(value).split())

    def read(self, field: str, reader: Callable[[str], T]) -> T | None:
        """What `reader` makes of the cell; None, and the error kept, where it raises ValueError."""
        text = self.text(field)
        try:
            return reader(text)
        except ValueError as error:
            self.wrong(field, str(error))
            return None

    def wrong(self, field: str, message: str) -> None:
        """The row is left out for this."""
        self.errors.append(RowError(self.number, field, message, self.text(field)[:SHOWN]))

    def point(self, east: str, north: str) -> Point | None:
        """The place at these metres of the national grid; None where neither is given, or with an error kept."""
        if not self.text(east) and not self.text(north):
            return None
        easting, northing = self.read(east, number), self.read(north, number)
        if easting is None or northing is None:
            return None
        try:
            return from_grid(easting, northing)
        except ValueError as error:
            self.wrong(east if str(error).startswith("easting") else north, str(error))
            return None


def number(text: str) -> float:
    """A number; its decimal sign may be a comma. ValueError."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise ValueError("a number is needed") from None
    if not isfinite(found):
        raise ValueError("a number is needed")
    return found


def optional(reader: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same, but an empty cell is None."""
    return lambda text: reader(text) if text else None


def digits(most: int) -> Callable[[str], str]:
    """Reads a register's number, leading zeros left out."""

    def read(text: str) -> str:
        if not (text.isascii() and text.isdigit() and len(text) <= most):
            raise ValueError(f"digits are needed, at most {most}")
        return text.lstrip("0") or "0"

    return read


def words(most: int, *, needed: bool = False) -> Callable[[str], str]:
    """Reads words of at most so many signs."""

    def read(text: str) -> str:
        if needed and not text:
            raise ValueError("is missing")
        if len(text) > most or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            raise ValueError(f"at most {most} signs that can be printed")
        return text

    return read
