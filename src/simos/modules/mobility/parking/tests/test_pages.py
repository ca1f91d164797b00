"""Parking's pages as a driver meets them: in each language of the city, honest about what is old or not known."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from simos.hub.client import HubClient
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.actions.sources import set_aside
from simos.modules.mobility.parking.jobs import look_at_sources
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW, counted
from simos.modules.mobility.parking.values import Closure, FacilityFacts
from simos.platform.scopes.actions import set_clock, switch_off
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM, in_city

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIST, FACILITY = "/celje/parkiranje/", "/celje/parkiranje/glazija/"
pytestmark = pytest.mark.usefixtures("switched_on", "hub")


def seen(page: str) -> str:
    """What a page says: its words in a row, without tags."""
    visible = re.sub(r"(?s)<(script|style|title|head).*?</\1>|<[^>]*\shidden(?=[\s>])[^>]*>.*?</[a-z]+>", " ", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def facilities() -> None:
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (LIST, ["Prosta mesta zdaj", "Parkirišče Glazija parkirišče 1.204 prosto 1.320 11:45"]),
        ("/en/celje/parking/", ["Free spaces now", "Parkirišče Glazija car park 1,204 free 1,320 11:45"]),
    ],
)
def test_the_list_shows_free_spaces_in_words_and_numbers_of_the_language(
    client: Client, hub: HubClient, facilities: None, address: str, said: list[str]
):
    counted(hub, "glazija", 1204, 15 * MINUTE)
    page = seen(get(client, address))
    for words in said:
        assert words in page


def test_the_list_says_full_and_few_stale_and_unknown(client: Client, hub: HubClient):
    codes = {"a": 0, "b": 9, "c": 11, "d": 50}
    save_facilities(
        CELJE, [FacilityFacts(code=code, name=code.upper(), capacity=100) for code in (*codes, "e")], by=SYSTEM, at=NOW
    )
    for code, free in codes.items():
        counted(hub, code, free, 7 * HOUR if code == "d" else HOUR)
    page = seen(get(client, LIST))
    for line in (
        "A parkirišče 0 zasedeno 100 11:00",
        "B parkirišče 9 malo mest 100 11:00",
        "C parkirišče 11 prosto 100 11:00",
        "D parkirišče – ni trenutnih podatkov 100 05:00",
        "E parkirišče – ni podatka 100 –",
    ):
        assert line in page
    assert "Ob 12:00 za 2 parkirišči ni bilo trenutnih podatkov." in page
    assert "50" not in page


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (1, "za 1 parkirišče ni"),
        (2, "za 2 parkirišči ni"),
        (4, "za 4 parkirišča ni"),
        (5, "za 5 parkirišč ni"),
        (101, "za 101 parkirišče ni"),
    ],
)
def test_slovenian_counts_in_four_ways(client: Client, missing: int, words: str):
    save_facilities(CELJE, [FacilityFacts(code=f"p{number}", name="P") for number in range(missing)], by=SYSTEM, at=NOW)
    assert words in seen(get(client, LIST))


def test_a_city_without_facilities_says_so(client: Client):
    assert "Vpisano ni še nobeno parkirišče." in seen(get(client, LIST))


def test_a_count_of_another_day_bears_its_date(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 5, 30 * HOUR)
    assert "ni trenutnih podatkov 1.320 31. 8. 2025, 06:00" in seen(get(client, LIST))


def test_a_facility_shows_its_number_facts_and_day(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 990, 2 * HOUR)
    counted(hub, "glazija", 330, HOUR)
    page = get(client, FACILITY)
    words = seen(page)
    assert "Celje Parkiranje Parkirišče Glazija" in words
    assert "Prosta mesta 330 prosto izmerjeno ob 11:00" in words
    assert "Vseh mest 1.320" in words
    assert "Zasedenost ob 11:00 75 %" in words
    assert "Naslov Ljubljanska cesta 10" in words
    assert "Prosta mesta v zadnjih 24 urah" in words
    assert "1. 9. 2025, 10:00 990 1. 9. 2025, 11:00 330" in words
    assert 'href="https://www.openstreetmap.org/?mlat=46.23310&amp;mlon=15.26380' in page
    assert "Occupied at 11:00 75%" in seen(get(client, "/en/celje/parking/glazija/"))


def test_a_stale_count_is_never_shown_as_the_present(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 330, 7 * HOUR)
    words = seen(get(client, FACILITY))
    assert "Prosta mesta – ni trenutnih podatkov izmerjeno ob 05:00" in words
    assert "Zadnji podatek je prestar" in words
    assert "Zasedenost" not in words


def test_a_facility_without_a_count_says_so(client: Client, facilities: None):
    words = seen(get(client, "/celje/parkiranje/knezji-dvor/"))
    assert "Prosta mesta – ni podatka" in words
    assert "S tega parkirišča še ni nobenega podatka." in words


def test_in_a_replay_a_count_is_as_fresh_as_the_citys_clock_says(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 330)
    later = NOW + timedelta(days=300)
    with clock_set_to(FrozenClock(later)):
        assert "ni trenutnih podatkov" in seen(get(client, FACILITY))
        set_clock(CELJE, shown_at=NOW + HOUR, speed=0.0, by=SYSTEM, at=later)
        words = seen(get(client, FACILITY))
    assert "Prosta mesta 330 prosto" in words
    assert "ura mesta kaže 1. september 2025, 13:00" in words


def test_made_up_data_is_marked_and_real_data_is_not(client: Client, facilities: None):
    assert "Prikazni podatki" not in seen(get(client, LIST))
    save_facilities(CELJE, [FacilityFacts(code="lava", name="Lava")], by=SYSTEM, at=NOW, is_demo=True)
    assert "Prikazni podatki" in seen(get(client, LIST))
    assert "Prikazni podatki" in seen(get(client, "/celje/parkiranje/lava/"))
    assert "Prikazni podatki" not in seen(get(client, FACILITY))


def test_the_page_follows_the_hub_from_where_it_was_made(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 330)
    page = get(client, FACILITY)
    glazija = "urn%3Angsi-ld%3AOffStreetParking%3Acelje%3Aglazija"
    assert (
        f'data-live-stream="/hub/live?tenant=celje&amp;type=OffStreetParking%2COnStreetParking&amp;id={glazija}"'
        in page
    )
    assert f'data-live-from="{reader().head()}"' in page
    for mark in ("data-live-attribute", "data-live-state", "data-live-observed"):
        assert f'data-live-entity="urn:ngsi-ld:OffStreetParking:celje:glazija" {mark}="availableSpotNumber"' in page


@pytest.mark.parametrize("address", ["/koper/parkiranje/glazija/", "/celje/parkiranje/lava/", "/celje/parkiranje/../"])
def test_what_is_not_the_citys_is_not_found(client: Client, facilities: None, address: str):
    assert client.get(address).status_code == 404


def test_each_city_shows_its_own(client: Client, facilities: None, hub: HubClient):
    save_facilities(KOPER, [FacilityFacts(code="glazija", name="Tržnica")], by=SYSTEM, at=NOW)
    counted(hub, "glazija", 77, city="koper")
    koper = seen(get(client, "/koper/parkiranje/"))
    assert "Tržnica parkirišče 77" in koper
    assert "Glazija" not in koper
    assert "77" not in seen(get(client, LIST))


def test_italian_is_where_the_city_speaks_it(client: Client, hub: HubClient):
    save_facilities(KOPER, [GLAZIJA], by=SYSTEM, at=NOW)
    counted(hub, "glazija", 5, city="koper")
    assert "parcheggio 5 pochi posti 1.320" in seen(get(client, "/it/koper/parcheggio/"))
    assert "Posti liberi" in seen(get(client, "/it/koper/parcheggio/glazija/"))
    assert client.get("/it/celje/parcheggio/").status_code == 404


def test_switched_off_it_is_gone(client: Client, facilities: None):
    switch_off(CELJE, module.name, by=SYSTEM, at=NOW)
    for address in (LIST, FACILITY, "/en/celje/parking/"):
        assert client.get(address).status_code == 404


def test_a_name_cannot_bring_markup_into_the_page(client: Client, hub: HubClient):
    save_facilities(CELJE, [FacilityFacts(code="x", name='<b>"x"</b>', address="<i>y</i>")], by=SYSTEM, at=NOW)
    for address in (LIST, "/celje/parkiranje/x/"):
        page = get(client, address)
        assert "<b>" not in page
        assert "<i>" not in page
        assert '<b>"x"</b>' in unescape(page)


SHUT = replace(DVOR, closure=Closure(reason=Text(sl="Prenova", en="Renovation"), until=NOW + 5 * HOUR), height_cm=200)


def test_a_closed_garage_says_why_and_until_when_and_shows_no_number_not_even_live(client: Client, hub: HubClient):
    save_facilities(CELJE, [GLAZIJA, SHUT], by=SYSTEM, at=NOW)
    counted(hub, "knezji-dvor", 77)
    page = get(client, LIST)
    assert "do 2,00 m Prenova. Odpre se ob 17:00 – zaprto" in seen(page)
    assert "77" not in seen(page)
    assert 'data-live-entity="urn:ngsi-ld:OffStreetParking:celje:knezji-dvor"' not in page
    shut = get(client, "/celje/parkiranje/knezji-dvor/")
    assert "Prosta mesta – zaprto" in seen(shut)
    assert "data-live-attribute" not in shut


def test_a_faulty_source_is_not_shown_but_when_it_was_last_heard_is(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 330, 10 * MINUTE)
    with in_city("celje"):
        look_at_sources(CELJE, by=SYSTEM, at=NOW)
    set_aside(CELJE, "glazija", reason="Tipalo menjajo", by=SYSTEM, at=NOW)
    with in_city("celje"):
        look_at_sources(CELJE, by=SYSTEM, at=NOW)
    page = get(client, FACILITY)
    assert "Prosta mesta – ni trenutnih podatkov izmerjeno ob" in seen(page)
    assert "Števec tega parkirišča ta čas ne kaže prav" in seen(page)
    assert "data-live-attribute" not in page
    assert "Tipalo menjajo" not in seen(page)
    assert "– ni trenutnih podatkov 1.320" in seen(get(client, LIST))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("disabled=on", {"Glazija"}),
        ("charging=on", set()),
        ("covered=on", {"dvor"}),
        ("height=2,10", {"Glazija"}),
        ("height=2.00", {"Glazija", "dvor"}),
        ("height=visoko&x=1", {"Glazija", "dvor"}),
        ("disabled=on&covered=on", set()),
    ],
)
def test_the_list_shows_what_has_all_that_is_needed(client: Client, asked: str, shown: set[str]):
    facilities = [replace(GLAZIJA, disabled=4), replace(DVOR, height_cm=200)]
    save_facilities(CELJE, facilities, by=SYSTEM, at=NOW)
    for address in (LIST, "/celje/parkiranje/zemljevid/"):
        page = seen(get(client, f"{address}?{asked}"))
        assert {name for name in ("Glazija", "dvor") if name in page} == shown
        assert ("Nobeno parkirišče nima vsega" in page) == (not shown)


def test_the_map_has_each_facility_that_has_a_place_and_the_list_all(client: Client, facilities: None):
    page = get(client, "/celje/parkiranje/zemljevid/")
    assert '"twin": "lot-glazija"' in page
    assert '"twin": "lot-knezji-dvor"' not in page
    assert 'id="lot-knezji-dvor"' in page


CHOICE = "/celje/parkiranje/kje-parkirati/"


def test_a_destination_gives_the_facilities_in_order_each_with_its_reason(client: Client, hub: HubClient):
    near = replace(DVOR, place=Point(15.2640, 46.2330))
    save_facilities(
        CELJE, [GLAZIJA, near, replace(SHUT, code="shut", name="Zaprta", place=near.place)], by=SYSTEM, at=NOW
    )
    counted(hub, "glazija", 300)
    counted(hub, "knezji-dvor", 3)
    page = seen(get(client, f"{CHOICE}?lon=15.2640&lat=46.2330"))
    assert page.index("Parkirišče Glazija") < page.index("Garaža Knežji dvor")
    assert "1 min hoje (20 m); prostih mest zdaj: 300." in page
    assert "zaprta ob vašem prihodu: Zaprta" in page
    low = seen(get(client, f"{CHOICE}?to=glazija&height=2,50"))
    assert "Za cilj: Parkirišče Glazija" in low
    assert "Parkirišče Glazija" in low


def test_for_a_time_of_which_nobody_knows_nothing_is_promised(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 300)
    page = seen(get(client, f"{CHOICE}?to=glazija&at=20:00"))
    assert "ne moremo priporočiti" in page
    assert "brez trenutnih podatkov: Parkirišče Glazija" in page


def test_a_place_that_is_not_known_is_told_at_its_field(client: Client, facilities: None):
    page = get(client, f"{CHOICE}?to=xyzzy&at=kdaj&height=-3")
    assert "Kraja »xyzzy« ne poznamo" in seen(page)
    assert 'aria-describedby="to-error"' in page


@pytest.mark.parametrize(("asked", "names"), [("glaz", ["Parkirišče Glazija"]), ("g", []), ("<b>", []), ("xyzzy", [])])
def test_where_to_is_suggested_from_the_second_sign_on(client: Client, facilities: None, asked: str, names: list[str]):
    answer = client.get("/celje/parkiranje/predlogi/", {"to": asked})
    assert re.findall(r'<option value="([^"]*)">', answer.content.decode()) == names


def test_the_last_count_is_drawn_until_now_as_long_as_it_holds(client: Client, hub: HubClient, facilities: None):
    counted(hub, "glazija", 100, 2 * HOUR)
    rows = re.findall(r"(?s)<tbody.*?</tbody>", get(client, FACILITY).partition("<figure")[2])[0]
    assert re.findall(r"(\d\d:\d\d) 100", seen(rows)) == ["10:00", "12:00"]
