"""Numbers by which the state knows people: what is one, and how it is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.platform.people.rules import (
    EMSO,
    REGISTRATION_NUMBER,
    TAX_NUMBER,
    is_emso,
    is_registration_number,
    is_tax_number,
    written_alike,
)

GOOD = {
    TAX_NUMBER: ["50223054", "SI 5022 3054", "si50223054", "15012557"],
    EMSO: ["0101006500006", "010100 6500006", "1010985505003"],
    REGISTRATION_NUMBER: ["5300231000", "9331310000", "5300231"],
}
CHECKS = {TAX_NUMBER: is_tax_number, EMSO: is_emso, REGISTRATION_NUMBER: is_registration_number}


@pytest.mark.parametrize(("scheme", "text"), [(scheme, text) for scheme, texts in GOOD.items() for text in texts])
def test_real_numbers_are_taken_however_they_are_written(scheme, text):
    plain = written_alike(scheme, text)
    assert CHECKS[scheme](plain)
    assert written_alike(scheme, plain) == plain


@given(scheme=st.sampled_from(sorted(GOOD)), place=st.integers(0, 6), digit=st.integers(0, 9), data=st.data())
def test_one_wrong_digit_is_noticed(scheme, place, digit, data):
    good = written_alike(scheme, data.draw(st.sampled_from(GOOD[scheme])))
    wrong = good[:place] + str(digit) + good[place + 1 :]
    assert CHECKS[scheme](wrong) == (wrong == good)


@given(scheme=st.sampled_from(sorted(GOOD)), text=st.text(max_size=15))
def test_whatever_is_no_number_is_refused_in_words(scheme, text):
    if CHECKS[scheme](text):
        assert written_alike(scheme, text) == text
    elif not any(sign.isdigit() for sign in text):
        with pytest.raises(ValueError, match=scheme.replace("-", " ")):
            written_alike(scheme, text)


def test_an_e_identitys_own_subject_is_taken_as_it_is():
    assert written_alike("oidc:si-pass", "aB-1") == "aB-1"
    with pytest.raises(ValueError, match="empty"):
        written_alike("oidc:si-pass", " ")
