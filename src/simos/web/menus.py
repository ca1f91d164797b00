"""What the shell offers beside the page: account, search, the footer's links, notices. Names are resolved if there.

Knows no module: the portal's `root.py` says what its footer and notices hold; sign-in, search and the open data are
found by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from simos.kernel.registry import installed_modules
from simos.platform.access.standing import Standing
from simos.platform.messages.queries import unread_count
from simos.platform.scopes.models import City
from simos.web.actors import called, signed_in, standing_of
from simos.web.parts import Link, Notice

INBOX = "portal_inbox:inbox"
OPEN_DATA = "data/catalogue"
PERSONAL_MODULES = ("portal/mydata",)
"""Whose first pages stand in the menu of those who have signed in, after the inbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMenu:
    """Of the one who looks: their name, for whom they act, and ways; for a visitor the way to sign in. '' for none.

    `unread`: how many messages wait at `inbox`.
    """

    name: str = ""
    acts_for: str = ""
    acting: str = ""
    links: tuple[Link, ...] = ()
    unread: int = 0
    inbox: str = ""
    sign_in: str = ""
    sign_out: str = ""
    settings: str = ""


def account_menu(request: HttpRequest) -> AccountMenu:
    """What the request's account may open; a visitor is led back to this page after signing in."""
    who = called(request)
    if who is None:
        way = _address("account_login")
        return AccountMenu(sign_in=f"{way}?next={quote(request.get_full_path())}" if way else "")
    return AccountMenu(
        name=who.name,
        acts_for=who.acts_for,
        acting=_address("account_acting"),
        links=tuple(_personal()),
        unread=_unread(request),
        inbox=_address(INBOX),
        sign_out=_address("account_logout"),
        settings=_address("account_home"),
    )


def _unread(request: HttpRequest) -> int:
    """In one's own inbox, while one acts for oneself; none while it cannot be read: such a page has a menu too."""
    party = signed_in(request).party
    if not party or standing_of(request) != Standing() or not _address(INBOX):
        return 0
    try:
        return unread_count(UUID(party))
    except DatabaseError:
        return 0


def _personal() -> Sequence[Link]:
    language = get_language() or "sl"
    found = {str(each.module.name): each.module for each in installed_modules()}
    pages = {str(module.name): routes for module, routes in installed_modules().exports("pages")}
    links = []
    for name in PERSONAL_MODULES:
        module, routes = found.get(name), pages.get(name, ())
        first = next((route.name for route in routes if route.address == ""), "")
        if module and first and (address := _address(f"{module.label}:{first}")):
            links.append(Link(module.title.in_(language), address))
    return links


def search_of(city: City | None) -> str:
    """The address of the search page: the city's (`city-search`), else the consortium's (`search`)."""
    return (city and _address("city-search", city.code)) or _address("search")


def footer_of(city: City | None) -> Sequence[Link]:
    """The way to the open data, and the links that the root module gives the footer."""
    own = (link for root in _roots() if root.footer for link in root.footer(city))
    return (*_open_data(city), *own)


def _open_data(city: City | None) -> Sequence[Link]:
    """What the city gives away, or (None) the consortium."""
    module = next((each.module for each in installed_modules() if each.module.name == OPEN_DATA), None)
    pages = ("data_catalogue:data-sets", city.code) if city else ("data_catalogue:consortium",)
    address = _address(*pages)
    return (Link(module.title.in_(get_language() or "sl"), address),) if module and address else ()


def notices_of(city: City | None) -> Sequence[Notice]:
    """What all who come to the city's pages are to know now, gravest first."""
    return tuple(notice for root in _roots() if root.notices for notice in root.notices(city))


def _roots() -> Sequence[Any]:
    return [root for _, root in installed_modules().exports("root")]


def _address(name: str, *parameters: str) -> str:
    try:
        return reverse(name, args=parameters)
    except NoReverseMatch:
        return ""
