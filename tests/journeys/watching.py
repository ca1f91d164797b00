"""What a test sees of a page: its faults, what it says over time, where the keyboard is."""

import re
import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

Faults = list[str]

WATCH = """() => {
  window.seen = [];
  window.said = [];
  const each = (element, list) => element && new MutationObserver(() => list.push(element.textContent))
    .observe(element, { childList: true });
  document.querySelectorAll("[data-live-attribute]").forEach((element) => each(element, seen));
  each(document.querySelector("[data-live-status]"), said);
}"""

FOCUS = """() => {
  const element = document.activeElement;
  const look = () => {
    const style = getComputedStyle(element);
    return [style.outline, style.boxShadow, style.backgroundColor, style.textDecoration].join();
  };
  const focused = look();
  element.blur();
  const plain = look();
  element.focus({ focusVisible: true });
  const box = element.getBoundingClientRect();
  const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  return { name: (element.labels?.[0] ?? element).textContent.trim(), seen: seen && focused !== plain };
}"""

SPOKEN = {"aria-label", "content", "data-words-open", "data-words-lost", "data-live-unit"}
"""Attributes that hold words for people."""


def watch_faults(page: Page, origin: str, *, interrupted: bool = False, leads_to: str = "") -> Faults:
    """The page's faults, growing as they happen: errors, breaches of its policy, requests to other hosts."""
    faults: Faults = []
    at_home = tuple(f"{each}/" for each in (origin, leads_to) if each)

    def take(message: ConsoleMessage) -> None:
        own_answer = "Failed to load resource" in message.text and message.location.get("url") == page.url
        cut = interrupted and "/hub/live" in str(message.location.get("url"))
        slow = "GL Driver Message" in message.text  # a map drawn without a graphics card, as here
        if message.type in ("error", "warning") and not own_answer and not cut and not slow:
            faults.append(f"{page.url}: {message.text}")

    page.on("console", take)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: (
            faults.append(f"{page.url} asked for {request.url}")
            if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(at_home)
            else None
        ),
    )
    return faults


def watch(page: Page) -> None:
    """From now on the page keeps every text that its numbers (`seen`) and its live status (`said`) take on."""
    page.evaluate(WATCH)


def wait_for(page: Page, condition: str, *, seconds: float = 30) -> float:
    """Returns once the JavaScript condition holds, with the seconds that took; AssertionError after `seconds`.

    The page's policy forbids Playwright's own waiting.
    """
    began = time.monotonic()
    while not page.evaluate(f"() => {condition}"):
        assert time.monotonic() - began < seconds, f"{page.url}: never {condition}; {page.evaluate('window.seen')}"
        page.wait_for_timeout(5)
    return time.monotonic() - began


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Presses Tab until the focus is on what bears the name; everything passed on the way shows that it has focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUS)
        assert focused["seen"], f"{page.url}: the focus on {focused['name']!r} cannot be seen"
        if focused["name"] == name:
            return
    raise AssertionError(f"{page.url}: {most} times Tab never came to {name!r}")


class _Words(HTMLParser):
    """Gathers a page's texts, hidden ones too; not what stands in scripts, says `translate="no"`, or is marked as of
    another language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.verbatim = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marked = tag not in ("html", "a") and any(name == "lang" for name, _ in attrs)  # links name their language
        if ("translate", "no") in attrs or tag in ("script", "style") or marked:
            self.verbatim = tag
        spoken = (value for name, value in attrs if name in SPOKEN or name.startswith("data-live-words-"))
        self.found += [value for value in spoken if value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.verbatim:
            self.verbatim = ""

    def handle_data(self, data: str) -> None:
        if not self.verbatim:
            self.found.append(data)


def words_in(html: str) -> set[str]:
    """Every text of the page that has a word in it."""
    reader = _Words()
    reader.feed(html)
    return {text for each in reader.found if re.search(r"[^\W\d_]{3}", text := " ".join(each.split()))}
