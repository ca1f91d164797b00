"""A city's icon for a phone's home screen: its letter on its brand's colour, drawn here. Knows no request."""

import math
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from simos.web.brands import hue_of

SIZES = (192, 512)
LIGHTNESS, CHROMA = 0.38, 0.11
"""Of the header (`--brand-header`): white on it has a contrast above 7."""


def colour_of(code: str) -> tuple[int, int, int]:
    """The city's header colour as sRGB, from OKLCH (Ottosson 2020), cut to what screens show."""
    hue = math.radians(hue_of(code))
    a, b = CHROMA * math.cos(hue), CHROMA * math.sin(hue)
    long = (LIGHTNESS + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (LIGHTNESS - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (LIGHTNESS - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (_shown(each) for each in linear)
    return red, green, blue


def _shown(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)


@lru_cache(maxsize=64)
def icon_of(code: str, letter: str, size: int) -> bytes:
    """A square PNG; the letter lies in its middle, so that any mask leaves it whole."""
    image = Image.new("RGB", (size, size), colour_of(code))
    draw = ImageDraw.Draw(image)
    draw.text((size / 2, size / 2), letter, fill="white", font=ImageFont.load_default(size // 2), anchor="mm")
    kept = BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()
