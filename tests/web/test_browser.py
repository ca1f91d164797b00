"""The shell and live regions in a real browser: axe finds nothing, nothing overflows, the page follows the stream.

Pages are rendered first and then handed to the browser, which therefore needs no server and no database.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Request, Route, expect

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
GLAZIJA = "urn:ngsi-ld:OffStreetParking:celje:glazija"

pytestmark = pytest.mark.browser

Stream = Callable[[Request], str | None]


def open_page(browser: Browser, answer: object, *, stream: Stream = lambda _: None, **context: object) -> Page:
    """A browser's page showing a response of Django's client, with its headers; `stream` answers the live stream."""

    def give(route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = Path(str(finders.find(path.removeprefix("/static/"))))
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "/hub/live":
            events = stream(request)
            if events is None:
                route.fulfill(status=503)
            else:
                route.fulfill(body=events, content_type="text/event-stream")
        else:
            headers = dict(answer.headers.items())
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    page = browser.new_context(**context).new_page()
    page.route("**/*", give)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: "Content Security Policy" in said.text and page.faults.append(said.text))
    page.goto("http://simos.test/page")
    return page


def until(page: Page, condition: str) -> None:
    """Returns once the JavaScript condition holds. The page's policy forbids Playwright's own waiting."""
    while not page.evaluate(f"() => {condition}"):
        page.wait_for_timeout(10)


def entity(number: int, attributes: dict[str, object], *, kind: str = "updated", urn: str = GLAZIJA) -> str:
    body = {"id": urn, "type": ["OffStreetParking"], "kind": kind, "attributes": attributes}
    return f"event: entity\nid: e1:{number}\ndata: {json.dumps(body)}\n\n"


def free(value: object, at: str = "") -> dict[str, object]:
    observed = {"observedAt": at} if at else {}
    return {"availableSpotNumber": {"type": "Property", "value": value, **observed}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", ["/", "/celje/parkirisca/glazija/zgodovina/", "/it/koper/", "/nowhere/"])
def test_axe_finds_nothing_and_nothing_overflows(
    site: Client, browser: Browser, address: str, width: int, scheme: str
) -> None:
    page = open_page(browser, site.get(address), viewport={"width": width, "height": 800}, color_scheme=scheme)
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.faults == []
    page.context.close()


def test_the_keyboard_comes_first_to_the_way_past_the_header(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/celje/parkirisca/"))
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_letters_with_carons_come_in_the_platforms_own_font(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/celje/parkirisca/"))
    loaded = page.evaluate(
        """async () => { await document.fonts.ready;
        return [...document.fonts].filter((f) => f.status === "loaded").map((f) => f.unicodeRange.slice(0, 7)); }"""
    )
    assert "U+100-2" in loaded


def test_without_javascript_the_page_shows_all_and_offers_a_reload(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/celje/parkirisca/"), java_script_enabled=False)
    expect(page.get_by_text("132", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Osveži stran")).to_be_visible()
    expect(page.locator("[data-live-follow]")).to_be_hidden()
    expect(page.locator("[data-live-status]")).to_be_hidden()


def test_events_change_number_state_and_time(site: Client, browser: Browser) -> None:
    events = entity(8, free(1234, "2025-09-02T07:05:00Z")) + entity(9, free(12, "2025-09-02T07:10:00Z"))
    page = open_page(browser, site.get("/celje/parkirisca/"), stream=lambda _: events)
    value = page.locator("[data-live-attribute]")
    expect(value).to_have_text("12")
    expect(value).to_have_class("is-low is-changed")
    expect(page.locator("[data-live-state]")).to_have_text("Skoraj polno")
    expect(page.locator("[data-live-observed]")).to_have_text("2. 9. 2025, 09:10")
    assert page.faults == []


@pytest.mark.parametrize(
    ("events", "shown", "word"),
    [
        (entity(8, free(1234.56)), "1.234,6", "Prosto"),
        (entity(8, free(0)), "0", "Zasedeno"),
        (entity(8, {"availableSpotNumber": []}), "–", "–"),
        (entity(8, {}, kind="deleted"), "–", "–"),
        (entity(8, free("urn:ngsi-ld:null")), "–", "–"),
        (
            entity(8, free(5), kind="corrected") + entity(9, {"name": {"type": "Property", "value": "x"}}),
            "132",
            "Prosto",
        ),
        (entity(8, free(5), urn="urn:other"), "132", "Prosto"),
        ("event: entity\nid: e1:8\ndata: {broken\n\n" + entity(9, free(7)), "7", "Skoraj polno"),
        (entity(8, free(7, "2025-09-02T08:00:00Z")) + entity(9, free(9, "2025-09-02T07:00:00Z")), "7", "Skoraj polno"),
        (
            entity(
                8,
                {
                    "availableSpotNumber": [
                        {"type": "Property", "value": 3, "datasetId": "urn:a"},
                        {"type": "Property", "value": 4},
                    ]
                },
            ),
            "4",
            "Skoraj polno",
        ),
    ],
)
def test_each_kind_of_event_shows_what_it_says(
    site: Client, browser: Browser, events: str, shown: str, word: str
) -> None:
    asked: list[str] = []

    def stream(request: Request) -> str:
        asked.append(request.url)
        return f"retry: 20\n{events}"

    page = open_page(browser, site.get("/celje/parkirisca/"), stream=stream)
    while len(asked) < 2:  # the second asking shows that the first answer was taken in
        page.wait_for_timeout(10)
    expect(page.locator("[data-live-attribute]")).to_have_text(shown)
    expect(page.locator("[data-live-state]")).to_have_text(word)
    page.context.close()


def test_the_stream_begins_where_the_page_was_made_and_resumes_where_it_was_left(
    site: Client, browser: Browser
) -> None:
    asked: list[str] = []

    def stream(request: Request) -> str:
        asked.append(parse_qs(urlsplit(request.url).query)["lastEventId"][0])
        return "retry: 60000\nevent: hello\nid: e1:7\ndata: {}\n\n" + entity(9, free(50 + len(asked)))

    page = open_page(browser, site.get("/celje/parkirisca/"), stream=stream)
    expect(page.locator("[data-live-attribute]")).to_have_text("51")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("[data-live-attribute]")).to_have_text("52")
    assert asked == ["e1:7", "e1:9"]


def test_a_lost_connection_is_said(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/celje/parkirisca/"))
    expect(page.locator("[data-live-status]")).to_have_text(
        "Povezava je prekinjena. Številke so morda stare; poskušamo znova."
    )
    expect(page.get_by_text("132", exact=True)).to_be_visible()


def test_a_screen_reader_hears_only_what_is_followed_and_not_each_change(site: Client, browser: Browser) -> None:
    numbers = iter(range(9999, 100, -1))
    answer = site.get("/celje/parkirisca/")
    answer.content = answer.content.replace(b"data-live-announce", b'data-live-announce data-live-every="3600"')
    page = open_page(browser, answer, stream=lambda _: "retry: 20\n" + entity(8, free(next(numbers))))
    page.evaluate(
        """() => {
        window.said = [];
        window.changes = 0;
        const each = (selector, then) =>
            new MutationObserver(then).observe(document.querySelector(selector), { childList: true });
        each("[data-live-attribute]", () => (changes += 1));
        each("[data-live-announce]", () => said.push(document.querySelector("[data-live-announce]").textContent));
        }"""
    )
    until(page, "changes >= 3")
    assert page.evaluate("said") == []
    page.locator("[data-live-follow]").click()
    expect(page.locator("[data-live-follow]")).to_have_attribute("aria-pressed", "true")
    until(page, "said.length > 0")
    page.evaluate("changes = 0")
    until(page, "changes >= 5")
    (said,) = page.evaluate("said")
    assert re.fullmatch(r"Glazija 9\.\d\d\d od 240", said)
