"""Identifiers: what a code looks like, and that nobody guesses a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.ids import CODE, KEBAB, MODULE_NAME, city_code, entity_id, new_id, new_secret


@given(st.from_regex(CODE, fullmatch=True).filter(lambda code: len(code) <= 64))
def test_a_code_is_taken_as_it_is(code: str) -> None:
    assert city_code(code) == code


@pytest.mark.parametrize(
    "wrong", ["", "Celje", "nova gorica", "nova--gorica", "-celje", "celje-", "9celje", "krško", "celje\n", "a" * 65]
)
def test_what_is_no_code_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match="nova-gorica"):
        city_code(wrong)


@pytest.mark.parametrize("name", ["grant-permit", "edit-facilities", "read-personal-data"])
def test_permissions_are_verb_noun(name: str) -> None:
    assert KEBAB.fullmatch(name)


@pytest.mark.parametrize("name", ["grant", "Grant-permit", "grant_permit", "grant-"])
def test_one_word_is_no_permission(name: str) -> None:
    assert not KEBAB.fullmatch(name)


def test_a_module_has_a_domain() -> None:
    assert MODULE_NAME.fullmatch("mobility/parking")
    assert not MODULE_NAME.fullmatch("parking")


def test_the_hub_knows_a_thing_by_kind_city_and_code() -> None:
    assert entity_id("OffStreetParking", "celje", "glazija") == "urn:ngsi-ld:OffStreetParking:celje:glazija"


def test_no_two_ids_or_secrets_are_the_same() -> None:
    assert len({new_id() for _ in range(100)} | {new_secret() for _ in range(100)}) == 200
    assert len(new_secret()) >= 43  # 256 bits in base64
