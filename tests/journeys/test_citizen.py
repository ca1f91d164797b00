"""A citizen looks for a place to park: by mouse, by keyboard, without JavaScript, in each language."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Look
from tests.journeys.watching import tab_to, wait_for, watch

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("start", "city", "service", "facility"),
    [
        ("/", "Celje", "Parkiranje", "Parkirišče Glazija"),
        ("/en/", "Celje", "Parking", "Parkirišče Glazija"),
        ("/it/koper/", "", "Parcheggio", "Garaža Tržnica"),
    ],
)
def test_from_the_first_page_to_a_facility_with_the_keyboard_alone(
    look: Look, start: str, city: str, service: str, facility: str
) -> None:
    page = look(start)
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for name in filter(None, (city, service, facility)):
        tab_to(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()
    expect(page.locator(".live-number__value")).to_be_visible()


def test_numbers_change_by_themselves_while_one_looks(look: Look) -> None:
    page = look("/celje/parkiranje/")
    watch(page)
    expect(page.get_by_text("Posodablja se samodejno")).to_be_visible()
    wait_for(page, "seen.length >= 3", seconds=60)
    assert all(text.isdigit() for text in page.evaluate("seen"))


def test_made_up_numbers_are_said_to_be_made_up_and_others_not(look: Look) -> None:
    page = look("/celje/parkiranje/")
    expect(page.get_by_text("Prikazni podatki")).to_be_visible()
    page.get_by_role("link", name="Parkirišče Glazija").click()
    expect(page.get_by_text("Prikazni podatki")).to_be_visible()
    page.goto("/koper/parkiranje/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Prikazni podatki")).to_have_count(0)


def test_the_other_language_shows_the_same_page(look: Look) -> None:
    page = look("/koper/parkiranje/trznica/")
    for language, path in (
        ("Italiano", "/it/koper/parcheggio/trznica/"),
        ("English", "/en/koper/parking/trznica/"),
        ("Slovenščina", "/koper/parkiranje/trznica/"),
    ):
        page.get_by_role("link", name=language, exact=True).click()
        page.wait_for_url(f"**{path}")
        expect(page.get_by_role("heading", level=1, name="Garaža Tržnica")).to_be_visible()
        expect(page.locator(".languages [aria-current]")).to_have_text(language)


def test_without_javascript_the_same_pages_read_and_offer_to_reload(look: Look) -> None:
    page = look("/en/", javascript=False)
    for name in ("Celje", "Parking", "Parkirišče Glazija"):
        page.get_by_role("link", name=name, exact=True).first.click()
    assert page.locator(".live-number__value > span").first.inner_text().isdigit()
    expect(page.get_by_role("button")).to_have_count(0)
    page.get_by_text("The same numbers in a table").last.click()
    expect(page.get_by_role("table").last).to_be_visible()
    page.get_by_role("link", name="Reload the page").click()
    assert page.locator("meta[http-equiv=refresh]").count() == 0
    page.get_by_role("link", name="Reload by itself every minute").click()
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "60"
    page.get_by_role("link", name="Stop reloading every minute").click()
    assert page.locator("meta[http-equiv=refresh]").count() == 0


def test_where_to_go_is_suggested_while_one_writes_and_found(look: Look) -> None:
    page = look("/celje/parkiranje/kje-parkirati/")
    where = page.get_by_label("Kam greste?")
    names = page.locator("#destinations option")
    assert names.count() > 5
    with page.expect_response(lambda answer: "htmx.js" in answer.url):
        where.focus()
    wait_for(page, "'htmx-internal-data' in document.querySelector('[list=destinations]')")
    where.press_sequentially("muzej")
    expect(names).to_have_count(1)
    name = names.get_attribute("value") or ""
    where.fill(name)
    where.press("Enter")
    expect(page.get_by_role("heading", level=2, name=f"Za cilj: {name}")).to_be_visible()
    expect(page.locator(".choices__one h3").first).to_have_text(name)
