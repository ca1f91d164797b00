"""The catalogues are whole, compiled and up to date; numbers and times are written as each language writes them."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import simos
from simos.web.extraction import extract_templates
from simos.web.formatting import number_in, time_in

ROOT = Path(simos.__file__).parent
CATALOGUES = sorted(ROOT.rglob("locale/*/LC_MESSAGES/django.po"))
TRANSLATED = sorted({each.parents[3] for each in CATALOGUES})
PYTHON = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_": None}
each_catalogue = pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: str(file.relative_to(ROOT).parents[1]))


def used(package: Path, besides: Sequence[Path] = ()) -> set[str]:
    """Every text that the files of a package ask a translation for, those in the folders `besides` left out."""
    found: set[str] = set()
    for file in package.rglob("*.*"):
        if "tests" in file.relative_to(package).parts or any(file.is_relative_to(folder) for folder in besides):
            continue
        if file.suffix == ".py":
            found |= {str(message) for _, message, *_ in extract_from_file("python", file, PYTHON)}
        elif file.suffix == ".html" or (file.suffix == ".txt" and "templates" in file.parts):
            with file.open("rb") as opened:
                found |= {str(message) for _, message, *_ in extract(extract_templates, opened)}
    return found


def forms(text: str | Sequence[str]) -> Sequence[str]:
    return [text] if isinstance(text, str) else text


def by_first_form(catalogue: Catalog) -> dict[str, Sequence[str]]:
    return {forms(message.id)[0]: list(forms(message.string)) for message in catalogue if message.id}


@each_catalogue
def test_each_text_is_translated_and_none_is_left_over(file: Path) -> None:
    catalogue = read_po(file.open("rb"), locale=file.parents[1].name)
    texts = [message for message in catalogue if message.id]
    inner = [each for each in TRANSLATED if each != file.parents[3] and each.is_relative_to(file.parents[3])]
    assert {str(message.id) for message in texts} == used(file.parents[3], besides=inner), (
        "run `make messages` and translate"
    )
    assert [message.id for message in texts if message.fuzzy or not all(forms(message.string))] == []
    assert not catalogue.obsolete
    for message in texts:
        named = {each for form in forms(message.id) for each in re.findall(r"%\(\w+\)s", form)}
        for form in forms(message.string):
            assert set(re.findall(r"%\(\w+\)s", form)) == named, message.id


def test_a_package_that_asks_for_translations_has_them_in_slovenian() -> None:
    assert all((package / "locale" / "sl").is_dir() for package in TRANSLATED)
    assert used(ROOT, besides=TRANSLATED) == set(), "make the folder locale/sl beside the code, run `make messages`"


@each_catalogue
def test_the_compiled_catalogue_is_that_of_the_text(file: Path) -> None:
    catalogue = read_po(file.open("rb"), locale=file.parents[1].name)
    fresh = io.BytesIO()
    write_mo(fresh, catalogue)
    fresh.seek(0)
    shipped = file.with_suffix(".mo").open("rb")
    assert by_first_form(read_mo(shipped)) == by_first_form(read_mo(fresh)), "run `make messages`"


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
