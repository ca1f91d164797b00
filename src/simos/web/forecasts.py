"""A forecast as a chart: what was measured, what is expected, and the band in which it will be, with a table of it."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import pairwise
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from simos.web.charts import TABLE_ROWS, Chart, Frame, grid, labels, short, steps, times
from simos.web.formatting import LJUBLJANA, number_in, time_in
from simos.web.parts import Column, Table
from simos.web.series import Expected, Series
from simos.web.ticks import value_ticks


def forecast_chart_of(
    measured: Series,
    expected: Sequence[Expected],
    *,
    title: str,
    unit: str,
    language: str,
    chance: int = 80,
    y_max: float | None = None,
    time_zone: tzinfo = LJUBLJANA,
) -> Chart:
    """The measured line, then the expected one (dashed) in its band. `chance`: percent with which it is in the band.

    ValueError where nothing is expected, or not in order of time.
    """
    if not expected or any(after.at <= before.at for before, after in pairwise(expected)):
        raise ValueError("a forecast chart needs what is expected, in order of time")
    with override(language):
        names = (measured.title, _("Forecast"), _("in %(chance)s of 100 cases between") % {"chance": chance})
        said = _("Forecast until %(until)s: %(low)s to %(high)s.") % {
            "until": time_in(expected[-1].at, language, "SHORT_DATETIME_FORMAT", zone=time_zone),
            "low": number_in(min(each.low for each in expected), language),
            "high": number_in(max(each.high for each in expected), language),
        }
        heads = (_("Time"), _("Forecast"), _("At least"), _("At most"))
    values = [*measured.values(), *(value for each in expected for value in (each.low, each.high))]
    moments = [*(point.at for point in measured.points), expected[0].at, expected[-1].at]
    frame = Frame(
        since=min(moments), until=max(moments), values=value_ticks(min(0.0, *values), max(*values, y_max or 0.0))
    )
    mark = f"forecast-{crc32(repr((title, measured, expected)).encode()):08x}"
    svg = format_html(
        '<svg class="chart" role="img" aria-labelledby="{0}-title {0}-desc" focusable="false"><title id="{0}-title">{1}'
        '</title><desc id="{0}-desc">{2}</desc>{3}</svg>',
        mark,
        title,
        said,
        _drawn(frame, measured, expected, language, time_zone),
    )
    step = -(-len(expected) // TABLE_ROWS)
    rows = tuple(
        (
            time_in(each.at, language, "SHORT_DATETIME_FORMAT", zone=time_zone),
            *(number_in(value, language) for value in (each.middle, each.low, each.high)),
        )
        for each in expected[::step]
    )
    columns = (Column(heads[0]), *(Column(f"{head} ({unit})" if unit else head, numeric=True) for head in heads[1:]))
    band = SafeString('<rect class="chart__band" width="100%" height="100%"/>')
    return Chart(
        title=title,
        svg=svg,
        legend=names,
        swatches=(SafeString(), SafeString(), band),
        table=Table(caption=title, columns=columns, rows=rows),
    )


def _drawn(frame: Frame, measured: Series, expected: Sequence[Expected], language: str, zone: tzinfo) -> SafeString:
    there = [f"{short(frame.x(each.at))} {short(frame.y(each.high))}" for each in expected]
    back = [f"{short(frame.x(each.at))} {short(frame.y(each.low))}" for each in reversed(expected)]
    middle = [f"{short(frame.x(each.at))} {short(frame.y(each.middle))}" for each in expected]
    lines = format_html(
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%"><path class="chart__band" '
        'd="M{}Z"/><path class="chart__line chart__line--1" d="{}"/>'
        '<path class="chart__line chart__line--2" d="M{}"/></svg>',
        "L".join(there + back),
        steps(frame, measured.points),
        "L".join(middle),
    )
    return mark_safe("".join((*grid(frame), lines, *labels(frame, language), *times(frame, language, zone))))  # noqa: S308
