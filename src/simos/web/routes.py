"""The contract of a module's `pages.py`, and how its pages get addresses in each language of each city.

    pages = (
        PageRoute(view=facilities, name="facilities"),
        PageRoute(view=history, name="history", address=Text(sl="<slug:lot>/zgodovina", en="<slug:lot>/history")),
    )

A view is called as `view(request, city, **parameters)` while `acting` in that city; it returns a rendered response.
Addresses: `reverse("mobility_parking:history", kwargs={"city": city.code, "lot": "glazija"})`.

The pages of a module of the federation alone, and those of others that are `of_consortium`, stand before all cities, at
`/<the module's address>/`, without `city`: `view(request, **parameters)` while `acting` in the federation.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.functional import lazy
from django.utils.translation import get_language

from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.errors import NotFound
from simos.kernel.module import Level, Module
from simos.kernel.registry import Registry
from simos.kernel.text import Text
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import city_of, is_on
from simos.platform.scopes.reserved import RESERVED_FOR
from simos.web.keeping import keep
from simos.web.pages import FEDERATION_LANGUAGES
from simos.web.parts import Link, Notice

View = Callable[..., HttpResponseBase]
_HOMES = frozenset({"home", "city-home"})
"""Pages of the root that the shell links to."""

INTERFACES = "|".join(RESERVED_FOR["interfaces"].split())
"""First segments below which programs ask: no page of content is looked for there."""
_PARAMETER = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRoute:
    """One page of a module, under `/<city>/<the module's address>/<address>/`; of the federation without `<city>/`.

    `of_consortium`: a page of a module of cities that tells of all of them, without `<city>/` too.

    `address` is in Django's path syntax without slashes at its ends; '' is the module's first page. ValueError where
    its languages do not have the same parameters. `name` is unique in the module. `kept_for`: seconds for which a page
    that is the same for every visitor is kept for all of them (`simos.web.keeping`).
    """

    view: View
    name: str
    address: Text | str = ""
    kept_for: float = 0.0
    of_consortium: bool = False

    def __post_init__(self) -> None:
        forms = {language: self.address_in(language) for language in self.languages()}
        for language, form in forms.items():
            if form.startswith("/") or form.endswith("/"):
                raise ValueError(f"page {self.name}: address {form!r} ({language}) begins or ends with a slash")
        if len({tuple(sorted(_PARAMETER.findall(form))) for form in forms.values()}) > 1:
            raise ValueError(f"page {self.name}: its addresses have different parameters: {forms}")

    def languages(self) -> Iterable[str]:
        return self.address.languages() if isinstance(self.address, Text) else ("sl",)

    def address_in(self, language: str) -> str:
        """The address in `language`, as it stands between slashes."""
        return self.address.in_(language) if isinstance(self.address, Text) else self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """What a module puts at the root (`root.py`); its pages are found by their bare names.

    `of_federation`: pages at `/<address>/`; `of_city`: at `/<city>/<address>/`, behind the pages of modules. `files`:
    addresses that are the same in all languages, `localized` those with one in each; both without a door of ours.
    `footer` and `notices` say what the frame of every page holds, of a city or of the consortium (None).
    `rest`: answers what nothing else does, as `rest(request, path)`; Wagtail makes its pages' addresses from it.
    """

    of_federation: tuple[PageRoute, ...] = ()
    of_city: tuple[PageRoute, ...] = ()
    files: tuple[URLPattern, ...] = ()
    localized: tuple[URLPattern, ...] = ()
    rest: View | None = None
    footer: Callable[[City | None], Sequence[Link]] | None = None
    notices: Callable[[City | None], Sequence[Notice]] | None = None


def root_of(registry: Registry) -> Root:
    """The root of the one module that exports it. ImproperlyConfigured unless there is one with both homes."""
    found = [export for _, export in registry.exports("root")]
    if len(found) != 1 or not isinstance(found[0], Root):
        raise ImproperlyConfigured(f"one module exports a simos.web.routes.Root from its root.py, not {len(found)}")
    names = {route.name for route in (*found[0].of_federation, *found[0].of_city)}
    if missing := _HOMES - names:
        raise ImproperlyConfigured(f"the root has no page named {', '.join(sorted(missing))}")
    return found[0]


def root_patterns(root: Root) -> tuple[Sequence[URLPattern], Sequence[URLPattern]]:
    """The pages of the root that go before those of modules, and those that go after them: a city's code may be any
    word, and below a city the pages of modules win."""
    before = [*root.localized, *(_placed(route, "", federation_page(route.view)) for route in root.of_federation)]
    after = [_placed(route, "<slug:city>/", city_page(route.view)) for route in root.of_city]
    if root.rest is not None:
        after.append(re_path(rf"^(?!(?:{INTERFACES})/)((?:[\w\-]+/)+)$", root.rest, name="wagtail_serve"))
    return before, after


def module_patterns(registry: Registry) -> Sequence[URLResolver]:
    """The pages of all modules, each module in its own namespace (its label), those of the federation first.

    ImproperlyConfigured where an export is not a tuple of PageRoute.
    """
    found = [(module, _checked(module, export)) for module, export in registry.exports("pages")]
    found.sort(key=lambda each: not any(_stands_before(each[0], route) for route in each[1]))
    return [_mounted(module, routes) for module, routes in found]


def _stands_before(module: Module, route: PageRoute) -> bool:
    return module.level is Level.FEDERATION or route.of_consortium


def first_page(module: Module, routes: Sequence[PageRoute]) -> str:
    """The name by which `reverse` finds the module's first page; '' if it has none."""
    first = (route for route in routes if route.address == "" and not route.of_consortium)
    return next((f"{module.label}:{route.name}" for route in first), "")


