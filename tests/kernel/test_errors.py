"""Refusals as RFC 9457 problem documents."""

import json

import pytest

from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, RowError, Unauthenticated, Unavailable

STATUS = {
    Problem: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}


@pytest.mark.parametrize("kind", STATUS)
def test_each_refusal_has_its_status_and_a_title(kind: type[Problem]) -> None:
    document = kind("what to do").as_dict()
    assert document["status"] == STATUS[kind]
    assert document["title"]
    assert document["detail"] == "what to do"


def test_extra_members_stand_beside_the_standard_ones() -> None:
    refused = Invalid("two rows are wrong", rows=[2, 5])
    assert json.loads(json.dumps(refused.as_dict()))["rows"] == [2, 5]
    assert str(refused) == "two rows are wrong"


def test_a_row_is_named_as_a_spreadsheet_shows_it() -> None:
    assert str(RowError(7, "capacity", "is not a whole number", "many")) == (
        "row 7, capacity: is not a whole number (found 'many')"
    )
