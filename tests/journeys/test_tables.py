"""A table that sorts, filters, pages and exports, as a person uses it: by pointer, by keyboard, without JavaScript."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look
from tests.running import Running

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser
INDICATOR, MARK = "/en/celje/indicators/portal/home/satisfaction-gained/", "#table-satisfaction-gained"
TABLE = "#table-lots"


def first_cells(page: Page, table: str) -> list[str]:
    return page.locator(f"{table} tbody th").all_inner_texts()


def test_a_table_changes_in_its_place_and_keeps_the_focus(look: Look) -> None:
    page = look(INDICATOR)
    page.wait_for_load_state()
    page.evaluate("window.kept = true")
    by_value = page.locator(f"{MARK}-by-value")
    with page.expect_response(lambda answer: "htmx.js" in answer.url):
        by_value.focus()
    while not page.evaluate(f"'htmx-internal-data' in document.querySelector('{MARK} a')"):
        page.wait_for_timeout(10)
    by_value.press("Enter")
    expect(page.locator(f"{MARK} th[aria-sort=ascending]")).to_have_text("Value")
    assert first_cells(page, MARK) == ["2024", "2025"]
    assert page.evaluate("document.activeElement.id") == "table-satisfaction-gained-by-value"
    assert page.url.endswith("?satisfaction-gained-sort=value")
    page.locator("select[name=satisfaction-gained-state]").select_option("replaced")
    page.locator(f"{MARK}-show").click()
    expect(page.locator(f"{MARK} .listing__count")).to_have_text("0 rows")
    assert page.evaluate("window.kept"), "the whole page was loaded anew"
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_it_works_without_javascript(look: Look) -> None:
    page = look("/en/design/", javascript=False)
    page.locator(f"{TABLE}-by-name").click()
    assert first_cells(page, TABLE)[:2] == ["Glazija 1", "Glazija 2"]
    page.locator(f"{TABLE} nav a", has_text="3").click()
    assert first_cells(page, TABLE) == ["Lava 2", "Lava 3"]


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_shown_can_be_taken_along(look: Look, width: int) -> None:
    page = look(f"{INDICATOR}?satisfaction-gained-sort=value", width=width)
    with page.expect_download() as taken:
        page.locator(f"{MARK} .listing__exports a", has_text="JSON").click()
    rows = json.loads(taken.value.path().read_text())
    assert [row["period"] for row in rows] == ["2024-01-01", "2025-01-01"]


def test_the_design_page_gives_the_example_as_a_file(platform: Running) -> None:
    rows = json.loads(platform.get("/en/design/?lots-lit=no&lots-sort=-spaces&lots-as=json")[1])
    assert [row["name"] for row in rows] == ["Knežji dvor 1", "Knežji dvor 2", "Knežji dvor 3"]


def test_numbers_that_change_can_be_paused(look: Look) -> None:
    page = look("/en/celje/parking/")
    pause = page.get_by_role("button", name="Pause updates")
    status = page.locator("[data-live-status]")
    expect(status).to_have_text("Updates by itself")
    pause.press("Enter")
    expect(status).to_have_text("Paused: the numbers stay as they are")
    expect(pause).to_have_attribute("aria-pressed", "true")
    assert page.locator("[data-live-pause]").count() == 1
    pause.press("Enter")
    expect(status).to_have_text("Updates by itself")
