"""Keeping the index fresh: what has changed at once, all of it each night. Shows nothing to anybody."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor, Scope, ScopeKind
from simos.kernel.module import Level
from simos.platform.access.declared import permissions
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import cities_with, serves
from simos.platform.search.installed import Exported, installed_searchables
from simos.platform.search.models import Build, Entry
from simos.platform.search.rules import fallback_for, indexed
from simos.platform.search.values import Document

AT_ONCE = 500
_KEY = ("document", "language")
_TAKEN = (
    "city", "module", "serves", "title", "body", "folded_title", "folded_body", "address", "permission", "at",
)  # fmt: skip


def refresh(kind: str, ids: Iterable[str], *, scope: Scope, by: Actor) -> None:
    """These documents of `kind` are found in `scope` as they are now, and those that are gone no more.

    For reactions; idempotent. LookupError for a kind that no installed module exports.
    """
    wanted = set(ids)
    if wanted:
        _write(_exported(kind), wanted, scope=scope, by=by)


def rebuild(kind: str, *, scope: Scope, by: Actor, at: datetime) -> None:
    """All documents of `kind` are found in `scope` as they are now, and nothing else of that kind."""
    _write(_exported(kind), None, scope=scope, by=by)
    Build.objects.filter(kind=kind, scope=str(scope)).update(built_at=at)


def rebuild_all(*, by: Actor, at: datetime) -> None:
    """The same of every kind wherever its module is at work; what was of other modules, cities or kinds is gone."""
    there = set()
    for kind, exported in installed_searchables().items():
        for scope in _scopes_of(exported):
            rebuild(kind, scope=scope, by=by, at=at)
            there.add((kind, str(scope)))
    for kind, where in Build.objects.values_list("kind", "scope"):
        if (kind, where) not in there:
            with transaction.atomic():
                Build.objects.select_for_update().filter(kind=kind, scope=where).delete()
                Entry.objects.filter(kind=kind, scope=where).delete()


def _exported(kind: str) -> Exported:
    try:
        return installed_searchables()[kind]
    except KeyError:
        raise LookupError(f"no installed module exports the searchable {kind!r}") from None


def _scopes_of(exported: Exported) -> list[Scope]:
    """Where the module has documents: in the cities where it is on, in the federation, or in both."""
    level = exported.module.level
    cities = [] if level is Level.FEDERATION else [city.scope for city in cities_with(exported.module.name)]
    return cities + ([] if level is Level.CITY else [FEDERATION])


def _write(exported: Exported, ids: Collection[str] | None, *, scope: Scope, by: Actor) -> None:
    """Brings the entries of these documents, or of all, to what the module says. One at a time for a kind and scope:
    who reads the documents after another has written them reads what is newer."""
    kind = exported.searchable.kind
    with transaction.atomic():
        Build.objects.get_or_create(kind=kind, scope=str(scope))
        Build.objects.select_for_update().get(kind=kind, scope=str(scope))
        there = _entries(kind, scope, ids)
        fresh: list[Entry] = []
        if serves(exported.module, scope):
            with acting(by, scope):
                for document in exported.searchable.documents(ids):
                    for entry in _entries_of(document, exported, scope):
                        old = there.pop((entry.document, entry.language), None)
                        if old is None or any(old[name] != getattr(entry, name) for name in _TAKEN):
                            fresh.append(entry)
        gone = [old["pk"] for old in there.values()]
        for start in range(0, len(gone), AT_ONCE):
            Entry.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
        Entry.objects.bulk_create(
            fresh, AT_ONCE, update_conflicts=True, update_fields=_TAKEN, unique_fields=("kind", "scope", *_KEY)
        )


def _entries(kind: str, scope: Scope, ids: Collection[str] | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    rows = Entry.objects.filter(kind=kind, scope=str(scope))
    if ids is not None:
        rows = rows.filter(document__in=ids)
    return {(row["document"], row["language"]): row for row in rows.values("pk", *_KEY, *_TAKEN)}


def _entries_of(document: Document, exported: Exported, scope: Scope) -> Iterable[Entry]:
    """One entry in each language in which the document has an address. ValueError for an undeclared permission."""
    if document.permission and document.permission not in permissions():
        raise ValueError(f"{document.id} needs the permission {document.permission!r}, which nobody declares")
    shown = fallback_for(set(document.addresses))
    for language, address in document.addresses.items():
        title = " ".join(document.title.in_(language).split())[:300]
        body = " ".join(document.body.in_(language).split()) if document.body else ""
        yield Entry(
            kind=exported.searchable.kind,
            document=document.id,
            scope=str(scope),
            city=scope.code if scope.kind is ScopeKind.CITY else "",
            module=exported.module.name,
            language=language,
            serves="".join(f" {each}" for each, by in shown.items() if by == language) + " ",
            title=title,
            body=body,
            folded_title=indexed(title),
            folded_body=indexed(body),
            address=address,
            permission=document.permission,
            at=document.at,
        )
