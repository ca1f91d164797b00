"""How people write units: a UN/CEFACT common code (Recommendation 20) in, a sign or a word out. Pure.

A code that is not here is shown as it is: add it with its first use.
"""

from collections.abc import Mapping

from simos.kernel.text import Text

UNITS: Mapping[str, str | Text] = {
    "C62": "",
    "P1": "%",
    "CEL": "°C",
    "GRM": "g",
    "KGM": "kg",
    "TNE": "t",
    "MTR": "m",
    "KMT": "km",
    "KMH": "km/h",
    "SEC": "s",
    "MIN": "min",
    "HUR": "h",
    "DAY": Text(sl="dni", en="days", it="giorni"),
    "LTR": "l",
    "MTQ": "m³",
    "KWH": "kWh",
    "EUR": "€",
}
"""EUR is ISO 4217's: money has no code in the recommendation."""


def unit_in(code: str, language: str) -> str:
    """The sign or word behind a number; '' for what is counted in pieces."""
    unit = UNITS.get(code, code)
    return unit.in_(language) if isinstance(unit, Text) else unit
