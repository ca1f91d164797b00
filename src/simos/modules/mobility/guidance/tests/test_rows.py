"""What officers write of panels, in a form or a file, is read as they mean it, or told cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.errors import Invalid
from simos.kernel.geo import Point
from simos.modules.mobility.guidance.rules.lines import lines_of, text_of, unknown_in
from simos.modules.mobility.guidance.rules.rows import COLUMNS, check_header, facts_of, row_of
from simos.modules.mobility.guidance.tests.made_up import PANEL
from simos.modules.mobility.guidance.values import Arrow, Colour, Kind, Line, PanelFacts

codes = st.from_regex(r"(group:)?[a-z][a-z0-9-]{0,10}", fullmatch=True)
labels = st.text("ABČŠŽ 0-.", max_size=20).map(lambda text: " ".join(text.split()))


def a_line(arrow: Arrow, label: str, serves: list[str], advice: bool) -> Line:
    return Line(arrow=Arrow.NONE if advice else arrow, label=label, serves=tuple(serves), advice=advice)


written = st.lists(
    st.builds(
        a_line,
        st.sampled_from(Arrow),
        labels,
        st.lists(codes, min_size=1, max_size=4, unique=True),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
).map(tuple)
panels = st.builds(
    PanelFacts,
    code=st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True),
    name=labels.filter(bool),
    kind=st.sampled_from(Kind),
    place=st.one_of(st.none(), st.builds(Point, st.floats(13, 16), st.floats(45, 47))),
    street=labels,
    facing=st.one_of(st.none(), st.integers(0, 359)),
    lines=written,
    characters=st.integers(3, 40),
    colour=st.sampled_from(Colour),
    languages=st.sampled_from([("sl",), ("sl", "it")]),
    limit=st.integers(1, 360),
)


@given(written)
def test_lines_are_read_back_as_they_were(lines: tuple[Line, ...]) -> None:
    assert lines_of(text_of(lines)) == lines


@given(panels)
def test_a_row_is_read_back_as_it_was(facts: PanelFacts) -> None:
    row = row_of(facts)
    assert tuple(row) == COLUMNS
    assert facts_of(row, 2).facts == facts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one line"),
        ("left GLAZIJA", "a line is"),
        ("up: GLAZIJA = glazija", "not up"),
        ("left: GLAZIJA = ", "a line is"),
        ("left: GLAZIJA = gla zija", "no code"),
        ("left: GLAZIJA = ,", "name 1 to"),
        ("left: " + "A" * 41 + " = a", "at most 40"),
        ("left: A = a\n" * 13, "at most 12 lines"),
    ],
)
def test_what_is_no_line_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lines_of(text)


def test_every_wrong_cell_of_a_row_is_told() -> None:
    row = {
        **row_of(PANEL),
        "code": "P 1",
        "kind": "big",
        "latitude": "46,23",
        "longitude": "",
        "facing": "400",
        "characters": "2",
        "colour": "blue",
        "languages": "sl xx",
        "limit": "0",
        "lines": "left",
    }
    found = facts_of(row, 7)
    assert found.facts is None
    assert {each.field for each in found.errors} == {
        "code", "kind", "longitude", "facing", "characters", "colour", "languages", "limit", "lines",
    }  # fmt: skip
    assert {each.row for each in found.errors} == {7}


def test_a_row_with_what_is_needed_only() -> None:
    facts = facts_of({"Code": "P1", "NAME": "Lava", "lines": "left: LAVA = lava"}, 2).facts
    assert facts == PanelFacts(code="P1", name="Lava", lines=(Line(arrow=Arrow.LEFT, label="LAVA", serves=("lava",)),))


def test_a_file_without_a_needed_column_is_refused() -> None:
    check_header(["Code", "name", " lines "])
    with pytest.raises(Invalid, match="no column lines"):
        check_header(["code", "name"])


def test_what_a_line_names_and_is_not_there_is_found() -> None:
    assert unknown_in(PANEL.lines, {"glazija", "lava"}) == ("group:center", "dvor")
