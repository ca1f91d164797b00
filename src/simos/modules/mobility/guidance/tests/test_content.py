"""What a panel is to show is true, fits, does not flicker, and is blank where nothing is known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.geo import Point
from simos.modules.mobility.guidance.formats.dots import DOTS
from simos.modules.mobility.guidance.rules.content import (
    Said,
    Sources,
    Standing,
    again_at,
    full_at,
    minutes_to,
    said_of,
    wanted_of,
)
from simos.modules.mobility.guidance.rules.words import SHOWABLE, WORDS, Word, number_for, short_name, word_for
from simos.modules.mobility.guidance.tests.made_up import HERE, MINUTE, NOW, PANEL, known
from simos.modules.mobility.guidance.values import Arrow, Known, Line, Override, PanelFacts, Wanted

LIMIT = timedelta(minutes=PANEL.limit)

counts = st.one_of(st.none(), st.integers(-5, 1500))
capacities = st.one_of(st.none(), st.integers(1, 1200))
ages = st.floats(-5, 60)


@st.composite
def facilities(draw: st.DrawFn, code: str = "x") -> Known:
    near = Point(draw(st.floats(15.2, 15.3)), draw(st.floats(46.2, 46.3)))
    name = draw(st.text("abčšž 1", max_size=20))
    return known(
        code, draw(counts), draw(capacities), draw(ages), closed=draw(st.booleans()), place=near, name=f"Garaža {name}"
    )


@st.composite
def worlds(draw: st.DrawFn) -> Sources:
    glazija, dvor, lava = (draw(facilities(code)) for code in ("glazija", "dvor", "lava"))
    return {"glazija": (glazija,), "dvor": (dvor,), "lava": (lava,), "group:center": (glazija, dvor)}


panels = st.builds(
    lambda characters, languages, limit: replace(PANEL, characters=characters, languages=languages, limit=limit),
    st.integers(3, 20),
    st.sampled_from([("sl",), ("sl", "it"), ("it", "sl", "en")]),
    st.integers(1, 60),
)
fulls = st.frozensets(st.integers(0, 2))


def show(panel: PanelFacts, sources: Sources, **more: object) -> Wanted:
    return wanted_of(panel, sources, NOW, **{"by_hand": None, **more})  # type: ignore[arg-type]


def numbers_in(wanted: Wanted) -> list[int]:
    return [int(part) for page in wanted.pages for text in page for part in text.split() if part.isdigit()]


@given(panels, worlds(), fulls)
def test_every_text_fits_and_can_be_shown(panel: PanelFacts, sources: Sources, full: frozenset[int]) -> None:
    wanted = show(panel, sources, full=full)
    assert wanted.pages
    for page in wanted.pages:
        assert len(page) == len(panel.lines)
        for text in page:
            assert len(text) <= panel.characters
            assert set(text) <= SHOWABLE


@given(panels, worlds(), fulls)
def test_no_number_is_above_what_is_free_or_built(panel: PanelFacts, sources: Sources, full: frozenset[int]) -> None:
    fresh = [
        each
        for name in ("glazija", "dvor", "lava")
        for each in sources[name]
        if each.observed_at and each.observed_at >= NOW - panel.limit * MINUTE and not each.closed
    ]
    most = sum(min(max(0, each.free or 0), each.capacity or 10**6) for each in fresh)
    for page in show(panel, sources, full=full).pages:
        for number, line in enumerate(panel.lines):
            if page[number].isdigit() and not line.advice:
                assert int(page[number]) <= most


@given(panels, worlds(), fulls)
def test_nothing_is_said_of_what_is_older_than_the_limit(
    panel: PanelFacts, sources: Sources, full: frozenset[int]
) -> None:
    def aged(each: Known) -> Known:
        return replace(each, closed=False, observed_at=NOW - panel.limit * MINUTE - timedelta(seconds=1))

    old = {name: tuple(map(aged, served)) for name, served in sources.items()}
    assert show(panel, old, full=full).pages == (("", "", ""),)


@given(st.integers(1, 2000), st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_full_does_not_flicker(capacity: int, walk: list[int]) -> None:
    """Between the two edges it says what it said before."""
    was_full = False
    for free in walk:
        said = said_of([known("x", free, capacity)], NOW, LIMIT, was_full=was_full)
        is_full = said.standing is Standing.FULL
        if min(free, capacity) <= full_at(capacity):
            assert is_full
        elif min(free, capacity) >= again_at(capacity):
            assert not is_full
        else:
            assert is_full == was_full
        was_full = is_full


@given(worlds(), fulls, st.lists(st.text("ab čž1", max_size=12), max_size=4), st.integers(1, 600))
def test_what_an_officer_wrote_wins_until_its_end(
    sources: Sources, full: frozenset[int], texts: list[str], seconds: int
) -> None:
    ahead = timedelta(seconds=seconds)
    override = Override(lines=tuple(texts), until=NOW + ahead, reason="sejem")
    wanted = show(PANEL, sources, full=full, by_hand=override)
    assert wanted.by_hand
    (page,) = wanted.pages
    for number, text in enumerate(page):
        assert text == (texts[number].upper()[: PANEL.characters] if number < len(texts) else "")
    after = wanted_of(PANEL, sources, NOW + ahead, full=wanted.full, by_hand=override)
    assert not after.by_hand
    assert after == wanted_of(PANEL, sources, NOW + ahead, full=wanted.full, by_hand=None)


@given(panels, worlds(), fulls)
def test_said_again_it_is_the_same(panel: PanelFacts, sources: Sources, full: frozenset[int]) -> None:
    once = show(panel, sources, full=full)
    assert show(panel, sources, full=once.full) == once


@given(worlds())
def test_advice_is_given_only_when_something_is_full_or_closed(sources: Sources) -> None:
    page = show(PANEL, sources).pages[0]
    if page[2]:
        assert {"POLNO", "ZAPRTO"} & set(page[:2])


def world(**free: Known) -> Sources:
    facilities = {code: (each,) for code, each in free.items()}
    return {**facilities, "group:center": tuple(free[code] for code in ("glazija", "dvor") if code in free)}


def test_an_ordinary_moment() -> None:
    sources = world(glazija=known("glazija", 112, 320), dvor=known("dvor", 30), lava=known("lava", 50))
    assert show(PANEL, sources).pages == (("112", "142", ""),)


def test_when_full_the_nearest_with_room_is_named() -> None:
    sources = world(
        glazija=known("glazija", 0, place=HERE),
        dvor=known("dvor", 40, place=Point(15.28, 46.25)),
        lava=known("lava", 7, place=Point(15.266, 46.231)),
    )
    assert show(PANEL, sources).pages == (("POLNO", "40", "LAVA 7"),)


def test_a_garage_that_closes() -> None:
    closed = known("glazija", 80, closed=True)
    sources = world(glazija=closed, dvor=known("dvor", 40), lava=known("lava", 50, place=HERE))
    assert show(PANEL, sources).pages == (("ZAPRTO", "40", "LAVA 50"),)
    both = world(glazija=closed, dvor=known("dvor", 40, closed=True), lava=known("lava", 50))
    assert show(PANEL, both).pages == (("ZAPRTO", "ZAPRTO", "LAVA 50"),)


def test_of_a_group_with_a_stale_part_full_is_never_said() -> None:
    assert said_of([known("a", 0), known("b", 60, age=20)], NOW, LIMIT, was_full=False) == Said(Standing.BLANK)
    assert said_of([known("a", 50), known("b", 60, age=20)], NOW, LIMIT, was_full=False) == Said(Standing.COUNT, 50)


def test_koper_reads_in_two_languages_in_turn() -> None:
    panel = replace(PANEL, languages=("sl", "it"))
    sources = world(glazija=known("glazija", 0), dvor=known("dvor", 40, closed=True))
    assert show(panel, sources).pages == (("POLNO", "POLNO", ""), ("COMPLETO", "COMPLETO", ""))
    assert show(panel, world(glazija=known("glazija", 50), dvor=known("dvor", 9))).pages == (("50", "59", ""),)


def test_what_no_source_knows_is_blank() -> None:
    assert show(PANEL, {}).pages == (("", "", ""),)


@pytest.mark.parametrize(("free", "characters", "shown"), [(7, 3, "7"), (1204, 4, "1204"), (1204, 3, "999")])
def test_a_number_too_long_for_the_display_says_at_least(free: int, characters: int, shown: str) -> None:
    assert number_for(free, characters) == shown


@pytest.mark.parametrize(
    ("name", "characters", "shown"),
    [
        ("Parkirišče Glazija", 8, "GLAZIJA"),
        ("Garaža Knežji dvor", 8, "KNEŽJI D"),
        ("Parkirišče Železniška postaja", 20, "ŽELEZNIŠKA POSTAJA"),
        ("Lava", 0, ""),
    ],
)
def test_names_are_cut_to_what_tells_them_apart(name: str, characters: int, shown: str) -> None:
    assert short_name(name, characters) == shown


def test_every_word_fits_the_smallest_display_and_every_display_has_its_letters() -> None:
    assert set(DOTS) | {" "} == SHOWABLE
    assert all(len(rows) == 7 and max(rows) < 32 for rows in DOTS.values())
    for word in Word:
        for language in WORDS[word]:
            for characters in range(3, 20):
                if word is not Word.FREE:
                    assert len(word_for(word, language, characters)) <= characters
                assert set(word_for(word, language, characters)) <= SHOWABLE


def test_driving_takes_time() -> None:
    assert 2 < minutes_to(HERE, Point(15.2650, 46.2400)) < 5
    assert minutes_to(None, HERE) == float("inf")


def test_lines_of_a_panel_with_an_arrow_each() -> None:
    panel = replace(PANEL, lines=(Line(arrow=Arrow.LEFT, label="A", serves=("a", "b")),))
    assert show(panel, {"a": (known("a", 5),), "b": (known("b", 6),)}).pages == (("11",),)
