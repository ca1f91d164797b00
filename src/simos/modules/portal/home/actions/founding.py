"""Founding: every language has its root, the consortium and every city their part of the tree with the first pages.

What is there already is left as it is, whatever editors have made of it. Publishes nothing that it does not know.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site, Workflow, WorkflowPage, WorkflowTask
from wagtail_localize.models import LocaleSynchronization

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.text import Text
from simos.modules.portal.home.events import ContentChanged
from simos.modules.portal.home.models import (
    AccessibilityPage,
    ArticlePage,
    CityPage,
    ConsortiumPage,
    ContentPage,
    LanguageRoot,
    PublishTask,
    SectionPage,
)
from simos.modules.portal.home.rules import CONSORTIUM
from simos.modules.portal.home.values import places, texts
from simos.modules.portal.home.values.halls import HALLS, Hall
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.queries import cities
from simos.web.office.trees import claim_pages

WORKFLOW = "Pregled in objava"
CONSORTIUM_NAME = Text(
    sl="Združenje mestnih občin Slovenije",
    en="Association of Urban Municipalities of Slovenia",
    it="Associazione dei comuni urbani della Slovenia",
)


def found(*, by: Actor, at: datetime) -> Sequence[Scope]:
    """Where pages were made just now; empty where all was there. Audited. One query if there is nothing to do."""
    there = set(Page.objects.filter(depth=3).values_list("slug", "locale__language_code"))
    wanted: list[tuple[Scope, dict[str, str], Text]] = [
        (FEDERATION, {each: CONSORTIUM.in_(each) for each in _languages()}, CONSORTIUM_NAME),
        *((city.scope, dict.fromkeys(_known(city.languages), city.code), city.name) for city in cities()),
    ]
    missing = [each for each in wanted if {(slug, language) for language, slug in each[1].items()} - there]
    if not missing:
        return ()
    with transaction.atomic():
        roots = _roots()
        for scope, slugs, name in missing:
            _found_in(scope, slugs, name, roots, by=by, at=at)
    return [scope for scope, *_ in missing]


def _languages() -> list[str]:
    return [code for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES]


def _known(languages: Sequence[str]) -> list[str]:
    return [each for each in languages if each in _languages()]


def _roots() -> dict[str, LanguageRoot]:
    """The root of each language, made where it was missing, with the workflow and the translation of new pages."""
    top = Page.objects.get(depth=1)
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in _languages()}
    roots = {root.locale.language_code: root for root in LanguageRoot.objects.select_related("locale")}
    key = next((root.translation_key for root in roots.values()), uuid4())
    for code, locale in locales.items():
        if code not in roots:
            root = LanguageRoot(title=f"SiMOS ({code})", slug=code, locale=locale, translation_key=key)
            roots[code] = top.add_child(instance=root)
    first = roots[settings.LANGUAGE_CODE]
    if not Site.objects.filter(root_page=first).exists():
        Site.objects.update_or_create(is_default_site=True, defaults={"root_page": first, "site_name": "SiMOS"})
        for welcome in Page.objects.filter(depth=2).exclude(pk__in=[root.pk for root in roots.values()]):
            welcome.delete()
    _workflow(roots.values())
    if "en" in locales:  # what has not been translated stands there in Slovenian, and says so
        LocaleSynchronization.objects.get_or_create(
            locale=locales["en"], defaults={"sync_from": locales[settings.LANGUAGE_CODE]}
        )
    return {code: LanguageRoot.objects.get(pk=root.pk) for code, root in roots.items()}


def _workflow(roots: Any) -> None:
    """One way for all: an editor submits, a publisher of the page's own city approves."""
    task = PublishTask.objects.first() or PublishTask.objects.create(name=WORKFLOW)
    workflow = Workflow.objects.filter(name=WORKFLOW).first() or Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    for root in roots:
        WorkflowPage.objects.get_or_create(page_id=root.pk, defaults={"workflow": workflow})


def _found_in(
    scope: Scope, slugs: dict[str, str], name: Text, roots: dict[str, LanguageRoot], *, by: Actor, at: datetime
) -> None:
    kind = ConsortiumPage if scope == FEDERATION else CityPage
    homes = {page.locale.language_code: page for page in kind.objects.filter(slug__in=slugs.values())}
    key = next((page.translation_key for page in homes.values()), uuid4())
    keys: dict[str, UUID] = {}
    for language, slug in slugs.items():
        if language in homes:
            continue
        home = kind(title=name.in_(language), slug=slug, locale=roots[language].locale, translation_key=key)
        roots[language].add_child(instance=home)
        claim_pages(scope, homes.setdefault(settings.LANGUAGE_CODE, home))
        for place, page in _first_pages(scope, name, language, at):
            page.title, page.slug = place.title.in_(language), place.slug.in_(language)
            page.lead = place.lead.in_(language) if place.lead else ""
            page.locale, page.translation_key = home.locale, _key_of(homes, place, keys)
            page.is_quiet = True
            page.first_published_at = page.last_published_at = at if page.live else None
            home.add_child(instance=page)
    emit(ContentChanged(keys=tuple(str(each) for each in keys.values())), scope=scope, by=by, at=at)
    record("found-pages", obj=("pages", str(scope)), by=by, scope=scope, at=at)


def _key_of(homes: dict[str, Any], place: places.Place, keys: dict[str, UUID]) -> UUID:
    """The key that the place's pages in all languages share: of one that is there, or a new one."""
    if place.slug.sl not in keys:
        known = next(iter(homes.values()), None)
        twin = known.get_children().filter(slug=place.slug.in_(known.locale.language_code)).first() if known else None
        keys[place.slug.sl] = twin.translation_key if twin else uuid4()
    return keys[place.slug.sl]


def _first_pages(scope: Scope, name: Text, language: str, at: datetime) -> Iterator[tuple[places.Place, ContentPage]]:
    hall = HALLS.get(scope.code)
    known = bool(hall)
    body = hall.name.in_(language) if hall else name.in_(language)
    words = {"body": body, "email": hall.email if hall else ""}
    for section in places.SECTIONS:
        yield section, SectionPage()
    contact = [{"type": "contact", "value": _contact(hall, body)}] if hall else []
    yield places.CONTACT, ArticlePage(purpose="contact", body=json.dumps(contact), live=known)
    for place, purpose, text in (
        (places.PRIVACY, "privacy", texts.PRIVACY),
        (places.TERMS, "terms", texts.TERMS),
    ):
        said = [{"type": "text", "value": text.in_(language).format(**words)}]
        yield place, ArticlePage(purpose=purpose, body=json.dumps(said), live=known)
    yield (
        places.ACCESSIBILITY,
        AccessibilityPage(
            body_name=body,
            not_accessible=texts.NOT_ACCESSIBLE.in_(language),
            method=texts.ASSESSED.in_(language),
            prepared_on=at.date(),
            reviewed_on=at.date(),
            email=words["email"],
            live=known,
        ),
    )


def _contact(hall: Hall, body: str) -> dict[str, str]:
    return {"name": body, "address": hall.address, "phone": "", "email": hall.email, "hours": ""}
