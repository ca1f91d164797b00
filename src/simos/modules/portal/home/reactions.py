"""What the portal does when content has changed: the search is told."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.modules.portal.home.events import ContentChanged
from simos.modules.portal.home.search import searchables
from simos.platform.search.actions import refresh


def tell_search(event: ContentChanged, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The search is to find these pages as they are published now."""
    for searchable in searchables:
        refresh(searchable.kind, event.keys, scope=scope, by=by)


reactions = {ContentChanged: (tell_search,)}
