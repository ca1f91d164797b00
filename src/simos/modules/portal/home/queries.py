"""What the homes show: cities with their figures, what they share, services by life event. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from simos.platform.scopes.models import City
from simos.platform.scopes.queries import cities, modules_by_city
from simos.web.offers import Service, services_of


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
    """What happens in life, with the services that say they help there, in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    titles = {event.name: event.title.in_(language) for service in services for event in service.life_events}
    found = [
        Situation(
            title=title,
            services=tuple(each for each in services if name in {event.name for event in each.life_events}),
        )
        for name, title in titles.items()
    ]
    return sorted(found, key=lambda situation: situation.title)
