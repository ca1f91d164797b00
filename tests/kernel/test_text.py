"""Words in several languages, and which are shown when some are missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.text import LANGUAGES, Text, folded

words = st.text(min_size=1).filter(str.strip)


@given(
    sl=words, en=words, it=st.just("") | words, hu=st.just("") | words, language=st.text() | st.sampled_from(LANGUAGES)
)
def test_no_language_ever_shows_nothing(sl: str, en: str, it: str, hu: str, language: str) -> None:
    assert Text(sl=sl, en=en, it=it, hu=hu).in_(language).strip()


@given(sl=words, en=words, it=words)
def test_what_is_given_is_shown(sl: str, en: str, it: str) -> None:
    text = Text(sl=sl, en=en, it=it)
    assert [text.in_(language) for language in ("sl", "en", "it")] == [sl, en, it]


def test_a_region_is_ignored_and_english_stands_in() -> None:
    text = Text(sl="Parkiranje", en="Parking", it="Parcheggio")
    assert text.in_("it-CH") == "Parcheggio"
    assert text.in_("SL") == "Parkiranje"
    assert text.in_("hu") == "Parking"
    assert list(text.languages()) == ["sl", "en", "it"]


@pytest.mark.parametrize("missing", ["sl", "en"])
def test_slovenian_and_english_are_owed(missing: str) -> None:
    with pytest.raises(ValueError, match=f"'{missing}'"):
        Text(**({"sl": "Mesto", "en": "City"} | {missing: "  "}))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Šmarješke  Toplice", "smarjeske toplice"),
        ("ČĆŽĐ", "cczd"),
        ("Felsőlakos, Hódos", "felsolakos hodos"),
        ("Cesta 14. divizije 12/a", "cesta 14 divizije 12 a"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folded_text_has_no_marks_and_no_case(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
