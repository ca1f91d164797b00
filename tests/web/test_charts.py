"""Charts keep what they are given: no value outside the frame, no extreme lost, no gap drawn over."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.web.charts import BOTTOM, COLUMNS, TOP, chart_of, line_chart, table_twin
from simos.web.series import Point, Series, summaries, thinned, with_gaps
from simos.web.ticks import time_ticks, value_ticks

ZONE = ZoneInfo("Europe/Ljubljana")
NOON = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"

values = st.one_of(st.none(), st.integers(-50, 5000), st.floats(-1e6, 1e6, allow_nan=False))
steps = st.integers(0, 90_000)


@st.composite
def points(draw: st.DrawFn, most: int = 60) -> tuple[Point, ...]:
    at, found = NOON, []
    for step, value in draw(st.lists(st.tuples(steps, values), max_size=most)):
        at += timedelta(seconds=step)
        found.append(Point(at, value))
    return tuple(found)


def drawn(points: tuple[Point, ...], **more: object) -> ElementTree.Element:
    svg = line_chart(Series("Prosta mesta", points), title="Danes", unit="mest", language="sl", **more)
    return ElementTree.fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


def places(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Every corner of the lines, in percent."""
    found = []
    for path in root.iter(f"{SVG}path"):
        x = y = 0.0
        for letter, numbers in re.findall(r"([MHVZ])([-\d. ]*)", path.get("d", "")):
            if letter == "M":
                x, y = map(float, numbers.split())
            elif letter == "H":
                x = float(numbers)
            elif letter == "V":
                y = float(numbers)
            found.append((x, y))
    return found


@given(points())
def test_every_chart_is_whole_xml_that_says_in_words_what_it_shows(given_points: tuple[Point, ...]) -> None:
    root = drawn(given_points)
    assert root.get("role") == "img"
    named = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(root.get("aria-labelledby", "").split()) == named
    assert root.findtext(f"{SVG}desc")
    assert all("style" not in element.attrib for element in root.iter())


@given(points())
def test_nothing_is_drawn_outside_the_frame(given_points: tuple[Point, ...]) -> None:
    for x, y in places(drawn(given_points)):
        assert -0.01 <= x <= 100.01
        assert TOP - 0.01 <= y <= BOTTOM + 0.01


@given(points(), st.floats(1, 1e6))
def test_the_axis_reaches_what_is_asked(given_points: tuple[Point, ...], y_max: float) -> None:
    root = drawn((*given_points, Point(NOON + timedelta(days=90), 0.5)), y_max=y_max)
    assert all(y >= TOP - 0.01 for _, y in places(root))


def test_a_value_holds_until_the_next_and_a_none_leaves_a_gap() -> None:
    hour = timedelta(hours=1)
    root = drawn(
        (
            Point(NOON, 10),
            Point(NOON + hour, 20),
            Point(NOON + 2 * hour, None),
            Point(NOON + 3 * hour, 20),
            Point(NOON + 4 * hour, 0),
        )
    )
    (line,) = [path for path in root.iter(f"{SVG}path") if "chart__line" in path.get("class", "")]
    assert line.get("d") == "M0 47H25V6H50V6M75 6H100V88"


@pytest.mark.parametrize("value", [0, 7, -3, 0.25])
def test_a_single_point_and_a_constant_are_seen(value: float) -> None:
    alone = drawn((Point(NOON, value),))
    assert len(list(alone.iter(f"{SVG}circle"))) == 1
    constant = drawn((Point(NOON, value), Point(NOON + timedelta(hours=1), value)))
    assert len({y for x, y in places(constant) if x == 100}) >= 1


def test_nothing_known_is_said() -> None:
    for none in ((), (Point(NOON, None),)):
        assert drawn(none).findtext(f"{SVG}text") == "Za ta čas ni podatkov."
    assert table_twin(Series("x", ()), title="x", unit="", language="sl").rows == ()


def test_words_in_a_title_cannot_become_markup() -> None:
    series = Series('<script>&"', (Point(NOON, 1),))
    chart = chart_of([series, series], title="<b>", unit="<i>", language="en")
    assert not re.search(r"<(script|b|i)>", chart.svg)


def test_a_fifth_line_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        line_chart([Series("x", ())] * 5, title="x", unit="", language="sl")


@given(points(most=200), st.integers(1, 20))
def test_thinning_keeps_order_ends_extremes_and_gaps(given_points: tuple[Point, ...], columns: int) -> None:
    kept = thinned(given_points, columns)
    assert len(kept) <= 5 * columns
    rest = iter(given_points)
    assert all(point in rest for point in kept)
    if given_points:
        assert (kept[0], kept[-1]) == (given_points[0], given_points[-1])
    known = [point.value for point in given_points if point.value is not None]
    shown = [point.value for point in kept if point.value is not None]
    assert (min(known, default=None), max(known, default=None)) == (min(shown, default=None), max(shown, default=None))
    assert any(point.value is None for point in given_points) == any(point.value is None for point in kept)


