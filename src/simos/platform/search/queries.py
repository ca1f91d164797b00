"""Searching what modules export. Shows the asker only what they may see; changes nothing."""

from collections.abc import Collection, Mapping

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from simos.kernel.acting import Actor, Assurance
from simos.kernel.text import LANGUAGES, Text
from simos.platform.access.queries import permissions_of
from simos.platform.scopes.models import CityModule
from simos.platform.scopes.queries import always_on
from simos.platform.search.installed import installed_searchables
from simos.platform.search.matching import Matches
from simos.platform.search.models import Entry
from simos.platform.search.rules import Wanted, extract_of, wanted_in
from simos.platform.search.values import OPEN, Hit, Hits

A_PAGE = 20


def search(
    text: str,
    *,
    by: Actor,
    language: str,
    city: str = "",
    kinds: Collection[str] = (),
    limit: int = A_PAGE,
    offset: int = 0,
) -> Hits:
    """What holds all words of `text`, each as the beginning of a word; endings of longer words do not count.

    First comes what has the words in its title as typed, then in its title, then anywhere; among them the newest. In
    `language`, or where a document has no page in it in English, else in the first that it has. `city` (code) and
    `kinds`: only of these. Of modules that are off in their city nothing is found.
    """
    wanted = wanted_in(text)
    if wanted is None:
        return Hits(hits=(), total=0)
    shown = language if language in LANGUAGES else LANGUAGES[0]
    found = Entry.objects.filter(Matches(wanted.stems), visible_to(by), _at_work(), serves__contains=f" {shown} ")
    if city:
        found = found.filter(city=city)
    if kinds:
        found = found.filter(kind__in=kinds)
    rank = Case(
        When(Matches(wanted.typed, in_title=True), then=Value(0)),
        When(Matches(wanted.stems, in_title=True), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ranked = found.order_by(rank, "-at", "kind", "document", "scope")[offset : offset + limit]
    return Hits(hits=tuple(_hit(entry, wanted) for entry in ranked), total=found.count())


def kinds_of() -> Mapping[str, Text]:
    """What can be found, by kind, and what it is called."""
    return {kind: exported.searchable.title for kind, exported in installed_searchables().items()}


def visible_to(by: Actor) -> Q:
    """The condition for what `by` may see: what is open, and in each scope what their roles there permit."""
    if by.assurance is Assurance.SYSTEM:
        return Q()
    seen = Q(permission=OPEN)
    for scope, permitted in permissions_of(by).items():
        seen |= Q(scope=scope, permission__in=permitted)
    return seen


def _at_work() -> Q:
    """The condition for what is of modules that are on in their city, or has no city."""
    on = Q(module__in=always_on()) | Q(
        Exists(CityModule.objects.filter(city=OuterRef("city"), module=OuterRef("module")))
    )
    return Q(city="") | on


def _hit(entry: Entry, wanted: Wanted) -> Hit:
    return Hit(
        kind=entry.kind,
        id=entry.document,
        title=entry.title,
        extract=extract_of(entry.body, wanted),
        address=entry.address,
        city=entry.city,
        language=entry.language,
        at=entry.at,
    )
