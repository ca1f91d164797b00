"""What the homes show: cities with their figures, what they share, services by life event. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from simos.kernel.errors import NotFound
from simos.modules.portal.home.models import (
    AccessibilityPage,
    ArticlePage,
    CityPage,
    ConsortiumPage,
    LifeEventPage,
    NewsPage,
)
from simos.modules.portal.home.rules import CONSORTIUM
from simos.modules.portal.home.values.places import Place
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import cities, modules_by_city
from simos.web.offers import Service, services_of
from simos.web.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class CityCard:
    """A city on the consortium's home. People and square kilometres are None where they are not known."""

    name: str
    address: str
    services: Sequence[Service]
    population: int | None
    area_km2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A service with the cities in which it is switched on."""

    title: str
    summary: str
    cities: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Something that happens in life, with what leads on from it. `address`: of its own page, if it has one."""

    title: str
    summary: str = ""
    address: str = ""
    services: tuple[Service, ...] = ()


def city_cards() -> Sequence[CityCard]:
    """All cities with what is on in them, by name in the active language."""
    language, on = get_language() or settings.LANGUAGE_CODE, modules_by_city()
    cards = [
        CityCard(
            name=city.name.in_(language),
            address=reverse("city-home", args=[city.code]),
            services=services_of(city, on[city.code]),
            population=city.population,
            area_km2=city.area_km2,
        )
        for city in cities()
    ]
    return sorted(cards, key=lambda card: card.name)


def shared_in(cards: Sequence[CityCard]) -> Sequence[Shared]:
    """Each service that any of these cities has switched on, those of most cities first."""
    first: dict[str, Service] = {}
    where: dict[str, list[Mapping[str, str]]] = {}
    for card in cards:
        for service in card.services:
            first.setdefault(service.module, service)
            there = {"name": card.name, "address": service.address or card.address}
            where.setdefault(service.module, []).append(there)
    found = [
        Shared(title=each.title, summary=each.summary, cities=tuple(where[module])) for module, each in first.items()
    ]
    return sorted(found, key=lambda shared: (-len(shared.cities), shared.title))


def situations_of(city: City, services: Sequence[Service]) -> Sequence[Situation]:
    """What happens in life: the pages that editors have written, in their order, then what services alone name."""
    language = get_language() or settings.LANGUAGE_CODE
    pages = LifeEventPage.objects.filter(url_path__startswith=_place(city, language), live=True).order_by("path")
    found = [Situation(title=page.title, summary=page.lead, address=page.url or "") for page in pages]
    written = {page.event for page in pages}
    titles = {
        event.name: event.title.in_(language)
        for service in services
        for event in service.life_events
        if event.name not in written
    }
    alone = [
        Situation(
            title=title,
            services=tuple(each for each in services if name in {event.name for event in each.life_events}),
        )
        for name, title in titles.items()
    ]
    return found + sorted(alone, key=lambda situation: situation.title)


def page_at(path: str, language: str) -> Page:
    """The published page at this address below a language's root. NotFound; also for one that is not for everybody."""
    found = Page.objects.filter(url_path=f"/{language}/{path}", live=True).first()
    if found is None or found.get_view_restrictions().exists():
        raise NotFound(f"no page is published at {path!r}")
    return found.specific


def home_of(city: City | None) -> CityPage | ConsortiumPage | None:
    """What editors say on the home of the city, or of the consortium (None), in the active language."""
    kind = CityPage if city else ConsortiumPage
    place = _place(city, get_language() or settings.LANGUAGE_CODE)
    found: CityPage | ConsortiumPage | None = kind.objects.filter(url_path=place, live=True).first()
    return found


def news_of(city: City | None, most: int = 4) -> Sequence[NewsPage]:
    """The newest news of the city, or of the consortium (None), in the active language."""
    place = _place(city, get_language() or settings.LANGUAGE_CODE)
    return list(NewsPage.objects.filter(url_path__startswith=place, live=True).order_by("-date", "-pk")[:most])


def news_counted(city: City | None, first: date, last: date) -> int | None:
    """How many published news of the city, or of the consortium (None), bear a date from `first` to `last`; None where
    the place had none until then. News in several languages count once: those in Slovenian do."""
    news = NewsPage.objects.filter(url_path__startswith=_place(city, settings.LANGUAGE_CODE), live=True, date__lte=last)
    return news.filter(date__gte=first).count() if news.exists() else None


def section_address(city: City | None, place: Place) -> str:
    """Where the section is in the active language; '' where it is not published."""
    language = get_language() or settings.LANGUAGE_CODE
    path = f"{_place(city, language)}{place.slug.in_(language)}/"
    found = Page.objects.filter(url_path=path, live=True).first()
    return (found.url or "") if found else ""


_FOOTER = ("contact", "accessibility", "privacy", "terms")


def footer_of(city: City | None) -> Sequence[Link]:
    """The pages that every page leads to: contact, accessibility statement, privacy notice, terms."""
    place = _place(city, get_language() or settings.LANGUAGE_CODE)
    pages = Page.objects.filter(url_path__startswith=place, depth=4, live=True)
    articles = ArticlePage.objects.filter(pk__in=pages, purpose__in=_FOOTER)
    found: dict[str, Page] = {page.purpose: page for page in articles}
    if statement := AccessibilityPage.objects.filter(pk__in=pages).first():
        found["accessibility"] = statement
    return [Link(found[each].title, found[each].url or "") for each in _FOOTER if each in found]


def _place(city: City | None, language: str) -> str:
    return f"/{language}/{city.code if city else CONSORTIUM.in_(language)}/"
