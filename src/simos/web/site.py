"""All public pages with their addresses: Slovenian ones bare, other languages behind their prefix."""

from collections.abc import Sequence

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, path

from simos.kernel.registry import Registry
from simos.web.home import city_home, federation_home, services_from
from simos.web.routes import city_page, federation_page, module_patterns


def site_patterns(registry: Registry) -> Sequence[URLPattern | URLResolver]:
    """The patterns of the root URLconf for the installed modules. Put last there: a city's code may be any word."""
    services_of = services_from(registry)
    return i18n_patterns(
        path("", federation_page(federation_home(services_of)), name="home"),
        *module_patterns(registry),
        path("<slug:city>/", city_page(city_home(services_of)), name="city-home"),
        prefix_default_language=False,
    )
