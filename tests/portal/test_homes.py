"""The homes: what a visitor of the consortium and of a city sees at once."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from simos.hub.client import HubClient
from simos.kernel.checking import check_module
from simos.kernel.errors import Invalid
from simos.kernel.registry import installed_modules
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.module import module as parking
from simos.modules.mobility.parking.values import FREE, TYPE, FacilityFacts, Kind, id_of
from simos.modules.portal.home.module import module
from simos.platform.scopes.actions import switch_off, switch_on
from simos.platform.scopes.models import City
from simos.testing.acting import SYSTEM
from tests.portal.conftest import CELJE, KOPER, NOW


def counted(hub: HubClient, code: str, free: int, ago: timedelta) -> None:
    seen = (NOW - ago).isoformat().replace("+00:00", "Z")
    value = {"type": "Property", "value": free, "observedAt": seen}
    assert hub.upsert("celje", [{"id": id_of("celje", code), "type": TYPE, FREE: value}]).refused == ()


@pytest.fixture
def parked(db: None) -> None:
    """Parking is on in Celje and Koper; Celje has three car parks."""
    for scope in (CELJE, KOPER):
        switch_on(scope, parking.name, by=SYSTEM, at=NOW)
    lots = [FacilityFacts(code=c, name=c.title(), kind=Kind.LOT, capacity=100) for c in ("lava", "golovec", "hudinja")]
    save_facilities(CELJE, lots, by=SYSTEM, at=NOW, is_demo=True)


def test_the_module_keeps_the_contract() -> None:
    assert [str(fault) for fault in check_module(installed_modules()[module.name])] == []


@pytest.mark.usefixtures("parked")
def test_the_consortium_lists_its_cities_and_what_they_share(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert page.count('class="card card--link"') == City.objects.count()
    assert page.count("<li>Parkiranje</li>") == 2
    assert "Prebivalci: 49.007" in page
    shared = page.partition("Kaj si mesta delijo")[2]
    assert 'href="/celje/parkiranje/">Celje</a>' in shared
    assert 'href="/koper/parkiranje/">Koper</a>' in shared
    assert 'lang="sl"' in page


@pytest.mark.usefixtures("parked")
def test_a_city_shows_what_is_on_in_the_pages_language(visitor: Client) -> None:
    assert 'href="/celje/parkiranje/">Parkiranje</a>' in visitor.get("/celje/").content.decode()
    english = visitor.get("/en/celje/").content.decode()
    assert 'href="/en/celje/parking/">Parking</a>' in english
    italian = visitor.get("/it/koper/").content.decode()
    assert "Capodistria" in italian
    assert 'href="/it/koper/parcheggio/">Parcheggio</a>' in italian
    assert "Parkiranje" not in visitor.get("/ptuj/").content.decode()


@pytest.mark.usefixtures("parked")
def test_services_stand_under_what_happens_in_life(visitor: Client) -> None:
    page = visitor.get("/en/celje/").content.decode()
    life = page.partition("What happens in life")[2]
    assert life.index("A trip") < life.index("/en/celje/parking/")


@pytest.mark.usefixtures("parked")
def test_free_spaces_are_those_of_fresh_counts_with_the_time_of_the_oldest(visitor: Client, hub: HubClient) -> None:
    counted(hub, "lava", 40, timedelta(minutes=10))
    counted(hub, "golovec", 2, timedelta(minutes=1))
    counted(hub, "hudinja", 7, timedelta(days=2))
    page = visitor.get("/celje/").content.decode()
    assert 'tile__value">42 <span class="tile__about">na 2 parkiriščih</span>' in page
    assert (NOW - timedelta(minutes=10)).isoformat() in page
    assert "prikazni podatki" in page
    assert "tile__value" not in visitor.get("/koper/").content.decode()


@pytest.mark.usefixtures("parked")
def test_the_home_stands_while_the_hub_is_down(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Any:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("simos.modules.mobility.parking.tiles.reader", gone)
    answer = visitor.get("/celje/")
    assert answer.status_code == 200
    assert "tile__value" not in answer.content.decode()


@pytest.mark.django_db
def test_the_portal_is_always_on_and_cannot_be_switched() -> None:
    for switch in (switch_on, switch_off):
        with pytest.raises(Invalid):
            switch(CELJE, module.name, by=SYSTEM, at=NOW)
