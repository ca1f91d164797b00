"""The fee calculator as a citizen and a program meet it, and tariffs in the office."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from simos.kernel.errors import Conflict, Forbidden, Invalid
from simos.modules.mobility.parking.actions import remove_tariff, save_facilities, save_tariff
from simos.modules.mobility.parking.models import TariffRow
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW
from simos.modules.mobility.parking.tests.test_pages import get, seen
from simos.modules.mobility.parking.tests.test_tariffs import STREET
from simos.modules.mobility.parking.values import Exemption
from simos.platform.audit.models import AuditRecord
from simos.testing.acting import SYSTEM, in_city, officer

pytestmark = pytest.mark.usefixtures("switched_on", "hub")

PAGE = "/celje/parkiranje/glazija/cena/"
STAY = "arrival_day=2025-09-01&arrival_time=10:00&departure_day=2025-09-01&departure_time=13:00"
API = "/api/mobility/parking/celje/facilities/glazija/fee"


@pytest.fixture
def priced() -> None:
    save_tariff(CELJE, STREET, by=SYSTEM, at=NOW)
    accepted = (Exemption.DISABLED_CARD, Exemption.RESIDENT_PERMIT)
    save_facilities(CELJE, [replace(GLAZIJA, tariff="a", exemptions=accepted), DVOR], by=SYSTEM, at=NOW)


def test_the_page_says_what_a_stay_costs_and_why(client: Client, priced: None):
    words = seen(get(client, f"{PAGE}?{STAY}"))
    assert "Skupaj: 2,80 €" in words
    assert "1. 9. 10:15–13:00: 2 × 1 h po 0,80 € 1,60 €" in words
    assert "Na začetku brezplačno: 15 min 0,00 €" in words
    english = seen(get(client, f"/en/celje/parking/glazija/price/?{STAY}&with=resident-permit"))
    assert "In all: €1.40" in english
    assert "resident's permit: −50% −€1.40" in english


def test_before_one_asks_it_shows_samples_and_a_form_for_two_hours_from_now(client: Client, priced: None):
    page = get(client, PAGE)
    assert 'value="2025-09-01"' in page
    assert 'value="12:00"' in page  # NOW in Celje
    words = seen(page)
    assert "1 h 0,80 €" in words
    assert "Skupaj" not in words
    assert "parkirna karta za invalide" in words.lower()
    assert "električno vozilo" not in words.lower()  # the facility does not accept it


@pytest.mark.parametrize(
    "asked",
    [
        STAY.replace("13:00", "09:00"),
        STAY.replace("departure_day=2025-09-01", "departure_day=2025-12-31"),
        STAY.replace("13:00", "never"),
        STAY + "&with=charging",
        "arrival_day=2025-09-01",
    ],
)
def test_what_cannot_be_counted_is_told_in_the_form(client: Client, priced: None, asked: str):
    answer = client.get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()


def test_a_stay_over_the_longest_is_told(client: Client, priced: None):
    assert "presegate za 45 min" in seen(
        get(client, f"{PAGE}?{STAY.replace('10:00', '09:00').replace('13:00', '13:00')}")
    )


def test_without_a_tariff_it_says_so_and_the_facility_does_not_lead_here(client: Client, priced: None):
    assert "cenik še ni objavljen" in seen(get(client, "/celje/parkiranje/knezji-dvor/cena/"))
    assert "knezji-dvor/cena" not in get(client, "/celje/parkiranje/knezji-dvor/")
    assert "/celje/parkiranje/glazija/cena/" in get(client, "/celje/parkiranje/glazija/")


def test_the_api_counts_the_same_line_by_line(client: Client, priced: None):
    asked = {"arrival": "2025-09-01T10:00:00+02:00", "departure": "2025-09-01T13:00:00+02:00"}
    found = client.get(API, asked).json()
    assert (found["cents"], found["currency"]) == (280, "EUR")
    assert sum(line["cents"] for line in found["lines"]) == 280
    assert {*found["lines"][0]["text"]} == {"sl", "en", "it"}
    free = client.get(API, asked | {"exemption": ["disabled-card", "resident-permit"]}).json()
    assert (free["cents"], free["relief"]) == (0, "disabled-card")
    assert client.get(API, asked | {"departure": "2025-09-01T09:00:00+02:00"}).status_code == 422
    assert client.get(API.replace("glazija", "knezji-dvor"), asked).status_code == 404


def test_a_tariff_is_kept_whole_audited_and_not_removed_while_it_is_named(priced: None):
    with in_city("celje"):
        assert TariffRow.objects.get().tariff == STREET
    save_tariff(CELJE, STREET, by=SYSTEM, at=NOW + timedelta(hours=1))
    assert AuditRecord.objects.filter(action="change-tariff").count() == 0
    save_tariff(CELJE, replace(STREET, free_minutes=30), by=SYSTEM, at=NOW)
    assert AuditRecord.objects.get(action="change-tariff").data == '{"free_minutes":["15","30"]}'
    with pytest.raises(Conflict, match="Parkirišče Glazija"):
        remove_tariff(CELJE, "a", by=SYSTEM, at=NOW)
    with pytest.raises(Invalid, match="one cent or more"):
        save_tariff(CELJE, replace(STREET, round_to=0), by=SYSTEM, at=NOW)
    with pytest.raises(Forbidden):
        save_tariff(CELJE, STREET, by=officer(KOPER, "parking-officer"), at=NOW)
