"""What the portal does when content has changed: the search is told, and so are who publish and who write."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.modules.portal.home.actions.reviewing import tell_editor, tell_publishers
from simos.modules.portal.home.events import ContentChanged, ContentReviewed, ContentSubmitted
from simos.modules.portal.home.search import searchables
from simos.platform.search.actions import refresh


def tell_search(event: ContentChanged, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The search is to find these pages as they are published now."""
    for searchable in searchables:
        refresh(searchable.kind, event.keys, scope=scope, by=by)


def tell_who_publishes(event: ContentSubmitted, *, scope: Scope, by: Actor, at: datetime) -> None:
    """Publishers know that a page waits."""
    tell_publishers(scope, event.step, by=by, at=at)


def tell_who_wrote(event: ContentReviewed, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The editor knows what was decided."""
    tell_editor(scope, event.step, by=by, at=at)


reactions = {
    ContentChanged: (tell_search,),
    ContentSubmitted: (tell_who_publishes,),
    ContentReviewed: (tell_who_wrote,),
}
