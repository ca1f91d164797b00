"""Rows of GURS' Register of Addresses (RN): one for each house number, or for each flat of a house. Stores nothing."""

from collections.abc import Mapping
from typing import Any

from simos.platform.places.cells import Cells, digits, optional, words
from simos.platform.places.values import AddressFacts, Row

NEEDED = ("EID_HISNA_STEVILKA", "OBCINA_SIFRA", "NASELJE_SIFRA", "ULICA_SIFRA", "HS_STEVILKA", "E", "N")


def row_in(row: int, properties: Mapping[str, Any], _outline: Any) -> Row:
    """A house number."""
    cells = Cells(row, properties)
    register_id = cells.read("EID_HISNA_STEVILKA", digits(20))
    municipality, settlement = cells.read("OBCINA_SIFRA", digits(20)), cells.read("NASELJE_SIFRA", digits(20))
    street, postal = (
        cells.read("ULICA_SIFRA", optional(digits(20))),
        cells.read("POSTNI_OKOLIS_SIFRA", optional(digits(20))),
    )
    number, suffix = cells.read("HS_STEVILKA", digits(5)), cells.read("HS_DODATEK", words(4))
    for field in ("E", "N"):
        if not cells.text(field):
            cells.wrong(field, "is missing")
    point = cells.point("E", "N")
    if cells.errors or not (register_id and municipality and settlement and number and point):
        return Row(row, errors=tuple(cells.errors))
    facts = AddressFacts(
        register_id=register_id,
        municipality=municipality,
        settlement=settlement,
        street=street or "",
        postal=postal or "",
        number=int(number),
        suffix=(suffix or "").lower(),
        point=point,
    )
    return Row(row, (facts,))
