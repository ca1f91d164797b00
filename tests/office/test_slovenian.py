"""The office is Slovenian to its last word: what libraries' catalogues lack, ours have; nothing English is rendered."""

import io
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

from tests.office.conftest import CELJE, EDITOR, FED, Content, signed

PACKAGES = (
    "wagtail", "wagtail.admin", "wagtail.documents", "wagtail.embeds", "wagtail.images", "wagtail.snippets",
    "wagtail.users", "wagtail.contrib.settings", "wagtail_localize", "wagtail_localize.locales", "taggit",
)  # fmt: skip
DOMAINS = ("django", "djangojs")
WORDS = Path(next(each for each in settings.LOCALE_PATHS if str(each).endswith("words")))


def asked_for(domain: str) -> Iterator[Message]:
    """Every text that the packages ask a translation for."""
    for package in PACKAGES:
        found = find_spec(package)
        assert found is not None
        file = Path(str(found.origin)).parent / "locale/en/LC_MESSAGES" / f"{domain}.po"
        if file.exists():
            yield from (each for each in read_po(file.open("rb")) if each.id)


def key_of(message: Message) -> object:
    """How Django's merged catalogue names the message."""
    first = message.id if isinstance(message.id, str) else message.id[0]
    named = f"{message.context}\x04{first}" if message.context else first
    return named if isinstance(message.id, str) else (named, 0)


@pytest.mark.parametrize(("domain", "at_least"), [("django", 1200), ("djangojs", 60)])
def test_every_text_of_wagtails_is_there_in_slovenian(domain: str, at_least: int) -> None:
    catalogue = DjangoTranslation("sl", domain=domain)._catalog
    asked = {str(key_of(each)): each for each in asked_for(domain)}
    missing = [each.id for each in asked.values() if not catalogue.get(key_of(each))]
    assert missing == [], "add them to src/simos/web/office/words and run `make messages`"
    assert len(asked) > at_least


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_we_ship_is_compiled_and_still_asked_for(domain: str) -> None:
    ours = read_po((WORDS / f"sl/LC_MESSAGES/{domain}.po").open("rb"), locale="sl")
    fresh = io.BytesIO()
    write_mo(fresh, ours)
    fresh.seek(0)
    shipped = read_mo((WORDS / f"sl/LC_MESSAGES/{domain}.mo").open("rb"))
    assert {str(key_of(each)): each.string for each in read_mo(fresh) if each.id} == {
        str(key_of(each)): each.string for each in shipped if each.id
    }, "run `make messages`"
    asked = {str(key_of(each)) for each in asked_for(domain)}
    assert {str(key_of(each)) for each in ours if each.id} - asked == set()


class Texts(HTMLParser):
    """The texts of a page, scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in ("title", "placeholder", "aria-label", "alt") and value:
                self.found.add(" ".join(value.split()))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style") and (text := " ".join(data.split())):
            self.found.add(text)


def test_no_english_text_is_left_on_the_offices_main_pages(cities: dict[str, Content]) -> None:
    catalogue = DjangoTranslation("sl", domain="django")._catalog
    english = {
        str(each.id)
        for each in asked_for("django")
        if isinstance(each.id, str) and catalogue.get(key_of(each)) not in (None, each.id) and len(each.id) > 2
    }
    english -= {"None"}  # what Python writes for no value; Wagtail shows it of pages that were never edited
    both = signed(
        (CELJE, "city-administrator"), (CELJE, EDITOR), (CELJE, "parking-officer"), (FED, "platform-administrator")
    )
    own = cities["celje"]
    pages = [
        "", "pages/", f"pages/{own.home.pk}/", f"pages/{own.below.pk}/edit/", f"pages/{own.below.pk}/history/",
        f"pages/{own.below.pk}/delete/", f"pages/{own.below.pk}/move/", f"pages/{own.below.pk}/copy/",
        "pages/search/?q=nov", "images/", "images/add/", f"images/{own.image.pk}/", "documents/", "documents/add/",
        f"documents/edit/{own.document.pk}/", "images/chooser/", "choose-page/", "mobility_parking-facilities/",
        "mobility_parking-facilities/new/", "mobility_parking-facilities/import/", "platform-officers/",
        "platform-modules/", "platform-work/", "platform-audit/", "platform-audit/verify/", "scope/",
    ]  # fmt: skip
    both.client.post("/office/scope/", {"scope": "city:celje"})
    left = {}
    for at in pages:
        answer = both.client.get(f"/office/{at}", follow=True)
        assert answer.status_code == 200, at
        parser = Texts()
        parser.feed(answer.content.decode())
        if found := parser.found & english:
            left[at] = found
    assert left == {}
