"""Numbers beside each other: bars, a table of hours by weekday in shades, a share, and a small line in a text.

As accessible as lines: every drawing says in words what it shows, bars differ by pattern as well as by colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from simos.web.charts import BOTTOM, Chart, short
from simos.web.formatting import number_in
from simos.web.parts import Column, Table
from simos.web.ticks import value_ticks

MOST_GROUPS = 4
"""Patterns that can be told apart."""
TOP = 6.0
SHADES = 5


@dataclass(frozen=True, slots=True)
class Bars:
    """The values of one group, one for each category; None where there is none."""

    title: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar in percent of the drawing."""

    group: int
    x: float
    y: float
    width: float
    height: float


def bar_chart_of(
    categories: Sequence[str], groups: Sequence[Bars], *, title: str, unit: str, language: str, stacked: bool = False
) -> Chart:
    """Bars for each category, those of several groups side by side or on top of each other.

    ValueError for more than four groups, for a group with too few or too many values, for less than nothing stacked.
    """
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise ValueError(f"a bar chart shows one to {MOST_GROUPS} groups, not {len(groups)}")
    if any(len(group.values) != len(categories) for group in groups):
        raise ValueError("each group of a bar chart has a value for each category")
    if stacked and any((value or 0) < 0 for group in groups for value in group.values):
        raise ValueError("what is less than nothing cannot be stacked")
    mark = f"bars-{crc32(repr((title, categories, groups)).encode()):08x}"
    bars, ticks = _placed(groups, len(categories), stacked)
    legend = tuple(group.title for group in groups) if len(groups) > 1 else ()
    svg = format_html(
        '<svg class="chart chart--bars" role="img" aria-labelledby="{0}-title {0}-desc" focusable="false">'
        '<title id="{0}-title">{1}</title><desc id="{0}-desc">{2}</desc>{3}</svg>',
        mark,
        title,
        _told(categories, groups, unit, language),
        mark_safe("".join(_drawn(mark, bars, ticks, categories, language))),  # noqa: S308 - joined from parts that escape
    )
    swatches = tuple(
        format_html('<rect class="bar bar--{}" width="100%" height="100%"{}/>', number, _fill(mark, number))
        for number in range(1, len(legend) + 1)
    )
    return Chart(
        title=title, svg=svg, legend=legend, swatches=swatches, table=_table(categories, groups, title, unit, language)
    )


def _placed(groups: Sequence[Bars], count: int, stacked: bool) -> tuple[list[_Bar], tuple[float, ...]]:
    known = [value for group in groups for value in group.values if value is not None]
    sums = [sum(group.values[place] or 0 for group in groups) for place in range(count)]
    highest = max((*(sums if stacked else known), 0.0)) if known else 1.0
    ticks = value_ticks(min((*known, 0.0)), highest)
    scale = (BOTTOM - TOP) / (ticks[-1] - ticks[0])
    ground = BOTTOM + ticks[0] * scale
    slot = 100 / max(1, count)
    width = slot * 0.8 / (1 if stacked else len(groups))
    bars = []
    for place in range(count):
        height_below = 0.0
        for number, group in enumerate(groups):
            value = group.values[place]
            if value is None:
                continue
            height = abs(value) * scale
            x = place * slot + slot * 0.1 + (0 if stacked else number * width)
            y = ground - height_below - height if value >= 0 else ground
            bars.append(_Bar(number + 1, x, y, width, height))
            height_below += height if stacked else 0
    return bars, ticks


def _fill(mark: str, number: int) -> SafeString:
    return format_html(' fill="url(#{}-{})"', mark, number) if number > 1 else SafeString()


_PATTERNS = (
    (2, "M0 8 8 0M-2 2 2-2M6 10l4-4"),
    (3, "M0 4h8"),
    (4, "M4 0v8M0 4h8"),
)


