"""Numbers as each language writes them."""

import pytest

from simos.web.formatting import number_in


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (1234567, "sl", "1.234.567"),
        (1234.56, "sl", "1.234,6"),
        (1234.56, "en", "1,234.6"),
        (-3, "sl", "−3"),
        (-0.0, "en", "0"),
        (0.0, "en", "0"),
        (-0.04, "en", "0.0"),
    ],
)
def test_a_number_is_written_as_its_language_does_and_nothing_is_never_less_than_nothing(
    value: float, language: str, written: str
) -> None:
    assert number_in(value, language) == written
