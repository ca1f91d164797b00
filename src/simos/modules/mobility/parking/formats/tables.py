"""Facilities as CSV and GeoJSON (RFC 7946), both ways: what is written here is an import that changes nothing."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simos.kernel.errors import Invalid
from simos.kernel.geo import positions_of
from simos.modules.mobility.parking.feeds import TableFile, opened, table_in
from simos.modules.mobility.parking.public import FacilityNow
from simos.modules.mobility.parking.rules.cells import CELLS, cells_of
from simos.modules.mobility.parking.values import FacilityFacts

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet begins a formula."""

Shown = Sequence[tuple[FacilityFacts, FacilityNow]]
"""Facilities as the office knows them, each with what a driver would be told."""


def csv_of(facilities: Shown) -> str:
    """One row for each facility; what a spreadsheet would take for a formula is told from it by an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([cell.names[0] for cell in CELLS.values()])
    for facts, _ in facilities:
        writer.writerow([_harmless(text) for text in cells_of(facts).values()])
    return "\ufeff" + file.getvalue()  # the mark tells spreadsheets that it is UTF-8


def _harmless(text: str) -> str:
    number = text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not number else text


def geojson_of(facilities: Shown) -> dict[str, Any]:
    """A FeatureCollection: the point or the ground of each facility, its cells, and its present beside them."""
    return {"type": "FeatureCollection", "features": [_feature(*each) for each in facilities]}


PRESENT = ("state", "free", "observed_at")
"""Properties that are the present's, not the office's; an import passes them over."""


def _feature(facts: FacilityFacts, now: FacilityNow) -> dict[str, Any]:
    shape = facts.outline or facts.place
    present = {"state": now.state, "free": now.free, "observed_at": now.observed_at and now.observed_at.isoformat()}
    return {
        "type": "Feature",
        "id": now.entity,
        "geometry": shape.as_geojson() if shape else None,
        "properties": dict(cells_of(facts)) | present,
    }


def table_of(path: Path) -> TableFile:
    """A facilities file of either form, told apart by how it begins. Invalid where it is neither."""
    with opened(path) as file:
        begins = file.read(200).lstrip("\ufeff \t\r\n")[:1]
        if begins != "{":
            return table_in(path)
        file.seek(0)
        try:
            document = json.loads(file.read().lstrip("\ufeff"))
        except ValueError as error:
            raise Invalid(f"{path.name} is no JSON: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise Invalid(f"{path.name} is no GeoJSON FeatureCollection")
    rows = [_row(number, each) for number, each in enumerate(document["features"], start=2)]
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    return TableFile(header=header, rows=tuple(enumerate(rows, start=2)))


def _row(number: int, feature: Any) -> Mapping[str, str]:
    """A feature's properties as cells; a geometry goes before what they say of the place or the ground."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise Invalid(f"feature {number - 1} has no properties")
    row = {str(name): _text(value) for name, value in feature["properties"].items() if name not in PRESENT}
    geometry = feature.get("geometry")
    if geometry is None:
        return row
    try:
        points = positions_of(geometry)
    except ValueError as error:
        raise Invalid(f"feature {number - 1}: {error}") from None
    kind = geometry["type"]
    if kind == "Point":
        return row | {"latitude": repr(points[0].latitude), "longitude": repr(points[0].longitude)}
    if kind not in ("LineString", "Polygon") or (kind == "Polygon" and len(geometry["coordinates"]) > 1):
        raise Invalid(f"feature {number - 1}: a facility is a Point, a LineString, or a Polygon without holes")
    return row | {"outline": _line(points)}


def _line(points: Iterable[Any]) -> str:
    return " | ".join(f"{point.latitude:.9f} {point.longitude:.9f}" for point in points)


def _text(value: object) -> str:
    return "" if value is None else str(value)
