"""Without a connection the last pages open, with the time at which they were seen; others say what is the matter."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Look
from tests.journeys.watching import wait_for

pytestmark = pytest.mark.browser


def test_the_last_pages_open_offline_and_what_was_searched_for_is_not_kept(look: Look) -> None:
    page = look("/celje/", interrupted=True)
    wait_for(page, "navigator.serviceWorker.controller !== null")
    for address in ("/celje/vodici/prijava-prebivalisca/", "/celje/iskanje/?q=bolezen"):
        page.goto(address)
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);
          return found;
        }"""
    )
    assert "/celje/vodici/prijava-prebivalisca/" in kept
    assert "/celje/iskanje/" not in kept
    page.context.set_offline(True)
    page.goto("/celje/vodici/prijava-prebivalisca/")
    expect(page.get_by_role("heading", level=1, name="Prijava stalnega prebivališča")).to_be_visible()
    expect(page.get_by_text("Stran vidite, kakršna je bila:")).to_be_visible()
    assert page.locator("[data-seen] time").get_attribute("datetime")
    page.goto("/en/celje/privacy/")
    expect(page.get_by_role("heading", level=1, name="You are offline")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/celje/vodici/prijava-prebivalisca/")
    expect(page.get_by_text("Stran vidite, kakršna je bila:")).to_be_hidden()
