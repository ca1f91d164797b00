"""Every public page's address in one language, for search engines."""

from collections.abc import Iterator

from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from simos.platform.scopes.queries import cities, modules_by_city
from simos.web.offers import services_of
from simos.web.pages import FEDERATION_LANGUAGES


def addresses_in(language: str) -> Iterator[str]:
    """Homes, first pages of services, and published pages of content that are for everybody; no stand-ins."""
    if language in FEDERATION_LANGUAGES:
        yield reverse("home")
    on = modules_by_city()
    for city in cities():
        if language in city.languages:
            yield reverse("city-home", args=[city.code])
            yield from (each.address for each in services_of(city, on[city.code]) if each.address)
    hidden = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    for page in Page.objects.filter(locale__language_code=language, live=True, alias_of=None, depth__gt=3):
        if page.url and not page.path.startswith(hidden):
            yield page.url
