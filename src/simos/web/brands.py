"""A city's look: the hue of its colours. Everything else of the look is the same for all, so contrast holds for all."""

from zlib import crc32

STEP = 30
"""Degrees between two hues of the style sheet (assets/scss/_tokens.scss)."""

_HUES = {
    "celje": 270,
    "koper": 210,
    "kranj": 30,
    "krsko": 180,
    "ljubljana": 150,
    "maribor": 0,
    "murska-sobota": 330,
    "nova-gorica": 120,
    "novo-mesto": 210,
    "ptuj": 300,
    "slovenj-gradec": 30,
    "velenje": 150,
}
PLATFORM_HUE = 240


def hue_of(code: str) -> int:
    """Degrees on the OKLCH circle for the city `code`; a city that is not one of the twelve gets one by its code."""
    return _HUES[code] if code in _HUES else crc32(code.encode()) % (360 // STEP) * STEP
