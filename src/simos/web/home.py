"""The first pages: the consortium with its cities, and a city with what is switched on in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.module import Level
from simos.kernel.registry import Registry
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import cities, modules_on
from simos.web.pages import Page, render
from simos.web.routes import first_page


@dataclass(frozen=True, slots=True)
class Service:
    """A module as a city's visitors meet it. `address` is '' where it has no page."""

    title: str
    summary: str
    address: str


@dataclass(frozen=True, slots=True)
class CityCard:
    """A city with the services that are switched on in it."""

    name: str
    address: str
    services: Sequence[Service]


Services = Callable[[City], Sequence[Service]]


def services_from(registry: Registry) -> Services:
    """A query: the services switched on in a city, in the active language, by title."""
    first: Mapping[str, str] = {module.name: first_page(module, routes) for module, routes in registry.exports("pages")}

    def services_of(city: City) -> Sequence[Service]:
        language = get_language() or settings.LANGUAGE_CODE
        on = modules_on(city.code)
        found = [
            Service(
                title=module.title.in_(language),
                summary=module.summary.in_(language),
                address=reverse(view, kwargs={"city": city.code}) if (view := first.get(module.name)) else "",
            )
            for module in (installed.module for installed in registry)
            if module.name in on and module.level is not Level.FEDERATION
        ]
        return sorted(found, key=lambda service: service.title)

    return services_of


def federation_home(services_of: Services) -> Callable[[HttpRequest], HttpResponse]:
    """The view of `/`: every city, with what it offers."""

    def home(request: HttpRequest) -> HttpResponse:
        language = get_language() or settings.LANGUAGE_CODE
        cards = [
            CityCard(city.name.in_(language), reverse("city-home", args=[city.code]), services_of(city))
            for city in cities()
        ]
        page = Page(title=_("Cities"), description=_("Services of the cities, live."))
        return render(request, "web/home.html", page, {"cities": cards})

    return home


def city_home(services_of: Services) -> Callable[[HttpRequest, City], HttpResponse]:
    """The view of `/<city>/`: what the city offers."""

    def home(request: HttpRequest, city: City) -> HttpResponse:
        name = city.name.in_(get_language() or settings.LANGUAGE_CODE)
        return render(request, "web/city.html", Page(title=name, city=city), {"services": services_of(city)})

    return home
