"""Parking in the office: a tariff is looked at before it is saved; of two officers the second loses nothing."""

from dataclasses import replace

import pytest

from simos.kernel.clock import now
from simos.modules.mobility.parking.actions import save_facilities, save_tariff
from simos.modules.mobility.parking.models import Facility, TariffRow
from simos.modules.mobility.parking.rules.cells import cells_of
from simos.modules.mobility.parking.tests.test_tariffs import STREET
from simos.modules.mobility.parking.values import FacilityFacts, Payment
from simos.testing.acting import SYSTEM, in_city
from tests.office.conftest import CELJE, Content, Signed, signed

TARIFFS = "/office/mobility_parking-tariffs/"
TYPED = {
    "code": "b",
    "name_sl": "Cona B",
    "periods": "Mo-Fr 07:00-17:00: 60 min 0.50",
    "free_minutes": "30",
    "cap": "3,00",
    "counted_from": "midnight",
    "round_to": "10",
    "rounding": "nearest",
    "reliefs": "disabled-card 100 %",
}


@pytest.fixture
def officer(cities: dict[str, Content]) -> Signed:
    return signed((CELJE, "parking-officer"))


def test_a_tariff_is_looked_at_first_and_then_saved(officer: Signed) -> None:
    looked = officer.client.post(f"{TARIFFS}new/", TYPED | {"look_first": "on"})
    assert looked.status_code == 422
    page = looked.content.decode()
    assert "1 h: 0,50 €, 3 h: 1,50 €, 24 h: 4,50 €" in page.replace("\u00a0", " ")
    assert "Cona B" in page  # what was typed is still there
    with in_city("celje"):
        assert not TariffRow.objects.exists()
    assert officer.client.post(f"{TARIFFS}new/", TYPED).status_code == 302
    with in_city("celje"):
        saved = TariffRow.objects.get().tariff
    assert (saved.cap_cents, saved.free_minutes, saved.round_to) == (300, 30, 10)
    assert "1 h: 0,50\u00a0€" in officer.client.get(TARIFFS).content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("periods", "vsak dan evro"),
        ("periods", "Mo 07:00-17:00: 60 min 1; 60 min 2"),
        ("cap", "five"),
        ("reliefs", "friends 100 %"),
        ("code", "b b"),
    ],
)
def test_what_is_wrong_in_a_tariff_is_told_at_its_field(officer: Signed, field: str, typed: str) -> None:
    refused = officer.client.post(f"{TARIFFS}new/", TYPED | {field: typed})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    with in_city("celje"):
        assert not TariffRow.objects.exists()


def test_all_that_a_form_shows_is_saved_as_it_was(officer: Signed) -> None:
    save_tariff(CELJE, STREET, by=SYSTEM, at=now())
    with in_city("celje"):
        key = TariffRow.objects.get().pk
    form = officer.client.get(f"{TARIFFS}edit/{key}/").context["form"]
    sent = {name: str(form[name].value() or "") for name in form.fields if name != "look_first"}
    assert officer.client.post(f"{TARIFFS}edit/{key}/", sent).status_code == 302
    with in_city("celje"):
        assert TariffRow.objects.get().tariff == STREET


def test_a_facility_is_entered_in_full(officer: Signed) -> None:
    save_tariff(CELJE, STREET, by=SYSTEM, at=now())
    typed = {
        "code": "novo",
        "name": "Novo",
        "kind": "street",
        "tariff": "a",
        "capacity": "40",
        "disabled": "2",
        "outline": "46.23 15.26 | 46.24 15.27",
        "entrances": "46.23 15.26 in Stanetova ulica",
        "hours": "Mo-Fr 06:00-22:00",
        "payments": ["cash", "sms"],
        "closed_reason": "Prenova",
        "closed_until": "2026-12-01T08:00",
    }
    assert officer.client.post("/office/mobility_parking-facilities/new/", typed).status_code == 302
    with in_city("celje"):
        cells = cells_of(Facility.objects.get(code="novo").facts)
    assert cells["closed_until"] == "2026-12-01T07:00:00Z"
    assert {name: cells[name] for name in ("outline", "entrances", "hours", "tariff", "payments")} == {
        "outline": "46.23 15.26 | 46.24 15.27",
        "entrances": "46.23 15.26 in Stanetova ulica",
        "hours": "Mo-Fr 06:00-22:00",
        "tariff": "a",
        "payments": "cash | sms",
    }
    wrong = officer.client.post("/office/mobility_parking-facilities/new/", typed | {"code": "x", "hours": "zjutraj"})
    assert list(wrong.context["form"].errors) == ["hours"]


def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(officer: Signed) -> None:
    save_facilities(CELJE, [FacilityFacts(code="a", name="A")], by=SYSTEM, at=now())
    with in_city("celje"):
        key = Facility.objects.get().pk
    address = f"/office/mobility_parking-facilities/edit/{key}/"
    form = officer.client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    typed = {name: "" if value is None else value for name, value in shown.items()} | {"name": "Moje ime"}
    others = FacilityFacts(code="a", name="A", capacity=70, payments=(Payment.CASH,))
    save_facilities(CELJE, [others], by=SYSTEM, at=now())
    refused = officer.client.post(address, typed)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Moje ime" in page
    assert "test: Število mest z – na 70" in page  # who, what, from what, to what
    with in_city("celje"):
        assert Facility.objects.get().facts == others
    form = refused.context["form"]
    again = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert officer.client.post(address, again).status_code == 302
    with in_city("celje"):
        assert Facility.objects.get().facts == replace(others, name="Moje ime")  # nothing of either is lost
