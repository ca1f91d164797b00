"""Rows of GURS' Register of Spatial Units (RPE), and outlines of municipalities from elsewhere. Stores nothing."""

from collections.abc import Mapping
from typing import Any

from simos.platform.places.areas import checked, simplified
from simos.platform.places.cells import Cells, digits, number, optional, words
from simos.platform.places.values import KINDS, AreaFacts, PlaceFacts, Row

NEEDED = ("ENOTA", "STATUS")
TOLERANCE_M = 2.0
"""Corners of an outline closer than this to a straight line are left out."""

_PREFIXES = {"CM": "ODO", "CV": "ODO", "CK": "ODO"}
_VALID = "V"
_URBAN = "D"


def row_in(row: int, properties: Mapping[str, Any], outline: Any) -> Row:
    """A unit, and what it covers where `outline` is its (geometry, source)."""
    cells = Cells(row, properties)
    unit = cells.text("ENOTA")
    if unit not in KINDS:
        cells.wrong("ENOTA", f"one of {', '.join(KINDS)}")
        return Row(row, errors=tuple(cells.errors))
    prefix = _PREFIXES.get(unit, unit)
    register_id, code = cells.read(f"{prefix}_MID", digits(20)), cells.read(f"{prefix}_ID", digits(20))
    name, other = cells.read(f"{prefix}_UIME", words(120, needed=True)), cells.read(f"{prefix}_DJ", words(120))
    municipality = cells.read("OB_MID", optional(digits(20))) if unit in ("NA", "UL") else ""
    settlement = cells.read("NA_MID", digits(20)) if unit == "UL" else ""
    area, point = cells.read("POV_KM2", optional(number)), cells.point("CEN_E", "CEN_N")
    geometry = _geometry(cells, outline)
    if cells.errors or register_id is None or code is None or name is None:
        return Row(row, errors=tuple(cells.errors))
    facts = PlaceFacts(
        unit=unit,
        register_id=register_id,
        code=code,
        name=name,
        other_name=other or "",
        municipality=municipality or "",
        municipality_code=str(int(code) // 1000) if prefix == "ODO" else "",
        settlement=settlement or "",
        point=point,
        area_km2=area,
        is_city=cells.text("OB_TIP") == _URBAN,
        valid=cells.text("STATUS") == _VALID,
    )
    if geometry is None:
        return Row(row, (facts,))
    return Row(row, (facts, AreaFacts(unit=unit, register_id=register_id, geometry=geometry, source=outline[1])))


def outline_in(row: int, properties: Mapping[str, Any], outline: Any) -> Row:
    """What a municipality covers, known by its number or by ISO 3166-2 (`SI-011`)."""
    cells = Cells(row, properties)
    field = "iso_3166_2" if "iso_3166_2" in properties else "isoid"
    code = cells.read(field, _iso_number)
    geometry = _geometry(cells, outline)
    if cells.errors or code is None or geometry is None:
        return Row(row, errors=tuple(cells.errors))
    return Row(row, (AreaFacts(unit="OB", code=code, geometry=geometry, source=outline[1]),))


def _iso_number(text: str) -> str:
    country, _, code = text.partition("-")
    if country != "SI":
        raise ValueError("a municipality of Slovenia is SI- and its number, such as SI-011")
    return digits(3)(code)


def _geometry(cells: Cells, outline: Any) -> Mapping[str, Any] | None:
    if outline is None:
        return None
    try:
        return simplified(checked(outline[0]), TOLERANCE_M)
    except ValueError as error:
        cells.wrong("geometry", str(error))
        return None