def city_page(view: View, module: Module | None = None) -> View:
    """`view` behind the city's door: NotFound unless the city exists, has the language and has the module switched on.

    Within it somebody acts, and only that city's rows exist.
    """

    @wraps(view)
    def entered(request: HttpRequest, city: str, **parameters: Any) -> HttpResponseBase:
        found = city_of(city)
        if get_language() not in found.languages:
            raise NotFound(f"the pages of {found} are not in this language")
        if module is not None and not is_on(found.code, module.name):
            raise NotFound(f"{module.name} is not switched on in {found}")
        request.city = found  # type: ignore[attr-defined]  # so that an error page knows where it is
        actor = getattr(request, "actor", None) or Actor.nobody()
        with acting(actor, found.scope):
            return _keepable(request, view(request, found, **parameters))

    return entered


def federation_page(view: View) -> View:
    """`view` in the federation's languages, with somebody acting in the federation: no city's rows exist there."""

    @wraps(view)
    def entered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        if get_language() not in FEDERATION_LANGUAGES:
            raise NotFound("the consortium's own pages are not in this language")
        with acting(getattr(request, "actor", None) or Actor.nobody(), FEDERATION):
            return _keepable(request, view(request, **parameters))

    return entered


def _keepable(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response, marked if a browser may keep it for reading offline: a page that was asked for by somebody of whom
    nothing is known, and by its address alone."""
    stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES
    if stranger and request.method == "GET" and not request.GET and response.status_code == 200:
        response.headers.setdefault("X-SiMOS-Keep", "public")
    return response


def _checked(module: Module, export: Any) -> Sequence[PageRoute]:
    if not isinstance(export, Sequence) or not all(isinstance(each, PageRoute) for each in export):
        raise ImproperlyConfigured(f"module {module.name}: pages in pages.py is a tuple of simos.web.routes.PageRoute")
    names = [route.name for route in export]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ImproperlyConfigured(f"module {module.name}: two pages are named {', '.join(sorted(twice))}")
    return export


def _mounted(module: Module, routes: Sequence[PageRoute]) -> URLResolver:
    patterns = [_pattern(module, route) for route in sorted(routes, key=lambda each: not each.of_consortium)]
    return path("", include((patterns, module.label), namespace=module.label))


def _pattern(module: Module, route: PageRoute) -> URLPattern:
    before = _stands_before(module, route)
    place = _in_each_language(
        lambda language: (
            ("" if before else "<slug:city>/")
            + f"{module.address.in_(language)}/"
            + (f"{form}/" if (form := route.address_in(language)) else "")
        )
    )
    view = federation_page(route.view) if before else city_page(route.view, module)
    return path(place, keep(view, route.kept_for), name=route.name)


def _placed(route: PageRoute, before: str, view: View) -> URLPattern:
    place = _in_each_language(lambda language: before + (f"{form}/" if (form := route.address_in(language)) else ""))
    return path(place, keep(view, route.kept_for), name=route.name)


def _in_each_language(form: Callable[[str], str]) -> Any:
    """A route that Django reads anew in each active language."""
    return lazy(lambda: form(get_language() or "sl"), str)()
