"""What is looked for, and what is shown of it; and both databases' full text against plain words."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.text import LANGUAGES, folded
from simos.platform.search.matching import Matches
from simos.platform.search.models import Entry
from simos.platform.search.rules import extract_of, fallback_for, indexed, stem_of, wanted_in

AT = datetime(2026, 3, 1, tzinfo=UTC)
DECLINED = [
    "garaža garaže garaži garažo",
    "občina občine občini občino občin",
    "parkirišče parkirišča parkirišču parkiriščih",
    "knjižnica knjižnice knjižnici knjižnicah",
    "mesto mesta mestu",
    "subvencija subvencije subvencij",
]


@pytest.mark.parametrize("forms", DECLINED)
def test_a_nouns_forms_find_one_another(forms):
    words = folded(forms).split()
    assert [word for asked in words for word in words if not word.startswith(stem_of(asked))] == []


@given(st.text(alphabet="abcčšž0123456789", min_size=1))
def test_a_stem_begins_its_word_and_numbers_and_short_words_stay_whole(word):
    stem = stem_of(word)
    assert stem
    assert word.startswith(stem)
    assert len(word) - len(stem) <= 2
    assert stem == word or (word.isalpha() and len(word) >= 5)


@given(st.text())
def test_what_is_looked_for_is_words_or_nothing(text):
    wanted = wanted_in(text)
    if wanted is None:
        assert indexed(text) == ""
    else:
        assert 1 <= len(wanted.typed) == len(wanted.stems) <= 8
        assert set(wanted.typed) <= set(indexed(text).split())


@given(st.text(), st.text(alphabet="abč ", min_size=1))
def test_an_extract_is_short_and_of_the_text(body, asked):
    wanted = wanted_in(asked)
    if wanted is not None:
        extract = extract_of(body, wanted).removeprefix("… ").removesuffix(" …")
        assert extract in " ".join(body.split())
        assert len(extract) <= 201


@given(st.sets(st.sampled_from(LANGUAGES), min_size=1))
def test_each_language_of_the_platform_is_served_once_and_by_one_that_is_there(languages):
    shown = fallback_for(languages)
    assert set(shown) == set(LANGUAGES)
    assert set(shown.values()) <= languages
    assert all(shown[each] == each for each in languages)


LETTERS = "abcčdeëghőšžđ19ЖяΣαß"


@pytest.mark.django_db
def test_the_full_text_answers_as_plain_words_do():
    """Every word of a query begins a word of the text: the same on FTS5, on tsvector, and by hand."""
    chance = random.Random(7)

    def words(most):
        return [
            "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(0, most))
        ]

    texts = [(indexed(" ".join(words(3)) or "x"), indexed(" ".join(words(12)))) for _ in range(300)]
    fields = {"kind": "x", "scope": "federation", "module": "x", "serves": " sl ", "address": "/", "at": AT}
    Entry.objects.bulk_create(
        Entry(document=str(i), language="sl", title="x", folded_title=title, folded_body=body, **fields)
        for i, (title, body) in enumerate(texts)
    )
    found_any = 0
    for _ in range(150):
        wanted = wanted_in(" ".join(words(2)))
        if wanted is None:
            continue
        for in_title in (True, False):
            found = set(
                Entry.objects.filter(Matches(wanted.typed, in_title=in_title)).values_list("document", flat=True)
            )
            right = {
                str(i)
                for i, (title, body) in enumerate(texts)
                if all(
                    any(word.startswith(asked) for word in (title if in_title else f"{title} {body}").split())
                    for asked in wanted.typed
                )
            }
            assert found == right, wanted
            found_any += len(found)
    assert found_any > 100


@pytest.mark.django_db
def test_the_full_text_follows_changes_by_whatever_way_they_come():
    fields = {
        "kind": "x",
        "scope": "federation",
        "module": "x",
        "serves": " sl ",
        "address": "/",
        "at": AT,
        "title": "x",
    }
    for name in ("a", "b"):
        Entry.objects.create(document=name, language="sl", folded_title=name, folded_body="zapora", **fields)
    Entry.objects.filter(document="a").update(folded_body="prireditev")
    assert [each.document for each in Entry.objects.filter(Matches(("zapora",)))] == ["b"]
    assert [each.document for each in Entry.objects.filter(Matches(("prireditev",)))] == ["a"]
    Entry.objects.all().delete()
    Entry.objects.create(document="c", language="sl", folded_title="c", folded_body="", **fields)
    assert [each.document for each in Entry.objects.filter(Matches(("c",)))] == ["c"]
    assert not Entry.objects.filter(Matches(("b",))).exists()
