"""What is committed for browsers: small, licensed, without foreign addresses, with enough contrast in every colour."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from simos.platform.scopes.cities import CITIES
from simos.web.brands import STEP, hue_of

REPOSITORY = Path(__file__).parents[2]
BUILT = REPOSITORY / "src" / "simos" / "web" / "static" / "web"
CSS = (BUILT / "web.css").read_text()
HUES = range(0, 360, STEP)
AA, AA_LARGE = 4.5, 3.0

Colours = Mapping[str, str]


def declared(selector: str, css: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for body in re.findall(re.escape(selector) + r"\{([^{}]*)\}", css):
        found |= dict(re.findall(r"--([\w-]+): ?(#[0-9a-f]+)", body))
    return found


def colours(scheme: str, hue: int) -> dict[str, str]:
    """Every token of the page for one hue in light or dark, as the cascade leaves it."""
    dark_from = CSS.index("@media screen and (prefers-color-scheme:dark)")
    parts = [CSS[:dark_from], CSS[dark_from:]][: 1 if scheme == "light" else 2]
    found: dict[str, str] = {}
    for part in parts:
        found |= declared(":root", part)
        found |= declared(f':root[data-hue="{hue}"]', part)
    return found


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(each * 2 for each in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("govuk-body-background-colour", "govuk-template-background-colour", "brand-tint")
PAIRS = [
    *((text, ground, AA) for text in ("govuk-text-colour", "govuk-secondary-text-colour") for ground in GROUNDS),
    *(
        (f"govuk-{text}-colour", "govuk-body-background-colour", AA)
        for text in ("link", "link-visited", "error", "success")
    ),
    ("govuk-secondary-text-colour", "govuk-surface-background-colour", AA),
    ("govuk-link-colour", "brand-tint", AA),
    ("govuk-focus-text-colour", "govuk-focus-colour", AA),
    ("govuk-inverse-text-colour", "govuk-brand-colour", AA),
    ("govuk-inverse-text-colour", "brand-strong", AA),
    ("govuk-inverse-text-colour", "govuk-error-colour", AA),
    ("govuk-inverse-text-colour", "govuk-success-colour", AA),
    *((state, f"{state}-ground", AA) for state in ("good", "low", "bad", "plain")),
    *((state, "govuk-body-background-colour", AA) for state in ("good", "low", "bad", "plain")),
    ("govuk-brand-colour", "govuk-body-background-colour", AA_LARGE),
    ("govuk-input-border-colour", "govuk-body-background-colour", AA_LARGE),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("hue", HUES)
def test_each_pair_of_colours_has_enough_contrast(scheme: str, hue: int) -> None:
    found = colours(scheme, hue)
    short = [
        (text, ground, round(contrast(found[text], found[ground]), 2))
        for text, ground, least in PAIRS
        if contrast(found[text], found[ground]) < least
    ]
    assert short == []
    assert contrast("#ffffff", found["brand-header"]) >= AA


def test_each_city_has_a_hue_of_the_style_sheet() -> None:
    codes = [*(city.code for city in CITIES), "a-place-that-was-added", "x"]
    assert {hue_of(code) for code in codes} <= set(HUES)
    assert colours("light", hue_of("celje"))["brand-header"] != colours("light", hue_of("koper"))["brand-header"]


def test_the_colours_of_dark_are_not_those_of_light() -> None:
    light, dark = colours("light", 0), colours("dark", 0)
    assert luminance(light["govuk-body-background-colour"]) > 0.8
    assert luminance(dark["govuk-body-background-colour"]) < 0.05


def size_of(*names: str) -> int:
    return sum((BUILT / name).stat().st_size for name in names)


def test_assets_are_small() -> None:
    fonts = sum(file.stat().st_size for file in (BUILT / "fonts").glob("*.woff2"))
    every_page = size_of("web.css", "page.js") + fonts
    assert every_page < 110_000
    assert every_page + size_of("live.js") < 115_000
    assert every_page + size_of("forms.css", "forms.js") < 145_000


def test_every_font_is_there_with_its_licence() -> None:
    named = set(re.findall(r"url\(([^)]+)\)", CSS))
    assert named
    assert all((BUILT / name.strip("\"'")).is_file() for name in named)
    assert "SIL OPEN FONT LICENSE" in (BUILT / "fonts" / "OFL.txt").read_text().upper()
    assert "GDS Transport" not in CSS
    assert "Crown Copyright" in (BUILT / "LICENCES.txt").read_text()


def test_assets_fetch_nothing_from_elsewhere() -> None:
    for file in (*BUILT.glob("*.css"), *BUILT.glob("*.js")):
        assert not re.search(r"""(url\(|import|fetch\()["']?https?:""", file.read_text()), file.name


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (REPOSITORY / "package-lock.json").read_text()


def test_pages_respect_paper_stillness_and_chosen_colours() -> None:
    for query in ("@media print", "prefers-reduced-motion:reduce", "forced-colors:active", "prefers-color-scheme:dark"):
        assert query in CSS
