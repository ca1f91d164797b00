"""The living page of the design system: every part is on it, works in the browser, and is what its code says."""

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser

import simos.web
from simos.web.design.examples import EXAMPLES
from tests.web.test_browser import axe, open_page

TAGS = Path(simos.web.__file__).parent / "templatetags"
ELSEWHERE = {"asset", "bring", "field", "hero", "error_summary", "moment", "observed"}
"""Tags that are no parts, or that need a page of their own: the homes, forms with errors, lists."""


def test_every_tag_that_shows_a_part_has_its_example() -> None:
    found = set()
    for file in TAGS.glob("web*.py"):
        found |= set(
            re.findall(r"@register\.(?:inclusion_tag|simple_tag|simple_block_tag)[^\n]*\ndef (\w+)", file.read_text())
        )
    assert found - ELSEWHERE == {example.name for example in EXAMPLES} - {"forecast", "bars", "small_figures"}


@pytest.mark.parametrize("address", ["/design/", "/en/design/"])
def test_each_part_is_shown_with_its_code(site: Client, address: str) -> None:
    page = site.get(address).content.decode()
    for example in EXAMPLES:
        shown = page.split(f'data-example="{example.name}">')[1].split('<details class="govuk-details">')[0]
        assert len(shown.strip()) > 30, example.name
        assert f"def {example.values.__name__}" in page


def test_it_is_not_in_languages_that_it_does_not_speak(site: Client) -> None:
    assert site.get("/it/design/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_overflows(site: Client, browser: Browser, width: int, scheme: str) -> None:
    page = open_page(
        browser,
        site.get("/design/"),
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page.wait_for_timeout(1500)
    result = axe.Axe().run(page)
    assert page.locator("[data-example]").count() == len(EXAMPLES)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.faults == []
    page.context.close()


@pytest.mark.browser
def test_without_javascript_all_but_the_map_is_there(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/design/"), java_script_enabled=False)
    for example in EXAMPLES:
        assert page.locator(f'[data-example="{example.name}"]').inner_text().strip(), example.name
    page.context.close()
