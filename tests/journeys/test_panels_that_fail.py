"""A panel without power and one that lies, on the running demo: the office is told, drivers are not misled, the audit
log knows, and both are well again by themselves."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.signing_in import OFFICER_IN_CELJE, demo_password, signed_in
from tests.running import Running, until

pytestmark = pytest.mark.browser

UNPLUGGED, LYING = "P03", "P12"
DESK, AUDIT = "/office/mobility_guidance-desk/", "/office/platform-audit/?action="
WORDS = {UNPLUGGED: "brez povezave", LYING: "kaže nekaj drugega"}


@contextmanager
def played_badly(platform: Running) -> Iterator[None]:
    """Celje's panels as `simos guidance panels` plays them, two of them badly."""
    playing = platform.begin(*("guidance", "panels", "--city", "celje", "--unplug", UNPLUGGED, "--lies", LYING))
    try:
        assert playing.stdout is not None
        assert "1 of them lying; 1 unplugged" in playing.stdout.readline()
        yield
    finally:
        playing.send_signal(signal.SIGINT)
        playing.communicate(timeout=20)


@pytest.fixture
def officer(platform: Running, browser: Browser) -> Iterator[Page]:
    page = browser.new_context(base_url=platform.url).new_page()
    yield signed_in(page, OFFICER_IN_CELJE, demo_password(platform))
    page.context.close()


def public(platform: Running, code: str) -> str:
    return platform.get(f"/celje/vodenje/{code}/")[1].decode()


def audited(officer: Page, action: str) -> str:
    officer.goto(AUDIT + action)
    return officer.locator("main").inner_text()


def test_a_panel_without_power_and_one_that_lies(platform: Running, officer: Page) -> None:
    until("the panels work", lambda: all("data-live-state>deluje" in public(platform, code) for code in WORDS))
    with played_badly(platform):
        for code, word in WORDS.items():
            until(f"{code} is known to fail", lambda: word in public(platform, code), 40, 0.3)  # noqa: B023
            assert "Kaj zdaj kaže, ni znano" in public(platform, code)
        assert "88" not in public(platform, LYING).partition("sign-lines")[2].partition("</ul>")[0]
        officer.goto(DESK)
        failed = officer.locator("ul.signs").first.inner_text()
        assert all(f"{code} " in failed and word in failed for code, word in WORDS.items())
        assert "88" in failed  # what it claims, for who must mend it
        assert all(code in audited(officer, "panel-failed") for code in WORDS)
    until(
        "the panels work again",
        lambda: all("data-live-state>deluje" in public(platform, code) for code in WORDS),
        40,
        0.3,
    )
    assert all(code in audited(officer, "panel-recovered") for code in WORDS)
    officer.goto(DESK)
    assert "Noben panel ni v okvari" in officer.locator("main").inner_text()
