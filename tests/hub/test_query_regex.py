"""Our regular expressions find what Python's find, and cannot be made to run for long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query import Pattern

signs = st.sampled_from(["a", "b", "1", ".", "[ab]", "[^a]", "[a-b1]", r"\d", r"\W", r"\.", "č", "[]a]", "[a-]"])
expressions = st.recursive(
    signs,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})")
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{1,}", "*?"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        )
        | st.tuples(st.sampled_from(["^", ""]), inner, st.sampled_from(["$", ""])).map("".join)
    ),
    max_leaves=8,
)


@given(expressions, st.text("ab1č.-]\n ", max_size=8))
def test_we_find_what_python_finds(expression: str, text: str) -> None:
    ends_only = re.sub(r"\$", r"\\Z", expression)  # Python's $ also stands before a last line feed
    assert Pattern(expression).is_in(text) == (re.search(ends_only, text) is not None)


@pytest.mark.parametrize(("expression", "found"), [("(?i)čÁ", True), ("ČÁ", False), ("(?i)[Ă-Đ]", True)])
def test_large_and_small_letters_are_one_where_told(expression: str, found: bool) -> None:
    assert Pattern(expression).is_in("xčáx") == found


@pytest.mark.parametrize("expression", ["(a+)+$", "^(a|aa)*$", "^(a*)*$", "(.*)(.*)(.*)(.*)x", "^(a?){90}a{90}c"])
def test_what_makes_others_run_for_hours_is_answered(expression: str) -> None:
    assert not Pattern(expression).is_in("a" * 20_000 + "b")


@pytest.mark.parametrize(
    "expression", ["(", ")", "a)", "[a", "a**", "*", "{2}", "a{", "a{2,1}", r"\1", r"\b", "(?=a)", "[b-a]", "\\"]
)
def test_what_is_wrong_is_said(expression: str) -> None:
    with pytest.raises(BadRequestData, match="regular expression"):
        Pattern(expression)


@pytest.mark.parametrize("expression", ["a" * 600, "(" * 100 + ")" * 100, "((a{100}){100}){100}", "a{5000}"])
def test_what_is_too_large_is_refused(expression: str) -> None:
    with pytest.raises(TooComplexQuery):
        Pattern(expression)
