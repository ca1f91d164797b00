"""Pages of content as the platform's search takes them: published ones, for everybody, in all their languages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wagtail.models import Page, PageViewRestriction

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.text import LANGUAGES, Text
from simos.modules.portal.home.models import (
    AccessibilityPage,
    ArticlePage,
    GuidePage,
    LifeEventPage,
    NewsPage,
    SectionPage,
)
from simos.modules.portal.home.rules import CONSORTIUM
from simos.platform.scopes.queries import city_of
from simos.platform.search.values import Document

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""The time of a page that bears none."""

KINDS: Mapping[str, Sequence[type[Page]]] = {
    "content-guide": (GuidePage,),
    "content-life-event": (LifeEventPage,),
    "content-news": (NewsPage,),
    "content-page": (ArticlePage, SectionPage, AccessibilityPage),
}
_FIELDS = ("need", "cost", "term", "where", "legal_basis", "contact")


def documents_of(kind: str, scope: Scope, keys: Collection[str] | None) -> Iterator[Document]:
    """The documents of this kind in the scope, or those with these keys. What only stands in for a translation is
    found in its own language alone."""
    languages = city_of(scope.code).languages if scope.kind is ScopeKind.CITY else LANGUAGES
    places = [f"/{each}/{scope.code or CONSORTIUM.in_(each)}/" for each in languages]
    hidden = list(PageViewRestriction.objects.values_list("page__path", flat=True))
    found: dict[str, dict[str, Any]] = {}
    for model in KINDS[kind]:
        pages = model.objects.filter(live=True, alias_of=None).select_related("locale")
        if keys is not None:
            pages = pages.filter(translation_key__in=keys)
        for page in pages:
            if page.url_path.startswith(tuple(places)) and not page.path.startswith(tuple(hidden)):
                found.setdefault(str(page.translation_key), {})[page.locale.language_code] = page
    for key, pages_of in found.items():
        yield _document(key, pages_of)


def _document(key: str, pages: Mapping[str, Any]) -> Document:
    first = next(pages[each] for each in LANGUAGES if each in pages)
    titles = {each: pages.get(each, first).title for each in LANGUAGES if each in pages or each in ("sl", "en")}
    bodies = {each: words_of(pages.get(each, first)) or "–" for each in titles}
    return Document(
        id=key,
        title=Text(**titles),
        body=Text(**bodies),
        addresses={language: page.url for language, page in pages.items()},
        at=max((page.last_published_at for page in pages.values() if page.last_published_at), default=LONG_AGO),
        open=True,
    )


def words_of(page: Any) -> str:
    """All that the page says to readers, as plain text."""
    said = [page.lead, page.search_description]
    for name in _FIELDS:
        if value := getattr(page, name, ""):
            field = page._meta.get_field(name)
            said += field.get_searchable_content(value) if hasattr(field, "get_searchable_content") else [value]
    for name in ("steps", "body", "easy"):
        if stream := getattr(page, name, None):
            said += stream.stream_block.get_searchable_content(stream)
    return " ".join(str(each) for each in said if each)
