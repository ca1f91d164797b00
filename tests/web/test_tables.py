"""Tables by plain links: each order, filter, page and export is an address; what is asked wrongly breaks nothing."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

import orjson
import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from simos.platform.scopes.models import City
from simos.web.parts import State
from simos.web.tables import DataColumn, DataTable, Filter, Listing, listing_of


@dataclass(frozen=True)
class Lot:
    name: str
    free: int | None
    open: bool = True
    since: date = date(2026, 3, 1)


def _open(rows: list[Lot], value: str) -> list[Lot]:
    return [row for row in rows if row.open == (value == "yes")]


LOTS = DataTable(
    name="lots",
    caption="Parkirišča",
    columns=(
        DataColumn("name", "Ime", lambda lot: lot.name, sort=True, address=lambda lot: f"/{lot.name}/"),
        DataColumn("free", "Prosta mesta", lambda lot: lot.free, sort=True, numeric=True),
        DataColumn("open", "Odprto", lambda lot: lot.open, state=lambda lot: State.GOOD if lot.open else State.BAD),
        DataColumn("since", "Od", lambda lot: lot.since),
    ),
    filters=(Filter("open", "Odprto", (("yes", "Da"), ("no", "Ne")), _open),),
    search=lambda rows, text: [row for row in rows if text.casefold() in row.name.casefold()],
    order="name",
    page_size=10,
)
ROWS = [Lot("Žaga", 3), Lot("Čopova", None), Lot("Center", 1200, open=False), Lot("=SUM(A1)", 0)]


def asked(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/celje/lots/?{query}")


def names(listing: Listing) -> list[str]:
    return [line[0][1].text for line in listing.lines]


def test_rows_come_in_the_order_that_is_asked_for() -> None:
    assert names(listing_of(asked(), LOTS, ROWS)) == ["Center", "Čopova", "=SUM(A1)", "Žaga"]
    assert names(listing_of(asked("lots-sort=free"), LOTS, ROWS)) == ["=SUM(A1)", "Žaga", "Center", "Čopova"]
    assert names(listing_of(asked("lots-sort=-free"), LOTS, ROWS)) == ["Center", "Žaga", "=SUM(A1)", "Čopova"]


def test_a_heading_says_how_it_is_sorted_and_turns_it_round() -> None:
    heads = {head.name: head for head in listing_of(asked("lots-sort=free&other=1"), LOTS, ROWS).heads}
    assert (heads["free"].sorted, heads["name"].sorted) == ("ascending", "none")
    assert heads["free"].address == "?lots-sort=-free&other=1"
    assert heads["since"].address == ""


def test_filter_and_search_narrow_and_can_be_taken_back() -> None:
    listing = listing_of(asked("lots-open=yes&lots-q=Č&other=1"), LOTS, ROWS)
    assert names(listing) == ["Čopova"]
    assert listing.count == 1
    assert listing.reset == "?other=1"
    assert listing.kept == [("other", "1")]


def test_pages_lead_on_and_back() -> None:
    many = [Lot(f"{number:03}", number) for number in range(95)]
    listing = listing_of(asked("lots-page=5"), LOTS, many)
    assert names(listing)[0] == "040"
    assert [each.number for each in listing.pages] == [1, 0, 3, 4, 5, 6, 7, 0, 10]
    assert (listing.before, listing.after) == ("?lots-page=4", "?lots-page=6")
    assert listing_of(asked("lots-page=99"), LOTS, many).after == ""


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_what_is_asked_wrongly_counts_as_not_asked(sort: str, page: str, chosen: str, form: str) -> None:
    request = RequestFactory().get("/", {"lots-sort": sort, "lots-page": page, "lots-open": chosen, "lots-as": form})
    listing = listing_of(request, LOTS, ROWS)
    assert listing.file is not None or listing.lines


def test_two_tables_of_a_page_do_not_get_into_each_others_way() -> None:
    assert names(listing_of(asked("roads-page=3&roads-sort=-name&roads-q=x"), LOTS, ROWS))[0] == "Center"


def test_csv_is_for_spreadsheets_and_starts_no_formula() -> None:
    file = listing_of(asked("lots-as=csv&lots-open=yes"), LOTS, ROWS).file
    assert file is not None
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in found] == ["Čopova", "'=SUM(A1)", "Žaga"]
    assert found[0] == {"name": "Čopova", "free": "", "open": "True", "since": "2026-03-01"}
    assert 'filename="lots.csv"' in file["Content-Disposition"]


def test_json_holds_every_row_of_every_page() -> None:
    many = [Lot(f"{number:03}", number) for number in range(95)]
    file = listing_of(asked("lots-as=json&lots-page=2"), LOTS, many).file
    assert file is not None
    found = orjson.loads(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    assert len(found) == 95
    assert found[7] == {"name": "007", "free": 7, "open": True, "since": "2026-03-01"}
    empty = listing_of(asked("lots-as=json"), LOTS, []).file
    assert empty is not None
    assert orjson.loads(b"".join(empty.streaming_content)) == []  # type: ignore[attr-defined]


CITIES = DataTable(
    name="cities",
    caption="Mesta",
    columns=(DataColumn("code", "Koda", lambda city: city.code, sort="code"),),
    search=lambda rows, text: rows.filter(code__contains=text),
    order="code",
    page_size=5,
)


@pytest.mark.django_db
def test_a_queryset_is_ordered_and_cut_by_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        listing = listing_of(asked("cities-sort=-code&cities-page=2"), CITIES, City.objects.all())
    assert listing.count == 12
    assert names(listing)[0] == "murska-sobota"
    assert names(listing_of(asked("cities-q=nov"), CITIES, City.objects.all())) == ["nova-gorica", "novo-mesto"]
    file = listing_of(asked("cities-as=json"), CITIES, City.objects.all()).file
    assert file is not None
    assert len(orjson.loads(b"".join(file.streaming_content))) == 12  # type: ignore[attr-defined]


def test_values_are_written_in_the_pages_language() -> None:
    with override("sl"):
        (line, *_) = listing_of(asked("lots-q=Center"), LOTS, ROWS).lines
    assert [cell.text for _, cell in line] == ["Center", "1.200", "Ne", "1. 3. 2026"]
    assert line[2][1].state is State.BAD
    assert re.fullmatch(r"/Center/", line[0][1].address)