def _drawn(
    mark: str, bars: Sequence[_Bar], ticks: Sequence[float], categories: Sequence[str], language: str
) -> Iterator[str]:
    patterns = format_html_join(
        "",
        '<pattern id="{}-{}" class="bar bar--{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8"/><path d="{}"/></pattern>',
        ((mark, number, number, way) for number, way in _PATTERNS),
    )
    yield format_html("<defs>{}</defs>", patterns)
    scale = (BOTTOM - TOP) / (ticks[-1] - ticks[0])
    for value in ticks:
        y = short(BOTTOM - (value - ticks[0]) * scale)
        kind = "chart__base" if value == 0 else "chart__grid"
        yield format_html('<line class="{}" x1="0" x2="100%" y1="{}%" y2="{}%"/>', kind, y, y)
    for bar in bars:
        yield format_html(
            '<rect class="bar bar--{}" x="{}%" y="{}%" width="{}%" height="{}%"{}/>',
            bar.group,
            short(bar.x),
            short(bar.y),
            short(bar.width),
            short(bar.height),
            _fill(mark, bar.group),
        )
    for value in ticks[1:]:
        y = short(BOTTOM - (value - ticks[0]) * scale)
        yield format_html('<text x="0" y="{}%" dy="-0.3em">{}</text>', y, number_in(value, language))
    slot = 100 / max(1, len(categories))
    every = -(-len(categories) // 12)
    for place, name in list(enumerate(categories))[::every]:
        second = ' class="chart__second"' if len(categories) > 5 and (place // every) % 2 else ""
        yield format_html(
            '<text{} x="{}%" y="100%" dy="-0.2em" text-anchor="middle">{}</text>',
            SafeString(second),
            short((place + 0.5) * slot),
            name,
        )


def _told(categories: Sequence[str], groups: Sequence[Bars], unit: str, language: str) -> str:
    with override(language):
        said = []
        for group in groups:
            known = [(value, place) for place, value in enumerate(group.values) if value is not None]
            if not known:
                continue
            (low, where_low), (high, where_high) = min(known), max(known)
            said.append(
                _("%(name)s: highest %(high)s (%(at_high)s), lowest %(low)s (%(at_low)s).")
                % {
                    "name": f"{group.title} ({unit})" if unit else group.title,
                    "high": number_in(high, language),
                    "at_high": categories[where_high],
                    "low": number_in(low, language),
                    "at_low": categories[where_low],
                }
            )
        return " ".join(said) or _("There is no data for this time.")


def _table(categories: Sequence[str], groups: Sequence[Bars], title: str, unit: str, language: str) -> Table:
    heads = (f"{group.title} ({unit})" if unit else group.title for group in groups)
    with override(language):
        rows = tuple(
            (name, *(_written(group.values[place], language) for group in groups))
            for place, name in enumerate(categories)
        )
    return Table(caption=title, columns=(Column(""), *(Column(head, numeric=True) for head in heads)), rows=rows)


def _written(value: float | None, language: str) -> str:
    return _("no data") if value is None else number_in(value, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Values by row and column (weekdays and hours), shown as a table in shades: its numbers are in its cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]

    def lines(self) -> Iterator[tuple[str, list[tuple[float | None, int]]]]:
        """Each row with its cells and their shades, 0 (least) to 5. ValueError where a row has too few or too many."""
        known = [value for _name, values in self.rows for value in values if value is not None]
        least, most = min(known, default=0.0), max(known, default=0.0)
        for name, values in self.rows:
            if len(values) != len(self.columns):
                raise ValueError(f"row {name!r} of a heat map has a value for each column")
            yield name, [(value, shade_of(value, least, most)) for value in values]


def shade_of(value: float | None, least: float, most: float) -> int:
    """0 for nothing known and for the least, 5 for the most, steps of the same size between."""
    if value is None or most <= least:
        return 0
    return min(SHADES, max(0, round(SHADES * ((value - least) / (most - least)))))


def sparkline(values: Sequence[float | None], *, title: str, language: str) -> SafeString:
    """A small line in a text; it says its first and last value."""
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("–")
    least, most = min(known), max(known)
    span = most - least or 1.0
    step = 100 / max(1, len(values) - 1)
    way, pen = "", "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        way += f"{pen}{short(place * step)} {short(27 - 24 * (value - least) / span)}"
        pen = "L"
    with override(language):
        said = _("%(title)s: from %(first)s to %(last)s") % {
            "title": title,
            "first": number_in(known[0], language),
            "last": number_in(known[-1], language),
        }
    return format_html(
        '<svg class="sparkline" role="img" aria-label="{}" viewBox="0 0 100 30" preserveAspectRatio="none">'
        '<path class="chart__line" d="{}"/></svg>',
        said,
        way,
    )


def share(part: float, whole: float, *, title: str, language: str) -> SafeString:
    """A ring of which as much is filled as `part` is of `whole`, with the percentage in it. ValueError unless
    0 <= part <= whole and whole > 0."""
    if not 0 <= part <= whole or whole <= 0:
        raise ValueError(f"{part} is no share of {whole}")
    percent = round(100 * part / whole)
    written = f"{number_in(percent, language)} %"
    return format_html(
        '<svg class="share" role="img" aria-label="{0}: {1}" viewBox="0 0 120 120">'
        '<circle class="share__whole" cx="60" cy="60" r="50"/>'
        '<circle class="share__part" cx="60" cy="60" r="50" pathLength="100" stroke-dasharray="{2} 100" '
        'transform="rotate(-90 60 60)"/><text x="60" y="60" dy="0.35em" text-anchor="middle">{1}</text></svg>',
        title,
        written,
        percent,
    )
