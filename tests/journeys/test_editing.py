"""An editor writes, dates and publishes in the office of the running demo: Wagtail works under the office's policy."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.signing_in import OFFICER_IN_KOPER, demo_password, signed_in
from tests.journeys.watching import watch_faults
from tests.running import Running

pytestmark = pytest.mark.browser

Officer = Callable[[str], Page]


@pytest.fixture
def officer(platform: Running, browser: Browser) -> Iterator[Officer]:
    """Opens the office as somebody. At the end no page may have said an error or broken the office's policy."""
    opened: list[tuple[Page, list[str]]] = []

    def come(email: str) -> Page:
        page = browser.new_context(base_url=platform.url, viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(20_000)
        opened.append((page, watch_faults(page, platform.url)))
        return signed_in(page, email, demo_password(platform))

    yield come
    for page, _faults in opened:
        page.context.close()
    assert [fault for _page, faults in opened for fault in faults] == []


def test_news_are_written_dated_published_and_translated(officer: Officer) -> None:
    # Names and numbers alone: Koper's home shows it in every language to the tests of other pages.
    page, title = officer(OFFICER_IN_KOPER), f"Koper {uuid4().int % 10**8}"
    page.goto("/office/pages/search/?q=Novice")
    link = page.locator("main a[href$='/edit/']", has_text="Novice").first.get_attribute("href") or ""
    page.goto(link.replace("/pages/", "/pages/add/portal_home/newspage/").replace("/edit/", "/"))
    page.locator("#id_title").press_sequentially(title)
    expect(page.locator("#id_slug")).to_have_value(title.lower().replace(" ", "-"))
    page.fill("#id_lead", "Koper.")
    page.click("#id_date")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    page.locator(".image-chooser button:visible").first.click()
    expect(page.locator(".modal-body").first).to_be_visible()
    page.locator(".modal button.close").click()
    body = page.locator("[data-contentpath=body]")
    body.locator("button.c-sf-add-button").click()
    page.get_by_role("option").first.click()
    body.locator("[contenteditable=true]").first.press_sequentially("Besedilo novice.")
    expect(body.locator("[name=body-0-value]")).to_have_value(re.compile("Besedilo novice."))
    page.locator("footer .w-dropdown__toggle").click()
    page.locator("[name=action-publish]").click()
    expect(page.locator(".messages")).to_contain_text(title)
    edit = page.locator(".messages a[href$='/edit/']").get_attribute("href") or ""
    page.goto(edit.replace("/pages/", "/localize/submit/page/").replace("/edit/", "/"))
    page.get_by_label("Italiano").check()
    page.locator("main input[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Besedilo novice.")
    page.goto(f"/koper/novice/{title.lower().replace(' ', '-')}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main")).to_contain_text("Besedilo novice.")
