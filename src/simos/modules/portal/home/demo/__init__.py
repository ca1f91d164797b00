"""Pages for trying the portal out in Celje and Koper. News are made up and say so; procedures are as they are."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.text import Text
from simos.modules.portal.home.actions.founding import found
from simos.modules.portal.home.actions.writing import write_pages
from simos.modules.portal.home.demo.words import FAQ, GUIDES, LIFE_EVENTS, NEWS, Told
from simos.modules.portal.home.models import ArticlePage, ContentPage, GuidePage, LifeEventPage, NewsPage
from simos.modules.portal.home.values import places
from simos.platform.scopes.queries import city_of

CITIES = ("celje", "koper")


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The pages stand in both cities, in each of their languages. Done again, it changes nothing."""
    found(by=by, at=at)
    for code in CITIES:
        with transaction.atomic():
            for section, make, all_told in (
                (places.LIFE_EVENTS, _life_event, LIFE_EVENTS),
                (places.GUIDES, _guide, GUIDES),
                (places.GUIDES, _article, FAQ),
                (places.NEWS, _news, NEWS),
            ):
                _load(Scope.city(code), section, make, all_told, by=by, at=at)


def _load(
    scope: Scope,
    section: places.Place,
    make: Callable[[Told, str, datetime], ContentPage],
    all_told: tuple[Told, ...],
    *,
    by: Actor,
    at: datetime,
) -> None:
    keys = {told.slug.sl: uuid4() for told in all_told}
    for language in city_of(scope.code).languages:
        pages: Mapping[str, Any] = {told.slug.sl: make(told, language, at) for told in all_told}
        for told in all_told:
            page = pages[told.slug.sl]
            page.title, page.slug = told.title.in_(language), told.slug.in_(language)
            page.lead, page.translation_key = told.lead.in_(language), keys[told.slug.sl]
        write_pages(scope, section, language, list(pages.values()), by=by, at=at)


def _list(items: tuple[Text, ...], language: str) -> str:
    return "<ul>" + "".join(f"<li>{each.in_(language)}</li>" for each in items) + "</ul>"


def _life_event(told: Told, language: str, at: datetime) -> LifeEventPage:
    body = [{"type": "text", "value": _list(told.points, language)}]
    return LifeEventPage(event=told.event, body=json.dumps(body), easy=_easy(told, language))


def _guide(told: Told, language: str, at: datetime) -> GuidePage:
    steps = [{"type": "step", "value": {"title": each.in_(language), "text": ""}} for each in told.points]
    said = {name: text.in_(language) for name, text in told.facts.items()}
    return GuidePage(steps=json.dumps(steps), service_url=told.url, easy=_easy(told, language), **said)


def _article(told: Told, language: str, at: datetime) -> ArticlePage:
    asked = [
        {
            "type": "item",
            "id": str(uuid4()),
            "value": {"question": question.in_(language), "answer": f"<p>{answer.in_(language)}</p>"},
        }
        for question, answer in zip(told.points[::2], told.points[1::2], strict=True)
    ]
    return ArticlePage(body=json.dumps([{"type": "questions", "value": asked}]))


def _news(told: Told, language: str, at: datetime) -> NewsPage:
    body = [{"type": "text", "value": "".join(f"<p>{each.in_(language)}</p>" for each in told.points)}]
    return NewsPage(date=(at - timedelta(days=told.days_ago)).date(), body=json.dumps(body), is_demo=True)


def _easy(told: Told, language: str) -> str:
    if told.easy is None:
        return "[]"
    return json.dumps([{"type": "text", "value": f"<p>{told.easy.in_(language)}</p>"}])
