"""The desk of sources: an officer sees what is wrong, corrects a drifted counter, and nobody else comes to it."""

from datetime import timedelta

import pytest
from django.test import Client

from simos.hub.client import HubClient
from simos.kernel.acting import Scope
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.models import Correction, Source
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW, counted
from simos.modules.mobility.parking.tests.test_sources import follow, gate, judged
from simos.platform.access.actions import grant_role
from simos.testing.acting import SYSTEM, in_city, make_account

DESK = "/office/mobility_parking-sources/"
pytestmark = pytest.mark.usefixtures("switched_on")


def signed(scope: Scope, *roles: str) -> Client:
    account, client = make_account(), Client(headers={"accept-language": "sl"})
    for role in roles:
        grant_role(scope, account, role=role, by=SYSTEM, at=NOW - timedelta(days=1))
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def drifted(hub: HubClient) -> str:
    """The address of a source whose gates add up to what cannot be."""
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    counted(hub, "glazija", 300)
    gate(hub, 100, 115)
    follow()
    return f"{DESK}{judged()['knezji-dvor'].pk}/"


def test_an_officer_sees_what_is_wrong_and_mends_it(drifted: str):
    client = signed(CELJE, "parking-officer")
    page = client.get(DESK).content.decode()
    assert "vsota na uvozih in izvozih ni mogoča; preštejte vozila" in page
    assert page.index("Garaža Knežji dvor") < page.index("Parkirišče Glazija")
    answer = client.post(drifted, {"do": "correct", "free": "80", "reason": "Prešteto"})
    assert answer.status_code == 302
    follow()
    with in_city("celje"):
        assert Correction.objects.get().free == 80
    assert judged()["knezji-dvor"].standing == "good"
    assert "Prešteto" in client.get(drifted).content.decode()


@pytest.mark.parametrize("wrong", [{"free": "141"}, {"free": "-1"}, {"free": "x"}, {"reason": ""}])
def test_what_is_wrong_is_said_and_nothing_kept(drifted: str, wrong: dict[str, str]):
    said = {"do": "correct", "free": "80", "reason": "Prešteto"} | wrong
    assert signed(CELJE, "parking-officer").post(drifted, said).status_code == 422
    with in_city("celje"):
        assert not Correction.objects.exists()


def test_a_source_is_set_aside_and_taken_back(drifted: str):
    client = signed(CELJE, "parking-officer")
    client.post(drifted, {"do": "set-aside", "reason": "Menjava tipala"})
    with in_city("celje"):
        assert Source.objects.get(code="knezji-dvor").set_aside == "Menjava tipala"
    client.post(drifted, {"do": "take-back"})
    with in_city("celje"):
        assert Source.objects.get(code="knezji-dvor").set_aside == ""


@pytest.mark.parametrize(("scope", "roles"), [(KOPER, ["parking-officer"]), (CELJE, ["indicator-officer"])])
def test_nobody_else_comes_to_it(drifted: str, scope: Scope, roles: list[str]):
    client = signed(scope, *roles)
    assert client.get(drifted).status_code == 404
    assert client.post(drifted, {"do": "set-aside", "reason": "x"}).status_code == 404
