"""The demo's citizen at what is hers: inbox, notifications, what is held, who read it, consents, her copy, erasure."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.signing_in import CITIZEN, demo_password, signed_in
from tests.journeys.watching import Faults, tab_to, watch_faults
from tests.running import Running, until

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
PAGES = {
    "inbox": ("/sporocila/", "/en/inbox/", "/it/messaggi/"),
    "settings": ("/sporocila/nastavitve/", "/en/inbox/settings/", "/it/messaggi/impostazioni/"),
    "my data": ("/moji-podatki/", "/en/my-data/", "/it/i-miei-dati/"),
    "reads": ("/moji-podatki/vpogledi/", "/en/my-data/reads/", "/it/i-miei-dati/consultazioni/"),
    "consents": ("/moji-podatki/soglasja/", "/en/my-data/consents/", "/it/i-miei-dati/consensi/"),
    "copy": ("/moji-podatki/izvoz/", "/en/my-data/copy/", "/it/i-miei-dati/copia/"),
    "erasure": ("/moji-podatki/izbris/", "/en/my-data/erasure/", "/it/i-miei-dati/cancellazione/"),
    "one kind": (
        "/moji-podatki/hramba/platform/messages/",
        "/en/my-data/held/platform/messages/",
        "/it/i-miei-dati/dati/platform/messages/",
    ),
}
HEADINGS = {
    "inbox": ("Sporočila", "Inbox", "Messaggi"),
    "reads": ("Kdo je videl moje podatke", "Who read my data", "Chi ha visto i miei dati"),
    "erasure": ("Izbris mojih podatkov", "Erase my data", "Cancellazione dei miei dati"),
}


@pytest.fixture(scope="module")
def watched(platform: Running, browser: Browser) -> Iterator[tuple[Page, Faults]]:
    """Ana of Celje, signed in, on a phone."""
    context = browser.new_context(base_url=platform.url, viewport={"width": 320, "height": 800}, locale="sl")
    context.grant_permissions(["notifications"], origin=platform.url)
    page = context.new_page()
    faults = watch_faults(page, platform.url)
    yield signed_in(page, CITIZEN, demo_password(platform)), faults
    context.close()


@pytest.fixture
def citizen(watched: tuple[Page, Faults]) -> Iterator[Page]:
    page, faults = watched
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="light")
    yield page
    assert faults == []


def accessible(page: Page, what: str) -> None:
    """axe finds nothing on it, in light and dark, and nothing overflows."""
    for scheme, options in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = axe.Axe().run(page, options=options)
        assert found.violations_count == 0, f"{what} {scheme}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{what} scrolls sideways"
    assert page.get_by_role("heading", level=1).count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_what_is_ones_own_is_open_to_everybody_in_three_languages(citizen: Page, name: str) -> None:
    for number, address in enumerate(PAGES[name]):
        citizen.goto(address)
        assert citizen.url.endswith(address), "it asks for sign-in"
        accessible(citizen, address)
        if name in HEADINGS:
            assert citizen.get_by_role("heading", level=1).inner_text() == HEADINGS[name][number]
    citizen.set_viewport_size({"width": 1280, "height": 800})
    accessible(citizen, f"{name} on a desk")


def test_who_read_her_data_is_told_with_the_purpose_and_without_a_name(citizen: Page) -> None:
    citizen.goto("/moji-podatki/vpogledi/")
    said = citizen.locator("main").inner_text()
    assert "Preverjanje istovetnosti pri okencu" in said
    assert "Celje: " in said
    assert "Marko" not in said


def test_her_copy_is_ready_told_of_in_the_inbox_and_taken(citizen: Page) -> None:
    def is_ready() -> bool:
        citizen.goto("/moji-podatki/izvoz/")
        return citizen.get_by_role("link", name=re.compile("^Prenesi")).count() > 0

    until("the copy that the demo asks for is made", is_ready, seconds=60, pause=0.5)
    with citizen.expect_download() as taking:
        citizen.get_by_role("link", name=re.compile("^Prenesi")).first.click()
    with zipfile.ZipFile(io.BytesIO(taking.value.path().read_bytes())) as packed:
        held = json.loads(packed.read("data.json"))
    assert {each["module"] for each in held["held"]} >= {"platform"}
    assert len(held["reads"]) >= 3
    citizen.goto("/sporocila/")
    citizen.get_by_role("link", name="Vaši podatki so pripravljeni za prenos").first.click()
    accessible(citizen, "a message")
    citizen.get_by_role("link", name="Prenesi podatke").click()
    assert citizen.url.endswith("/moji-podatki/izvoz/")


def test_the_keyboard_leads_from_the_menu_to_a_new_copy(citizen: Page) -> None:
    citizen.set_viewport_size({"width": 1280, "height": 800})
    citizen.goto("/en/")
    citizen.locator("summary.menu__button").focus()
    citizen.keyboard.press("Enter")
    for name, at in (("My data", "/en/my-data/"), ("Who read it", "/reads/"), ("Copy", "/copy/")):
        tab_to(citizen, name)
        with citizen.expect_navigation():
            citizen.keyboard.press("Enter")
        assert citizen.url.endswith(at)
    tab_to(citizen, "Make a new copy")


def test_before_erasure_she_sees_what_stays_and_has_to_prove_who_she_is(citizen: Page, platform: Running) -> None:
    citizen.goto("/en/my-data/erasure/")
    assert "We must be able to prove what you agreed to" in citizen.locator("main").inner_text()
    citizen.get_by_role("link", name="Continue: prove that it is you").click()
    assert "/reauthenticate/" in citizen.url
    accessible(citizen, "the proof")
    citizen.fill("input[name=password]", demo_password(platform))
    citizen.press("input[name=password]", "Enter")
    citizen.wait_for_url("**/en/my-data/erasure/confirm/")
    citizen.get_by_role("button", name="Erase my data").click()
    assert citizen.get_by_role("heading", level=1).inner_text() == "Erase my data for good"
    assert "Tick the box" in citizen.locator(".govuk-error-summary").inner_text()
    accessible(citizen, "the last question")


def test_a_push_is_shown_by_the_portals_worker_when_no_page_of_the_inbox_is_open(citizen: Page) -> None:
    citizen.goto("/en/inbox/settings/")
    offer = citizen.get_by_role("button", name=re.compile("urn on in this browser"))
    offer.wait_for(state="visible")
    accessible(citizen, "the offer of notifications")
    session = citizen.context.new_cdp_session(citizen)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    citizen.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until("the worker is known", lambda: bool(known) or bool(citizen.wait_for_timeout(50)), seconds=20)
    said = {"title": "A message", "body": "Platform", "address": "/en/inbox/", "lang": "en", "tag": "7"}
    wish = {"origin": citizen.url.split("/en/")[0], "registrationId": known[0]["registrationId"]}
    session.send("ServiceWorker.deliverPushMessage", {**wish, "data": json.dumps(said)})
    shown = """navigator.serviceWorker.ready.then((one) => one.getNotifications())
      .then((all) => all.map((each) => [each.title, each.body, each.tag, each.data.address]))"""
    until("it is shown", lambda: citizen.evaluate(shown) == [["A message", "Platform", "7", "/en/inbox/"]], seconds=20)


def test_without_javascript_the_pages_of_a_copy_say_how_far_it_is(platform: Running, browser: Browser) -> None:
    context = browser.new_context(base_url=platform.url, java_script_enabled=False)
    page = signed_in(context.new_page(), CITIZEN, demo_password(platform))
    page.goto("/en/my-data/copy/")
    if page.get_by_role("button", name=re.compile("^Make a")).count():
        page.get_by_role("button", name=re.compile("^Make a")).click()

    def is_ready() -> bool:
        way = page.get_by_role("link", name="See how far it is")
        if way.count():
            way.click()
        return page.get_by_role("link", name=re.compile("^Download")).count() > 0 and not way.count()

    until("the copy is made", is_ready, seconds=60, pause=0.3)
    page.goto("/en/inbox/settings/")
    assert "with JavaScript" in page.locator("[data-push-impossible]").inner_text()
    context.close()