def test_a_year_of_counts_becomes_a_small_drawing_that_keeps_its_one_peak() -> None:
    year = [Point(NOON + timedelta(minutes=10 * n), float(n % 40)) for n in range(52_560)]
    year[31_234] = Point(year[31_234].at, 999.0)
    svg = line_chart(Series("x", tuple(year)), title="x", unit="", language="sl")
    assert len(svg) < 40 * 5 * COLUMNS
    assert f"V{BOTTOM - (BOTTOM - TOP) * 0.999:.2f}".rstrip("0") in svg


@given(points(), st.integers(1, 100_000))
def test_silence_ends_what_is_known_and_changes_nothing_else(given_points: tuple[Point, ...], seconds: int) -> None:
    silent_after = timedelta(seconds=seconds)
    filled = with_gaps(given_points, silent_after)
    put_in = [point for point in filled if point not in given_points]
    assert [point for point in filled if point not in put_in] == list(given_points)
    for before, after in pairwise(filled):
        assert before.value is None or after.at - before.at <= silent_after
    Series("still in order", filled)


def test_a_series_that_goes_back_or_has_no_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="comes after"):
        Series("x", (Point(NOON, 1), Point(NOON - timedelta(1), 1)))
    with pytest.raises(ValueError, match="time zone"):
        Series("x", (Point(NOON.replace(tzinfo=None), 1),))


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_value_marks_are_round_few_and_enclose(lowest: float, span: float) -> None:
    marks = value_ticks(lowest, lowest + span)
    assert 2 <= len(marks) <= 8
    assert list(marks) == sorted(set(marks))
    slack = 1e-6 * max(1.0, abs(lowest), span)
    assert marks[0] <= lowest + slack
    assert marks[-1] >= lowest + span - slack


def test_counts_get_whole_marks() -> None:
    assert value_ticks(0, 240) == (0, 50, 100, 150, 200, 250)
    assert value_ticks(0, 3) == (0, 1, 2, 3)
    assert value_ticks(0, 0.3) == (0, 0.1, 0.2, 0.3)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(2, 12))
def test_time_marks_are_few_in_order_and_inside(start: int, seconds: int, most: int) -> None:
    since = NOON - timedelta(seconds=start)
    until = since + timedelta(seconds=seconds)
    marks = [tick.at for tick in time_ticks(since, until, ZONE, most=most)]
    assert len(marks) <= most + 1
    assert marks == sorted(set(marks))
    assert all(since <= mark <= until for mark in marks)


@pytest.mark.parametrize(
    ("since", "hours", "shown"),
    [
        ("2025-09-01T22:00", 24, "00 03 06 09 12 15 18 21 00"),
        ("2025-03-29T23:00", 11, "00 04 06 08 10 12"),  # the night without 02:00
        ("2025-10-25T22:00", 13, "00 02 04 06 08 10 12"),  # the night with two
    ],
)
def test_marks_stand_at_local_hours_on_days_when_the_clock_changes(since: str, hours: int, shown: str) -> None:
    start = datetime.fromisoformat(since).replace(tzinfo=UTC)
    marks = time_ticks(start, start + timedelta(hours=hours), ZONE, most=9)
    assert " ".join(f"{mark.at.astimezone(ZONE):%H}" for mark in marks) == shown


def test_a_table_has_every_value_of_a_short_series() -> None:
    series = Series("Prosta mesta", (Point(NOON, 1234), Point(NOON + timedelta(hours=1), None)))
    table = table_twin(series, title="Danes", unit="mest", language="sl")
    assert [column.title for column in table.columns] == ["Od", "Prosta mesta (mest)"]
    assert list(table.rows) == [("1. 9. 2025, 14:00", "1.234"), ("1. 9. 2025, 15:00", "ni podatka")]


@given(points(most=300))
def test_a_table_of_a_long_series_keeps_the_extremes(given_points: tuple[Point, ...]) -> None:
    edges = [NOON - timedelta(days=1), NOON, NOON + timedelta(days=3), NOON + timedelta(days=900)]
    found = summaries(given_points, edges)
    known = [point.value for point in given_points if point.value is not None]
    lows = [each.lowest for each in found if each.lowest is not None]
    highs = [each.highest for each in found if each.highest is not None]
    assert (min(known, default=None), max(known, default=None)) == (min(lows, default=None), max(highs, default=None))


def test_a_held_value_counts_in_the_span_in_which_nothing_was_said() -> None:
    hour = timedelta(hours=1)
    quiet = summaries((Point(NOON, 5),), [NOON, NOON + hour, NOON + 2 * hour])
    assert [(each.lowest, each.last) for each in quiet] == [(5, 5), (5, 5)]


def test_a_long_table_stays_short_and_complete_in_each_language() -> None:
    week = Series("Glazija", tuple(Point(NOON + timedelta(minutes=5 * n), float(n % 200)) for n in range(2016)))
    table = table_twin(week, title="Teden", unit="spaces", language="en")
    assert [column.title for column in table.columns][1:] == [
        "Glazija (spaces): lowest",
        "Glazija (spaces): highest",
        "Glazija (spaces): last",
    ]
    assert 10 <= len(table.rows) <= 48
    assert all(len(row) == 4 for row in table.rows)
