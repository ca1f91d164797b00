"""The officer of Celje in the office of the running demo: its policy is kept, our pages pass axe, the city is named."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.signing_in import OFFICER_IN_CELJE, demo_password, signed_in
from tests.journeys.watching import Faults, watch_faults
from tests.running import Running

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser

OURS = (
    "", "mobility_parking-facilities/", "mobility_parking-facilities/new/", "mobility_parking-facilities/import/",
    "mobility_guidance-desk/", "mobility_guidance-desk/P03/", "mobility_guidance-panels/",
    "mobility_guidance-panels/new/",
    "platform-officers/", "platform-modules/", "platform-tokens/", "platform-work/", "platform-audit/",
    "platform-audit/verify/", "platform-units/", "platform-substitutes/",
)  # fmt: skip


@pytest.fixture(scope="module")
def officer(platform: Running, browser: Browser) -> Iterator[tuple[Page, Faults]]:
    """Marko of Celje, signed in by his password."""
    page = browser.new_context(base_url=platform.url, viewport={"width": 1280, "height": 800}).new_page()
    faults = watch_faults(page, platform.url)
    yield signed_in(page, OFFICER_IN_CELJE, demo_password(platform)), faults
    page.context.close()


@pytest.mark.parametrize("at", OURS)
def test_our_pages_pass_axe_and_name_the_city(officer: tuple[Page, Faults], at: str) -> None:
    page, faults = officer
    page.goto(f"/office/{at}")
    page.wait_for_selector("#wagtail-sidebar nav")
    assert page.locator(".office-place__name").first.inner_text() == "Celje"
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for each in axe.Axe().run(page).response["violations"]:
            found[f"{scheme} {each['id']}"] = [node["html"][:160] for node in each["nodes"][:3]]
    assert found == {}
    assert faults == []
