"""Writing pages by program: seeds, demonstrations, imports. Editors write theirs in the office, through Wagtail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import NotFound
from simos.modules.portal.home.events import ContentChanged
from simos.modules.portal.home.models import ContentPage, SectionPage
from simos.modules.portal.home.values.places import Place
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit


def write_pages(
    scope: Scope, section: Place, language: str, pages: Sequence[ContentPage], *, by: Actor, at: datetime
) -> int:
    """The section has these pages, published; how many were new. Where a page has a slug already, it stays as it is.

    Forbidden without `publish-content`;
    NotFound where the section is not there.
    """
    require(by, "publish-content", scope)
    place = f"/{language}/{scope.code}/{section.slug.in_(language)}/"
    with transaction.atomic():
        home = SectionPage.objects.filter(url_path=place).first()
        if home is None:
            raise NotFound(f"there is no section at {place}")
        there = set(home.get_children().values_list("slug", flat=True))
        fresh = [page for page in pages if page.slug not in there]
        for page in fresh:
            page.locale, page.is_quiet = home.locale, True
            page.first_published_at = page.last_published_at = at
            home.add_child(instance=page)
        if fresh:
            keys = tuple(str(page.translation_key) for page in fresh)
            emit(ContentChanged(keys=keys), scope=scope, by=by, at=at)
            record("write-pages", obj=("page", str(home.pk)), by=by, scope=scope, at=at, data={"pages": len(fresh)})
    return len(fresh)
