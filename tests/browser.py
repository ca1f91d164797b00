"""Headless Chromium for the tests of pages. Without one they skip, and say how to get it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
"""Maps are drawn without a graphics card."""
HOW = "SKIPPED LOUDLY: needs headless Chromium on PATH (Debian, Ubuntu: apt-get install chromium)"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a folder. Playwright keeps a loop in this thread until it ends."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(HOW)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Django takes Playwright's loop for one of the test's own
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()
