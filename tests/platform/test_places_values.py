"""Parcel keys, and what a search text may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.geo import Point
from simos.platform.places.rules import Asked, asked_in, city_named, words_of
from simos.platform.places.values import ParcelKey

numbers = st.integers(1, 99_999)


@given(st.integers(1, 9999), numbers, st.none() | numbers, st.booleans())
def test_a_parcel_key_is_read_as_it_is_written(municipality, number, part, building):
    key = ParcelKey(municipality, number, part, building)
    assert ParcelKey.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1077-245/3", ParcelKey(1077, 245, 3)),
        (" 0077 - 245 ", ParcelKey(77, 245)),
        ("1077 *12/1", ParcelKey(1077, 12, 1, building=True)),
    ],
)
def test_the_usual_ways_to_write_a_parcel(text, key):
    assert ParcelKey.parse(text) == key


@pytest.mark.parametrize("text", ["", "245/3", "1077-", "1077-245/", "1077-245/3/1", "0-245", "1077-0", "1077-245/0"])
def test_what_is_no_parcel_is_refused(text):
    with pytest.raises(ValueError, match=r"parcel|cadastral"):
        ParcelKey.parse(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Prešernova 12, Celje", Asked(("presernova", "celje"), 12)),
        ("Prešernova ulica 12 A 3000 Celje", Asked(("presernova", "ulica", "celje"), 12, "a", "3000")),
        ("Ulica 25. maja 4a", Asked(("ulica", "25", "maja"), 4, "a")),
        ("Vrh 7", Asked(("vrh",), 7)),
    ],
)
def test_a_number_after_a_word_may_be_a_house(text, address):
    assert asked_in(text)[0] == address
    assert len(asked_in(text)) == 2


@pytest.mark.parametrize("text", ["Celje", "3000 Celje", "25 maja"])
def test_without_one_it_is_a_name(text):
    assert [asked.number for asked in asked_in(text)] == [None]


def test_nothing_means_nothing():
    assert asked_in(" -/. ") == ()


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for(text):
    assert all(asked.words for asked in asked_in(text))


def test_words_of_both_names():
    assert words_of("Dolnji Lakoš", "Alsólakos") == {"dolnji", "lakos", "alsolakos"}


def test_a_namesake_far_away_is_not_our_city():
    celje, here = ("celje", "Celje", Point(15.2637, 46.2301)), Point(15.27, 46.24)
    assert city_named("CELJE", here, [celje]) == "celje"
    assert city_named("Celje", Point(13.7, 45.5), [celje]) == ""
    assert city_named("Celje", None, [celje]) == ""
    assert city_named("Žalec", here, [celje]) == ""
