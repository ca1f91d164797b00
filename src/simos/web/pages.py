"""A page's frame as a value, and how a page is rendered. A view says what it shows; the shell does the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from simos.kernel.clock import now
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.web.brands import PLATFORM_HUE, hue_of
from simos.web.menus import AccountMenu, account_menu, footer_of, notices_of, search_of
from simos.web.parts import Link, Notice

FEDERATION_LANGUAGES = ("sl", "en", "it")
REPLAY_AFTER = timedelta(minutes=1)
"""A city's clock that differs by more from the real one is shown as a replay."""
FRESH = timedelta(hours=12)
"""A time further from the city's present than this is written with its date (live.js has the same measure)."""
REFRESH = "refresh"
"""Query parameter by which a reader without JavaScript asks for a reload every minute."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to the page: its title and address."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same page in `language`, under that language's own name."""

    language: str
    name: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """A page that changes while one looks: the stream's address, and the change log's place when the page was made."""

    stream: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the shell needs to know. `breadcrumbs` lead here from the city's home, which is added before them.

    `alternatives` None: the same view in each language of the city. `demo`: the page shows made-up data.
    `wide`: the content takes the whole width (boards, maps). `failed`: a form on it was sent and is not right.
    """

    title: str
    city: City | None = None
    breadcrumbs: tuple[Crumb, ...] = ()
    alternatives: tuple[Alternative, ...] | None = None
    description: str = ""
    demo: bool = False
    live: Live | None = None
    wide: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What the shell's template reads: the page, and what follows from it."""

    page: Page
    language: str
    hue: int
    home: str
    platform: str
    breadcrumbs: tuple[Crumb, ...]
    alternatives: tuple[Alternative, ...]
    now: datetime
    replayed: bool
    refreshing: bool
    account: AccountMenu
    search: str
    footer: Sequence[Link]
    notices: Sequence[Notice]
    brought: set[str] = field(default_factory=set)
    """Files that parts of the page have asked for while it is made; each is written once."""


def render(
    request: HttpRequest, template: str, page: Page, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A rendered response: `template` (which extends `web/shell.html`) with `context`, and `shell` beside it."""
    shell = shell_of(request, page)
    body = render_to_string(template, {**(context or {}), "page": shell.page, "shell": shell}, request)
    return HttpResponse(body, status=status)


def framed(request: HttpRequest) -> Mapping[str, Any]:
    """A context processor: `page` and `shell` for pages that others render (sign-in, content); `render` has its own."""
    page = Page(title="", city=getattr(request, "city", None))
    return {"page": page, "shell": SimpleLazyObject(lambda: shell_of(request, page))}


def shell_of(request: HttpRequest, page: Page) -> Shell:
    """What follows from the page and the request: language switch, way home, brand, notices."""
    language = get_language() or settings.LANGUAGE_CODE
    if page.alternatives is None:
        page = replace(page, alternatives=tuple(_alternatives(request, page, language)))
    present = now_in(page.city) if page.city else now()
    home = reverse("city-home", args=[page.city.code]) if page.city else reverse("home")
    crumbs = page.breadcrumbs
    if page.city and request.path != home:
        crumbs = (Crumb(page.city.name.in_(language), home), *crumbs)
    return Shell(
        page=page,
        language=language,
        hue=hue_of(page.city.code) if page.city else PLATFORM_HUE,
        home=home,
        platform=reverse("home"),
        breadcrumbs=crumbs,
        alternatives=page.alternatives or (),
        now=present,
        replayed=abs(present - now()) > REPLAY_AFTER,
        refreshing=page.live is not None and REFRESH in request.GET,
        account=account_menu(request),
        search=search_of(page.city),
        footer=footer_of(page.city),
        notices=notices_of(page.city),
    )


def _alternatives(request: HttpRequest, page: Page, current: str) -> Iterator[Alternative]:
    match: ResolverMatch | None = request.resolver_match
    if match is None or not match.view_name:
        return
    names = dict(settings.LANGUAGES)
    query = urlsplit(request.get_full_path()).query
    for language in page.city.languages if page.city else FEDERATION_LANGUAGES:
        if language not in names:
            continue
        with override(language):
            try:
                address = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                continue
        yield Alternative(language, names[language], f"{address}?{query}" if query else address, language == current)
