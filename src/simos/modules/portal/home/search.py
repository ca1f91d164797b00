"""What the platform's search finds of content: guides, life events, news and all other pages."""

from collections.abc import Collection, Iterable
from functools import partial

from simos.kernel.text import Text
from simos.modules.portal.home.queries.documents import KINDS, documents_of
from simos.platform.scopes.acting import current
from simos.platform.search.values import Document, Searchable

TITLES = {
    "content-guide": Text(sl="Vodiči", en="Guides", it="Guide"),
    "content-life-event": Text(sl="Življenjski dogodki", en="Life events", it="Eventi della vita"),
    "content-news": Text(sl="Novice", en="News", it="Notizie"),
    "content-page": Text(sl="Strani", en="Pages", it="Pagine"),
}


def documents(kind: str, ids: Collection[str] | None) -> Iterable[Document]:
    """Pages of this kind in the scope in force, by the key that their translations share."""
    return documents_of(kind, current().scope, ids)


searchables = tuple(Searchable(kind=kind, title=TITLES[kind], documents=partial(documents, kind)) for kind in KINDS)
