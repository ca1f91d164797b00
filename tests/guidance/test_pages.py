"""Guidance's public pages: everybody sees what shines, nobody is told what is not known."""

from dataclasses import replace

import pytest
from django.test import Client

from simos.hub.client import HubClient
from simos.modules.mobility.guidance.actions.hand_texts import write_on_panel
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.module import module
from simos.modules.mobility.guidance.tests.made_up import PANEL
from simos.modules.mobility.guidance.values import Arrow, Kind, Line
from simos.platform.scopes.actions import switch_off
from simos.testing.acting import SYSTEM
from tests.guidance.conftest import CELJE, LONG_AGO, NOW, TWO, SteppingClock, counted, follow, reported, work

pytestmark = pytest.mark.usefixtures("facilities")

LIST, ONE, SCREEN = "/celje/vodenje/", "/celje/vodenje/P01/", "/celje/vodenje/I1/zaslon/"
INFO = replace(
    PANEL,
    code="I1",
    name="Krekov trg",
    kind=Kind.INFORMATION,
    lines=tuple(Line(arrow=Arrow.NONE, label=code.upper(), serves=(code,)) for code in ("glazija", "dvor")),
)


@pytest.fixture(autouse=True)
def panels(facilities: None) -> None:
    save_panels(CELJE, [TWO, INFO], by=SYSTEM, at=NOW)
    work()


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("address", [LIST, "/en/celje/guidance/", ONE, "/en/celje/guidance/P01/", SCREEN])
def test_every_page_is_there_while_the_module_is_on(client: Client, address: str) -> None:
    seen(client, address)
    switch_off(CELJE, module.name, by=SYSTEM, at=NOW)
    assert client.get(address).status_code == 404


def test_the_list_says_what_each_panel_confirms(client: Client, hub: HubClient) -> None:
    reported(hub, "P01", [["112", "40"]])
    follow()
    page = seen(client, LIST)
    assert "levo</span> <span" in page
    assert "GLAZIJA</span> <strong>112</strong>" in page
    assert 'tag is-good" data-live-state>deluje' in page
    assert "Od 2 panelov deluje: 1." in page


def test_what_cannot_be_heard_is_not_claimed(client: Client, hub: HubClient, present: SteppingClock) -> None:
    reported(hub, "P01", [["112", "40"]])
    follow()
    present.let_pass(seconds=80)
    look_after(CELJE, listening=LONG_AGO, by=SYSTEM, at=present.now())
    page = seen(client, ONE)
    assert "<strong>112</strong>" not in page
    assert "se ne javlja" in page
    assert "ni znano" in page


def test_what_a_panel_shows_that_lies_is_not_claimed_either(
    client: Client, hub: HubClient, present: SteppingClock
) -> None:
    reported(hub, "P01", [["999", "40"]])
    follow()
    present.let_pass(seconds=20)
    look_after(CELJE, listening=LONG_AGO, by=SYSTEM, at=present.now())
    page = seen(client, ONE)
    assert "999" not in page
    assert "<strong>112</strong>" not in page
    assert "kaže nekaj drugega" in page
    assert "ni znano" in page


def test_what_the_city_wrote_is_said_to_be_written(client: Client, hub: HubClient, present: SteppingClock) -> None:
    until = NOW.replace(hour=12)
    write_on_panel(CELJE, "P01", ["SEJEM"], until=until, reason="Sejem", seen=0, by=SYSTEM, at=NOW)
    work()
    reported(hub, "P01", [["SEJEM", ""]])
    follow()
    page = seen(client, "/en/celje/guidance/P01/")
    assert "<strong>SEJEM</strong>" in page
    assert "Written by the city" in page


def test_there_is_no_panel_of_another_name_and_no_screen_at_a_road(client: Client) -> None:
    assert client.get("/celje/vodenje/P99/").status_code == 404
    assert client.get("/celje/vodenje/P01/zaslon/").status_code == 404


def test_the_screen_offers_what_has_room_and_hides_what_is_old(
    client: Client, hub: HubClient, present: SteppingClock
) -> None:
    page = seen(client, SCREEN)
    assert page.count('class="choice"') == 2
    assert ">112</span>" in page
    assert "Lava" not in page
    present.let_pass(minutes=14)
    counted(hub, "dvor", 0)
    present.let_pass(minutes=2)
    page = seen(client, SCREEN)
    assert ">112</span>" not in page
    assert "ni podatka" in page
    assert "zasedeno" in page


def test_touching_one_shows_it_big_and_leads_back(client: Client) -> None:
    page = seen(client, f"{SCREEN}?p=glazija")
    assert '<h2 class="screen__chosen-title" id="chosen-title">Parkirišče Glazija</h2>' in page
    assert 'aria-current="true"' in page
    assert f'href="{SCREEN}"' in page
    assert "chosen-title" not in seen(client, f"{SCREEN}?p=nowhere")


def test_nothing_leads_away_from_the_screen(client: Client) -> None:
    page = seen(client, SCREEN)
    for part in page.split('href="')[1:]:
        address = part.partition('"')[0]
        assert address.startswith(
            (SCREEN, "?refresh", "/static/", "/en/celje/guidance/I1/screen/", "http://testserver/")
        ), address


def test_a_city_without_panels_says_so(client: Client) -> None:
    assert "ni vnesla" in seen(client, "/koper/vodenje/")
    assert "non ha ancora inserito" in seen(client, "/it/koper/guida/")
