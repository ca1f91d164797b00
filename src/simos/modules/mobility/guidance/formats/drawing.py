"""A panel drawn as it stands at the road: blue, with arrows and printed names, and the dots that shine. SVG, no text of
its own: what it shows is said beside it in words."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from simos.modules.mobility.guidance.formats.dots import HIGH, WIDE, runs_in
from simos.modules.mobility.guidance.values import Arrow, Colour, Lines, PanelFacts

PITCH = 4
"""Between dots."""
ROW = 44
MARGIN = 12
ARROW_WIDE, LABEL_WIDE, HEAD = 40, 190, 40
SHINES: Mapping[Colour, str] = {
    Colour.AMBER: "#ffb000",
    Colour.WHITE: "#f4f7ff",
    Colour.GREEN: "#39e07a",
    Colour.RED: "#ff4b3e",
}
TURNED: Mapping[Arrow, int] = {
    Arrow.AHEAD: 0,
    Arrow.HALF_RIGHT: 45,
    Arrow.RIGHT: 90,
    Arrow.BACK: 180,
    Arrow.LEFT: -90,
    Arrow.HALF_LEFT: -45,
}
_LETTER, _WIDEST_LETTER = 10.6, 13.5
"""Roughly how wide a printed capital is, in our own font and in the widest of a machine's."""


def drawing_of(panel: PanelFacts, shown: Lines, *, dark: bool = False) -> SafeString:
    """The panel with `shown` on its displays. `dark`: nothing shines, since nobody knows what it shows."""
    display = panel.characters * (WIDE + 1) * PITCH + PITCH
    labels = max((_printed(line.label) for line in panel.lines), default=0)
    label = min(LABEL_WIDE, max(70, labels))
    wide = MARGIN * 2 + ARROW_WIDE + label + display
    high = MARGIN + HEAD + ROW * len(panel.lines) + MARGIN // 2
    rows = format_html_join(
        "",
        "{}",
        (
            (_row(panel, number, "" if dark or number >= len(shown) else shown[number], label, display),)
            for number in range(len(panel.lines))
        ),
    )
    return format_html(
        '<svg class="sign" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" focusable="false">'
        '<rect x="1" y="1" width="{}" height="{}" rx="9" fill="#0b4aa2" stroke="#fff" stroke-width="2"/>'
        '<rect x="{}" y="{}" width="28" height="28" rx="5" fill="#fff"/>'
        '<text x="{}" y="{}" fill="#0b4aa2" font-size="24" font-weight="700" text-anchor="middle">P</text>'
        '<text x="{}" y="{}" fill="#fff" font-size="15" font-weight="600">{}</text>{}</svg>',
        *(wide, high, wide, high, wide - 2, high - 2),
        *(MARGIN, MARGIN, MARGIN + 14, MARGIN + 23, MARGIN + 38, MARGIN + 20, panel.code, rows),
    )


def _printed(label: str) -> int:
    return round(len(label) * _LETTER) + 12


def _row(panel: PanelFacts, number: int, text: str, label: int, display: int) -> SafeString:
    line = panel.lines[number]
    top = MARGIN + HEAD + number * ROW
    left = MARGIN + ARROW_WIDE + label
    room, length = label - 10, len(line.label)
    fit = format_html(' textLength="{}" lengthAdjust="spacingAndGlyphs"', min(room, round(length * _LETTER)))
    return format_html(
        '{}<text x="{}" y="{}" fill="#fff" font-size="17" font-weight="700"{}>{}</text>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="#101316"/>'
        '<path d="{}" stroke="#2a3036" stroke-width="2.6" stroke-linecap="round" stroke-dasharray="0 4"/>'
        '<path d="{}" stroke="{}" stroke-width="3.5" stroke-linecap="round" stroke-dasharray="0 4"/>',
        _arrow(line.arrow, MARGIN + 15, top + 17),
        *(MARGIN + ARROW_WIDE, top + 23, fit if length * _WIDEST_LETTER > room else "", line.label),
        *(left, top, display, HIGH * PITCH + 2 * PITCH - 2),
        _unlit(panel.characters, left, top),
        _lit(text.rjust(panel.characters) if text.isdigit() else text, left, top),
        SHINES[panel.colour],
    )


def _arrow(arrow: Arrow, x: int, y: int) -> SafeString:
    if arrow is Arrow.NONE:
        return SafeString()
    return format_html(
        '<path d="M0 13V-11M-9 -2L0 -12L9 -2" transform="translate({} {}) rotate({})" fill="none" stroke="#fff"'
        ' stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/>',
        *(x, y, TURNED[arrow]),
    )


def _lit(text: str, left: int, top: int) -> str:
    """A dash of no length every four units, with round ends, is a row of dots."""
    return "".join(
        f"M{left + PITCH + column * PITCH} {top + PITCH + row * PITCH}h{(length - 1) * PITCH}.1"
        for column, row, length in runs_in(text)
    )


def _unlit(characters: int, left: int, top: int) -> str:
    wide = (characters * (WIDE + 1) - 2) * PITCH
    return "".join(f"M{left + PITCH} {top + PITCH + row * PITCH}h{wide}.1" for row in range(HIGH))
