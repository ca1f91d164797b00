"""The part of Wagtail's pages, pictures and documents that belongs to a scope. Decides nothing about persons.

Whoever makes a city's home page claims it once, by `claim_pages`; its translations belong to the city with it.
"""

from collections.abc import Sequence

from django.db import transaction
from wagtail.models import Collection, Page

from simos.kernel.acting import Scope
from simos.kernel.errors import Conflict
from simos.web.office.models import PageTree, ScopeCollection


def claim_pages(scope: Scope, page: Page) -> None:
    """`page`, its translations and all below belong to `scope`. Conflict if it, or what is above it, is another's."""
    with transaction.atomic():
        tree, is_new = PageTree.objects.get_or_create(scope=str(scope), defaults={"page_id": page.pk})
        if not is_new and tree.page_id != page.pk:
            raise Conflict(f"{scope} has a tree of pages already, at page {tree.page_id}")
        for other in PageTree.objects.exclude(pk=tree.pk).select_related("page"):
            if page.path.startswith(other.page.path) or other.page.path.startswith(page.path):
                raise Conflict(f"page {page.pk} is not {scope}'s alone: {other.scope} has page {other.page_id}")


def roots_of(scope: Scope) -> Sequence[Page]:
    """The pages at the top of the scope's part of the tree, one for each language; none where none is claimed."""
    tree = PageTree.objects.filter(scope=str(scope)).select_related("page").first()
    if tree is None:
        return ()
    return list(Page.objects.filter(translation_key=tree.page.translation_key, depth=tree.page.depth))


def collection_of(scope: Scope) -> Collection:
    """The scope's collection of pictures and documents; it is made where there was none."""
    found = ScopeCollection.objects.filter(scope=str(scope)).select_related("collection").first()
    if found is not None:
        return found.collection
    with transaction.atomic():
        root = Collection.objects.select_for_update().get(depth=1)
        found = ScopeCollection.objects.filter(scope=str(scope)).select_related("collection").first()
        if found is None:
            made = root.add_child(instance=Collection(name=str(scope)))
            found = ScopeCollection.objects.create(scope=str(scope), collection=made)
    return found.collection
