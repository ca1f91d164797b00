"""Files of places, as rows of facts: which form a file has, and what is wrong with each row. Stores nothing.

Known forms: units of GURS' Register of Spatial Units (RPE) as CSV and GeoJSON, addresses of its Register of Addresses
(RN) as CSV, outlines of municipalities by their number as GeoJSON.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simos.kernel.errors import Invalid, RowError
from simos.platform.places import reading_addresses, reading_units
from simos.platform.places.values import KINDS, Row

Cells = Mapping[str, Any]
Reader = Callable[[int, Cells, Any], Row]

GURS = "Geodetska uprava Republike Slovenije, Register prostorskih enot, CC BY 4.0"
OPEN_STREET_MAP = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file: its name, when its turn is among others (places before what lies in them), and its rows."""

    name: str
    turn: int
    rows: Iterable[Row]


def table_in(path: Path) -> Table:
    """The file's rows, read as they are asked for; Invalid where its form is not known."""
    return _features_in(path) if path.suffix.lower() in (".geojson", ".json") else _cells_in(path)


def _cells_in(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            line = file.readline()
        except UnicodeDecodeError:
            raise Invalid(f"{path.name} is not UTF-8 text: save it as UTF-8") from None
    delimiter = max(",;\t", key=line.count)
    header = [name.strip().upper() for name in next(csv.reader([line], delimiter=delimiter), [])]
    reader = reading_units.row_in if "ENOTA" in header else reading_addresses.row_in
    needed = reading_units.NEEDED if "ENOTA" in header else reading_addresses.NEEDED
    if missing := [name for name in needed if name not in header]:
        raise Invalid(
            f"{path.name} is neither a file of the Register of Spatial Units (it would have a column ENOTA) "
            f"nor of the Register of Addresses (column {', '.join(missing)} is missing)"
            if reader is reading_addresses.row_in
            else f"{path.name} has no column {', '.join(missing)}"
        )
    turn = _turn(path, header, delimiter) if "ENOTA" in header else len(KINDS) + 1
    return Table(name=path.name, turn=turn, rows=_rows(path, header, delimiter, reader))


def _turn(path: Path, header: Sequence[str], delimiter: str) -> int:
    """Of the first row's unit: a file holds units of one kind."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=delimiter)
        next(lines)
        first = dict(zip(header, next(lines, ()), strict=False))
    return _turn_of(first.get("ENOTA", ""))


def _turn_of(unit: str) -> int:
    return list(KINDS).index(unit) if unit in KINDS else 0


def _rows(path: Path, header: Sequence[str], delimiter: str, reader: Reader) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=delimiter)
        next(lines)
        number = 1
        try:
            for number, cells in enumerate(lines, 2):
                if len(cells) > len(header):
                    yield Row(number, errors=(RowError(number, "", "the row has more cells than the header"),))
                elif cells:
                    yield reader(number, dict(zip(header, cells, strict=False)), None)
        except UnicodeDecodeError:
            raise Invalid(f"{path.name}, after row {number}: not UTF-8 text: save the file as UTF-8") from None
        except csv.Error as error:
            raise Invalid(f"{path.name}, row {number + 1}: {error}") from None


def _features_in(path: Path) -> Table:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise Invalid(f"{path.name} is not GeoJSON: {error}") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise Invalid(f"{path.name} is not a GeoJSON FeatureCollection with features in it")
    first = _properties(features[0])
    forms: dict[str, tuple[str, Reader]] = {
        "ENOTA": (GURS, reading_units.row_in),
        "iso_3166_2": (OPEN_STREET_MAP, reading_units.outline_in),
        "isoid": (GURS, reading_units.outline_in),
    }
    for mark, (source, reader) in forms.items():
        if mark in first:
            turn = _turn_of(str(first.get("ENOTA"))) if mark == "ENOTA" else len(KINDS)
            return Table(name=path.name, turn=turn, rows=_feature_rows(features, source, reader))
    raise Invalid(
        f"{path.name}: its features have none of the properties {', '.join(forms)}, by which its form is known"
    )


def _properties(feature: Any) -> Cells:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _feature_rows(features: Sequence[Any], source: str, reader: Reader) -> Iterator[Row]:
    for number, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        yield reader(number, _properties(feature), (geometry, source))
