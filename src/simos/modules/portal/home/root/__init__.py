"""The portal's pages at the root: the consortium's home and each city's."""

from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.modules.portal.home.queries.finding import Group, group_of, groups_for
from simos.modules.portal.home.queries.homes import (
    city_cards,
    footer_of,
    home_of,
    news_of,
    page_at,
    section_address,
    shared_in,
    situations_of,
)
from simos.modules.portal.home.queries.notices import notices_now
from simos.modules.portal.home.root.files import FILES, LOCALIZED
from simos.modules.portal.home.root.opinions import ROUTE as OPINION_ROUTE
from simos.modules.portal.home.rules import CONSORTIUM_SLUGS, OFFLINE, SEARCH
from simos.modules.portal.home.values.places import NEWS
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import City
from simos.platform.search.queries import A_PAGE, kinds_of
from simos.web.formatting import number_in
from simos.web.offers import services_of
from simos.web.pages import Page, render
from simos.web.parts import Link, Notice
from simos.web.routes import PageRoute, Root, city_page, federation_page
from simos.web.tiles import tiles_of

A_SECOND = 1.0
"""Fifty visitors of that second see the same page."""


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def home(request: HttpRequest) -> HttpResponse:
    """The consortium: its cities with their figures, and what they share."""
    cards = city_cards()
    shared = shared_in(cards)
    people = sum(card.population or 0 for card in cards)
    figures = (
        (number_in(len(cards), _language()), _("Cities")),
        (number_in(people, _language()), _("Residents")),
        (number_in(len(shared), _language()), _("Shared services")),
    )
    page = Page(
        title=_("Cities of the consortium"),
        description=_("One open platform of the Slovenian cities: live services, news and guides of each city."),
    )
    context = {
        "cities": cards,
        "shared": shared,
        "figures": figures,
        "content": home_of(None),
        "news": news_of(None),
        "all_news": section_address(None, NEWS),
    }
    return render(request, "home/consortium.html", page, context)


def city_home(request: HttpRequest, city: City) -> HttpResponse:
    """A city: what is live now, and its services by life event."""
    services = services_of(city)
    name = city.name.in_(_language())
    page = Page(
        title=name, city=city, description=_("%(city)s: services, live data, news and guides.") % {"city": name}
    )
    context = {
        "tiles": tiles_of(city),
        "situations": situations_of(city, services),
        "services": services,
        "content": home_of(city),
        "news": news_of(city),
        "all_news": section_address(city, NEWS),
    }
    return render(request, "home/city.html", page, context)


def rest(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page of content, behind the door of its city or of the consortium. NotFound where none is published there."""
    first = path.split("/")[0]
    if first in CONSORTIUM_SLUGS:
        return federation_page(_content)(request, path=path)
    return city_page(_content_of_city)(request, city=first, path=path)


def _content_of_city(request: HttpRequest, city: City, path: str) -> HttpResponseBase:
    return _content(request, path)


def _content(request: HttpRequest, path: str) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return page_at(path, _language()).serve(request)


def search_page(request: HttpRequest, city: City | None = None) -> HttpResponse:
    """What is found in the city, or (None) in all of them, by kind; `kind` and `page` ask for more of one."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in kinds_of() else ""
    number = int(asked) if (asked := request.GET.get("page", "1")).isdecimal() and 0 < int(asked[:4]) < 1000 else 1
    by, code = current().actor, city.code if city else ""
    if not text:
        groups: Sequence[Group] = ()
    elif kind:
        offset = (number - 1) * A_PAGE
        groups = [group_of(kind, text, by=by, language=_language(), city=code, offset=offset)]
    else:
        groups = groups_for(text, by=by, language=_language(), city=code)
    total = sum(group.total for group in groups)
    context = {
        "text": text,
        "kind": kind,
        "groups": groups,
        "total": total,
        "earlier": number - 1,
        "later": number + 1 if kind and total > number * A_PAGE else 0,
    }
    answer = render(request, "home/search.html", Page(title=_("Search"), city=city), context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def footer(city: City | None) -> Sequence[Link]:
    """The links at the foot of every page; none while the register cannot be read: a page that says so has a foot."""
    try:
        return footer_of(city)
    except DatabaseError:
        return ()


def notices(city: City | None) -> Sequence[Notice]:
    """The notices above every page; none while the register cannot be read."""
    try:
        return notices_now(city)
    except DatabaseError:
        return ()


def offline(request: HttpRequest) -> HttpResponse:
    """What one sees without a connection where a page has not been kept."""
    return render(request, "home/offline.html", Page(title=_("You are offline")))


root = Root(
    of_federation=(
        PageRoute(view=home, name="home", kept_for=A_SECOND),
        PageRoute(view=search_page, name="search", address=SEARCH),
        PageRoute(view=offline, name="offline", address=OFFLINE),
    ),
    of_city=(
        PageRoute(view=city_home, name="city-home", kept_for=A_SECOND),
        PageRoute(view=search_page, name="city-search", address=SEARCH),
        OPINION_ROUTE,
    ),
    rest=rest,
    files=FILES,
    localized=LOCALIZED,
    footer=footer,
    notices=notices,
)
