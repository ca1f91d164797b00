"""The catalogues are whole, compiled and up to date; numbers and times are written as each language writes them."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import simos.web
from simos.web.extraction import extract_templates
from simos.web.formatting import number_in, time_in

WEB = Path(simos.web.__file__).parent
LANGUAGES = ["sl", "it"]
PYTHON = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_": None}


def used() -> set[str]:
    """Every text that the floor's files ask a translation for."""
    found: set[str] = set()
    for file in WEB.rglob("*.py"):
        found |= {str(message) for _, message, *_ in extract_from_file("python", file, PYTHON)}
    for file in (WEB / "templates").rglob("*.html"):
        with file.open("rb") as opened:
            found |= {str(message) for _, message, *_ in extract(extract_templates, opened)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_translated_and_none_is_left_over(language: str) -> None:
    catalogue = read_po((WEB / "locale" / language / "LC_MESSAGES" / "django.po").open("rb"), locale=language)
    texts = [message for message in catalogue if message.id]
    assert {str(message.id) for message in texts} == used(), "run `make messages` and translate"
    assert [message.id for message in texts if message.fuzzy or not message.string] == []
    assert not catalogue.obsolete
    for message in texts:
        named = re.findall(r"%\(\w+\)s", str(message.id))
        assert sorted(named) == sorted(re.findall(r"%\(\w+\)s", str(message.string))), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    folder = WEB / "locale" / language / "LC_MESSAGES"
    catalogue = read_po((folder / "django.po").open("rb"), locale=language)
    fresh = io.BytesIO()
    write_mo(fresh, catalogue)
    fresh.seek(0)
    texts = {message.id: message.string for message in read_mo(fresh) if message.id}
    shipped = {message.id: message.string for message in read_mo((folder / "django.mo").open("rb")) if message.id}
    assert shipped == texts, "run `make messages`"


def test_templates_are_read_as_django_reads_them() -> None:
    source = b"""{% translate "It's" %} {{ _("x") }} {% translate 'May' context "month" %}
    {% blocktranslate count n=3 %}{{ n }} lot{% plural %}{{ n }} lots{% endblocktranslate %}"""
    assert [
        (line, function, texts) for line, function, texts, _ in extract_templates(io.BytesIO(source), {}, [], {})
    ] == [
        (1, "gettext", "It's"),
        (1, "_", "x"),
        (1, "pgettext", ("month", "May")),
        (2, "ngettext", ("%(n)s lot", "%(n)s lots")),
    ]


@pytest.mark.parametrize(
    ("language", "number", "time"),
    [
        ("sl", "−1.234,5", "1. september 2025, 08:05"),
        ("en", "−1,234.5", "1 September 2025, 08:05"),
        ("it", "−1.234,5", "1 settembre 2025, 08:05"),
    ],
)
def test_numbers_and_times_are_those_of_the_language(language: str, number: str, time: str) -> None:
    assert number_in(-1234.5, language) == number
    assert time_in(datetime(2025, 9, 1, 6, 5, tzinfo=UTC), language, "DATETIME_FORMAT").lower() == time.lower()


def test_a_whole_number_has_no_decimals_unless_asked() -> None:
    assert number_in(12.0, "sl") == "12"
    assert number_in(12.0, "sl", digits=2) == "12,00"
