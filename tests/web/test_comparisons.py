"""Bars, shades, shares and forecasts: places stay in the drawing, and the table says what the drawing says."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.web.comparisons import SHADES, Bars, HeatMap, bar_chart_of, shade_of, share, sparkline
from simos.web.forecasts import forecast_chart_of
from simos.web.series import Expected, Point, Series

AT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
NUMBERS = st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6, allow_nan=False).map(lambda n: round(n, 3)))
RECT = re.compile(r'<rect class="bar bar--(\d)" x="([\d.-]+)%" y="([\d.-]+)%" width="([\d.-]+)%" height="([\d.-]+)%"')


def chart(groups: list[Bars], names: list[str], *, stacked: bool = False) -> str:
    return bar_chart_of(names, groups, title="Zadeve", unit="", language="sl", stacked=stacked).svg


@given(st.integers(1, 8).flatmap(lambda n: st.lists(st.tuples(*[NUMBERS] * n), min_size=1, max_size=4)))
def test_every_bar_is_within_the_drawing(rows: list[tuple[float | None, ...]]) -> None:
    groups = [Bars(f"g{number}", row) for number, row in enumerate(rows)]
    svg = chart(groups, [str(place) for place in range(len(rows[0]))])
    bars = [tuple(map(float, each)) for each in RECT.findall(svg)]
    assert len(bars) == sum(value is not None for row in rows for value in row)
    for _, x, y, width, height in bars:
        assert x >= 0
        assert x + width <= 100.02
        assert y >= 5.9
        assert y + height <= 88.05


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1, max_size=6))
def test_stacked_bars_stand_on_each_other(rows: list[tuple[float, float]]) -> None:
    below, above = zip(*rows, strict=True)
    svg = chart([Bars("a", below), Bars("b", above)], [str(n) for n in range(len(rows))], stacked=True)
    bars = [tuple(map(float, each)) for each in RECT.findall(svg)]
    for lower, upper in zip(bars[::2], bars[1::2], strict=True):
        assert upper[2] + upper[4] == pytest.approx(lower[2], abs=0.03)


def test_groups_are_told_apart_without_colour_and_in_a_table() -> None:
    made = bar_chart_of(
        ["a", "b"], [Bars("2025", (1, None)), Bars("2026", (3, 1234))], title="T", unit="m", language="sl"
    )
    assert re.search(r'bar--2"[^>]*fill="url\(#bars-[0-9a-f]+-2\)"', made.svg)
    assert made.table.rows == (("a", "1", "3"), ("b", "ni podatka", "1.234"))
    assert "2026 (m): največ 1.234 (b), najmanj 3 (a)." in made.svg
    assert [name for _, name in made.named] == ["2025", "2026"]


@pytest.mark.parametrize("groups", [[], [Bars("x", (1,))] * 5, [Bars("x", (1, 2))]])
def test_what_cannot_be_drawn_is_refused(groups: list[Bars]) -> None:
    with pytest.raises(ValueError, match="bar chart"):
        chart(groups, ["a"])


def test_less_than_nothing_is_not_stacked() -> None:
    with pytest.raises(ValueError, match="stacked"):
        chart([Bars("x", (-1,))], ["a"], stacked=True)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_shades_rise_with_values(one: float, other: float, third: float) -> None:
    least, middle, most = sorted((one, other, third))
    assert 0 == shade_of(least, least, most) <= shade_of(middle, least, most) <= shade_of(most, least, most) <= SHADES


def test_a_row_of_a_heat_map_has_all_its_columns() -> None:
    with pytest.raises(ValueError, match="each column"):
        list(HeatMap(title="t", columns=("1", "2"), rows=(("pon", (1.0,)),)).lines())


@given(st.lists(NUMBERS, max_size=40))
def test_a_sparkline_says_where_it_begins_and_ends(values: list[float | None]) -> None:
    drawn = sparkline(values, title="<b>", language="sl")
    assert "<b>" not in drawn
    assert ("<path" in drawn) == any(value is not None for value in values)


def test_a_share_is_of_something() -> None:
    assert "72 %" in share(72, 100, title="Zasedeno", language="sl")
    with pytest.raises(ValueError, match="no share"):
        share(2, 1, title="x", language="sl")


def test_a_forecast_shows_its_band_and_says_it_in_a_table() -> None:
    expected = [Expected(AT + timedelta(hours=hour), 10 - hour, 10, 10 + hour) for hour in range(4)]
    made = forecast_chart_of(Series("Prosta", (Point(AT, 9),)), expected, title="T", unit="", language="sl")
    assert "chart__band" in made.svg
    assert made.table.rows[-1][1:] == ("10", "7", "13")
    assert "v 80 od 100 primerov med" in made.legend
    with pytest.raises(ValueError, match="in order"):
        forecast_chart_of(Series("x", ()), expected[::-1], title="T", unit="", language="sl")
    with pytest.raises(ValueError, match="not between"):
        Expected(AT, 2, 1, 3)
