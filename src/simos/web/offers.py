"""What the modules offer in a city, as visitors meet it. Knows no page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from simos.kernel.module import Level, LifeEvent
from simos.kernel.registry import installed_modules
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import modules_on
from simos.web.routes import first_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A module as a city's visitors meet it. `address` is '' where it has no page."""

    module: str
    title: str
    summary: str
    address: str
    life_events: tuple[LifeEvent, ...]


def services_of(city: City, on: frozenset[str] | None = None) -> Sequence[Service]:
    """The services switched on in a city, in the active language, by title. `on`: what is on, where it is known."""
    language = get_language() or settings.LANGUAGE_CODE
    on = modules_on(city.code) if on is None else on
    first = {module.name: first_page(module, routes) for module, routes in installed_modules().exports("pages")}
    found = [
        Service(
            module=module.name,
            title=module.title.in_(language),
            summary=module.summary.in_(language),
            address=reverse(view, kwargs={"city": city.code}) if (view := first.get(module.name)) else "",
            life_events=module.life_events,
        )
        for module in (installed.module for installed in installed_modules())
        if module.name in on and module.level is not Level.FEDERATION and not module.always_on
    ]
    return sorted(found, key=lambda service: service.title)
