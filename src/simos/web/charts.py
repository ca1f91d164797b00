"""Charts as accessible SVG, drawn by the server, each with its twin in a table. Pure: values in, safe strings out.

All places are in percent of the drawing, so that letters keep their size on every screen; looks are the style sheet's.
No style attributes: the content security policy forbids them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import zip_longest
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from simos.web.formatting import LJUBLJANA, number_in, time_in
from simos.web.parts import Column, Table
from simos.web.series import Point, Series, Summary, summaries, thinned, with_gaps
from simos.web.ticks import time_ticks, value_ticks

COLUMNS = 600
"""Spans of time that a drawing tells apart; more points than five in each are thinned to the extremes."""
LINES = 4
"""Series that one chart can tell apart without colour."""
TOP, BOTTOM = 6.0, 88.0
"""Percent of the height between which values are drawn; the time axis is written below."""
TABLE_ROWS = 48
_FORMS = {"time": "TIME_FORMAT", "day": "MONTH_DAY_FORMAT", "month": "YEAR_MONTH_FORMAT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with its title, the names of its lines (where there are several) and its table. `swatches`: what stands
    beside each name, where it is no line."""

    title: str
    svg: SafeString
    legend: tuple[str, ...]
    swatches: tuple[SafeString, ...] = ()
    table: Table

    @property
    def named(self) -> Iterator[tuple[SafeString, str]]:
        """The names of the legend with their swatches."""
        return zip_longest(self.swatches, self.legend, fillvalue=SafeString())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The span of time and values that is drawn."""

    since: datetime
    until: datetime
    values: tuple[float, ...]

    def x(self, at: datetime) -> float:
        return 100 * ((at - self.since) / (self.until - self.since))

    def y(self, value: float) -> float:
        lowest, highest = self.values[0], self.values[-1]
        return BOTTOM - (BOTTOM - TOP) * (value - lowest) / (highest - lowest)


def chart_of(
    series: Series | Sequence[Series],
    *,
    title: str,
    unit: str,
    language: str,
    y_max: float | None = None,
    time_zone: tzinfo = LJUBLJANA,
    silent_after: timedelta | None = None,
) -> Chart:
    """The drawing and the table of the same values. `silent_after`: a value holds no longer than that."""
    all_series = tuple(
        Series(each.title, with_gaps(each.points, silent_after))
        for each in ([series] if isinstance(series, Series) else series)
    )
    return Chart(
        title=title,
        svg=line_chart(all_series, title=title, unit=unit, y_max=y_max, language=language, time_zone=time_zone),
        legend=tuple(each.title for each in all_series) if len(all_series) > 1 else (),
        table=table_twin(all_series, title=title, unit=unit, language=language, time_zone=time_zone),
    )


def line_chart(
    series: Series | Sequence[Series],
    *,
    title: str,
    unit: str,
    language: str,
    y_max: float | None = None,
    time_zone: tzinfo = LJUBLJANA,
) -> SafeString:
    """An SVG in which each value holds until the next and a None leaves a gap. `y_max`: the axis reaches that at least.

    Its title and description say in words what it shows; without any value it says that. ValueError for more than four
    series.
    """
    lines = [series] if isinstance(series, Series) else list(series)
    if len(lines) > LINES:
        raise ValueError(f"a chart shows at most {LINES} series, not {len(lines)}: {title!r}")
    mark = f"chart-{crc32(repr((title, lines)).encode()):08x}"
    frame = _frame(lines, y_max)
    description = _description(lines, unit, language, time_zone)
    if frame is None:
        body = format_html('<text x="50%" y="50%" text-anchor="middle">{}</text>', description)
    else:
        body = mark_safe(  # noqa: S308 - joined from parts that escape
            "".join((*grid(frame), *_lines(frame, lines), *labels(frame, language), *times(frame, language, time_zone)))
        )
    return format_html(
        '<svg class="chart{4}" role="img" aria-labelledby="{0}-title {0}-desc" focusable="false">'
        '<title id="{0}-title">{1}</title><desc id="{0}-desc">{2}</desc>{3}</svg>',
        mark,
        title,
        description,
        body,
        "" if frame else " chart--empty",
    )


def table_twin(
    series: Series | Sequence[Series],
    *,
    title: str,
    unit: str,
    language: str,
    time_zone: tzinfo = LJUBLJANA,
    rows: int = TABLE_ROWS,
) -> Table:
    """The same values as a table: every value where they are at most `rows`, else lowest, highest and last by span."""
    lines = [series] if isinstance(series, Series) else list(series)
    with override(language):
        many = any(len(each.points) > rows for each in lines) or len(lines) > 1
        columns = (Column(_("From")), *(Column(name, numeric=True) for name in _heads(lines, unit, many)))
        written = _spans(lines, rows, language, time_zone) if many else _points(lines, language, time_zone)
        return Table(caption=title, columns=columns, rows=tuple(written))


def _heads(lines: Sequence[Series], unit: str, many: bool) -> Iterator[str]:
    of_spans = (_("lowest"), _("highest"), _("last"))
    for each in lines:
        name = f"{each.title} ({unit})" if unit else each.title
        if many:
            yield from (f"{name}: {what}" for what in of_spans)
        else:
            yield name


def _points(lines: Sequence[Series], language: str, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    for each in lines:
        for point in each.points:
            yield time_in(point.at, language, "SHORT_DATETIME_FORMAT", zone=zone), _written(point.value, language)


def _spans(lines: Sequence[Series], rows: int, language: str, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    times = [point.at for each in lines for point in each.points]
    if not times:
        return
    since, until = min(times), max(times) + timedelta(microseconds=1)
    marks = [tick.at for tick in time_ticks(since, until, zone, most=rows - 1)]
    edges = [since, *(mark for mark in marks if mark > since), until]
    found = [summaries(each.points, edges) for each in lines]
    for place, edge in enumerate(edges[:-1]):
        cells = (_written(value, language) for each in found for value in _three(each[place]))
        yield time_in(edge, language, "SHORT_DATETIME_FORMAT", zone=zone), *cells


def _three(summary: Summary) -> tuple[float | None, ...]:
    return summary.lowest, summary.highest, summary.last


def _written(value: float | None, language: str) -> str:
    return _("no data") if value is None else number_in(value, language)


def _frame(lines: Iterable[Series], y_max: float | None) -> Frame | None:
    values = [value for each in lines for value in each.values()]
    if not values:
        return None
    times = [point.at for each in lines for point in each.points]
    since, until = min(times), max(times)
    if since == until:
        since, until = since - timedelta(minutes=30), until + timedelta(minutes=30)
    return Frame(since=since, until=until, values=value_ticks(min(0.0, *values), max(*values, y_max or 0.0, 0.0)))


def _description(lines: Sequence[Series], unit: str, language: str, zone: tzinfo) -> str:
    with override(language):
        said = [text for each in lines if (text := _said(each, unit, language, zone))]
        return " ".join(said) or _("There is no data for this time.")


def _said(series: Series, unit: str, language: str, zone: tzinfo) -> str:
    known = [point for point in series.points if point.value is not None]
    if not known:
        return ""
    values = [point.value for point in known if point.value is not None]
    return _("%(name)s from %(since)s to %(until)s: lowest %(low)s, highest %(high)s, last %(last)s.") % {
        "name": f"{series.title} ({unit})" if unit else series.title,
        "since": time_in(series.points[0].at, language, "SHORT_DATETIME_FORMAT", zone=zone),
        "until": time_in(series.points[-1].at, language, "SHORT_DATETIME_FORMAT", zone=zone),
        "low": number_in(min(values), language),
        "high": number_in(max(values), language),
        "last": number_in(values[-1], language),
    }


def grid(frame: Frame) -> Iterator[str]:
    for value in frame.values:
        place = short(frame.y(value))
        kind = "chart__base" if value == frame.values[0] else "chart__grid"
        yield format_html('<line class="{}" x1="0" x2="100%" y1="{}%" y2="{}%"/>', kind, place, place)


def labels(frame: Frame, language: str) -> Iterator[str]:
    """Written above their line and over the values, so that the drawing takes the whole width."""
    for value in frame.values[1:]:
        place = short(frame.y(value))
        yield format_html('<text x="0" y="{}%" dy="-0.3em">{}</text>', place, number_in(value, language))


def times(frame: Frame, language: str, zone: tzinfo) -> Iterator[str]:
    for place, tick in enumerate(time_ticks(frame.since, frame.until, zone)):
        x = frame.x(tick.at)
        anchor = "start" if x < 4 else "end" if x > 96 else "middle"
        yield format_html(
            '<g class="{}"><line class="chart__base" x1="{}%" x2="{}%" y1="{}%" y2="{}%"/>'
            '<text x="{}%" y="100%" dy="-0.2em" text-anchor="{}">{}</text></g>',
            "chart__second" if place % 2 else "chart__tick",
            short(x),
            short(x),
            short(BOTTOM),
            short(BOTTOM + 2),
            short(x),
            anchor,
            time_in(tick.at, language, _FORMS[tick.form], zone=zone),
        )


def _lines(frame: Frame, lines: Sequence[Series]) -> Iterator[str]:
    """The lines in a drawing of their own that stretches, so that their places need no percent signs."""
    paths: list[tuple[str, str]] = []
    dots: list[tuple[int, Point]] = []
    for number, each in enumerate(lines, start=1):
        kept = thinned(each.points, COLUMNS)
        if len(lines) == 1:
            paths.append(("chart__area", _areas(frame, kept)))
        paths.append((f"chart__line chart__line--{number}", steps(frame, kept)))
        dots.extend((number, point) for point in _alone(kept, frame))
    yield format_html(
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">{}</svg>',
        format_html_join("", '<path class="{}" d="{}"/>', ((kind, way) for kind, way in paths if way)),
    )
    yield format_html_join(
        "",
        '<circle class="chart__dot chart__dot--{}" cx="{}%" cy="{}%" r="4"/>',
        ((number, short(frame.x(p.at)), short(frame.y(p.value or 0.0))) for number, p in dots),
    )


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Stretches without a gap. A stretch ends with the point at which nothing is known, bearing its last value."""
    run: list[Point] = []
    for point in points:
        if point.value is not None:
            run.append(point)
        elif run:
            yield [*run, Point(point.at, run[-1].value)]
            run = []
    if run:
        yield run


def steps(frame: Frame, points: Sequence[Point]) -> str:
    return "".join(_way(frame, run) for run in _runs(points))


def _way(frame: Frame, run: Sequence[Point]) -> str:
    first, *rest = run
    way = f"M{short(frame.x(first.at))} {short(frame.y(first.value or 0.0))}"
    return way + "".join(f"H{short(frame.x(p.at))}V{short(frame.y(p.value or 0.0))}" for p in rest)


def _areas(frame: Frame, points: Sequence[Point]) -> str:
    ground = short(frame.y(max(0.0, frame.values[0])))
    return "".join(f"{_way(frame, run)}V{ground}H{short(frame.x(run[0].at))}Z" for run in _runs(points) if len(run) > 1)


def _alone(points: Sequence[Point], frame: Frame) -> Iterator[Point]:
    """Points that a line cannot show: a stretch of one, or all at one place."""
    for run in _runs(points):
        if short(frame.x(run[0].at)) == short(frame.x(run[-1].at)):
            yield run[-1]


def short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
