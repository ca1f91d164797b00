"""Who has come into the office, in which scope, and what they may do there. Reads role grants; grants nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from wagtail.models import Collection, Page

from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.platform.access.queries import permissions_of
from simos.platform.scopes.models import City
from simos.web.office.trees import collection_of, roots_of

SESSION_KEY = "office-scope"
EDIT_CONTENT, PUBLISH_CONTENT = "edit-content", "publish-content"
"""Permissions of the module that keeps the cities' pages; where none is installed nobody has them."""
CONTENT = frozenset({EDIT_CONTENT, PUBLISH_CONTENT})

_PAGE_RIGHTS: Mapping[str, tuple[str, ...]] = {
    EDIT_CONTENT: ("add_page", "change_page"),
    PUBLISH_CONTENT: ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"),
}
_FILE_RIGHTS = tuple(f"{verb}_{noun}" for noun in ("image", "document") for verb in ("add", "change", "choose"))
_CONTENT_RIGHTS = frozenset(
    [f"wagtailimages.{right}" for right in _FILE_RIGHTS if right.endswith("image")]
    + [f"wagtaildocs.{right}" for right in _FILE_RIGHTS if right.endswith("document")]
    + ["wagtail_localize.submit_translation"]
)


@dataclass(frozen=True, slots=True)
class Code:
    """A permission by its code, as Wagtail's policies read it."""

    codename: str


@dataclass(frozen=True, slots=True)
class PageRight:
    """What Wagtail keeps in GroupPagePermission, in no table and for no group."""

    page: Page
    permission: Code

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


@dataclass(frozen=True, slots=True)
class CollectionRight:
    """What Wagtail keeps in GroupCollectionPermission."""

    collection: Collection
    permission: Code

    @property
    def collection_id(self) -> int:
        return int(self.collection.pk)


@dataclass(frozen=True)
class Office:
    """The officer's place: one scope, and the platform's permissions there. What Wagtail asks is derived from them."""

    actor: Actor
    scope: Scope
    permissions: frozenset[str]
    choices: Sequence[Scope]
    city: City | None = None

    @property
    def in_city(self) -> bool:
        return self.scope.kind is ScopeKind.CITY

    @property
    def edits_content(self) -> bool:
        return bool(self.permissions & CONTENT)

    @cached_property
    def roots(self) -> Sequence[Page]:
        """The pages at the top of what the officer may see; none for one who does not edit."""
        return roots_of(self.scope) if self.edits_content else ()

    @cached_property
    def collection(self) -> Collection | None:
        return collection_of(self.scope) if self.edits_content else None

    def has_page(self, page: Page) -> bool:
        """Whether the page is in the scope's part of the tree."""
        return any(page.path.startswith(root.path) for root in self.roots)

    def has_collection(self, collection: Collection) -> bool:
        """Whether pictures and documents of this collection are the scope's."""
        return self.collection is not None and collection.path.startswith(self.collection.path)

    @cached_property
    def wagtail_rights(self) -> frozenset[str]:
        """What Django calls permissions, as far as Wagtail asks for them."""
        return frozenset({"wagtailadmin.access_admin"}) | (_CONTENT_RIGHTS if self.edits_content else frozenset())

    def page_rights(self) -> list[PageRight]:
        """What may be done with which part of the page tree."""
        codes = sorted({code for name in self.permissions & CONTENT for code in _PAGE_RIGHTS[name]})
        return [PageRight(root, Code(code)) for root in self.roots for code in codes]

    def collection_rights(self) -> list[CollectionRight]:
        """The same for pictures and documents. Nobody manages collections: a scope has one."""
        return [CollectionRight(self.collection, Code(code)) for code in _FILE_RIGHTS] if self.collection else []


def scopes_of(actor: Actor) -> Mapping[Scope, frozenset[str]]:
    """The scopes in which `actor` has any permission, with them; in order of their names."""
    found = {Scope.parse(scope): permitted for scope, permitted in permissions_of(actor).items() if permitted}
    return dict(sorted(found.items(), key=lambda each: str(each[0])))


def office_of(request: HttpRequest, scopes: Mapping[Scope, frozenset[str]]) -> Office | None:
    """The office that the session names, if the officer still has a role there; the only one; None: choose first."""
    named = request.session.get(SESSION_KEY, "")
    scope = next((each for each in scopes if str(each) == named), None)
    if scope is None and len(scopes) == 1:
        scope = next(iter(scopes))
    if scope is None:
        return None
    city = City.objects.filter(code=scope.code).first() if scope.kind is ScopeKind.CITY else None
    actor = request.actor  # type: ignore[attr-defined]
    return Office(actor=actor, scope=scope, permissions=scopes[scope], choices=tuple(scopes), city=city)


def seat(request: HttpRequest, office: Office) -> None:
    """The request's account has just the rights of `office` for as long as the request lasts.

    Wagtail's policies keep a person's rights on the account once read; they are put there, so that no table of groups
    is ever asked. `is_superuser` counts for nothing here.
    """
    request.office = office  # type: ignore[attr-defined]
    request.city = office.city  # type: ignore[attr-defined]
    user = request.user
    user.office = office  # type: ignore[union-attr]
    user.is_superuser = False
    user._page_permission_cache = office.page_rights()  # type: ignore[union-attr]
    user._collection_permission_cache = office.collection_rights()  # type: ignore[union-attr]
