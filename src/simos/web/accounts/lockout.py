"""Whom django-axes locks out after failed passwords: an account from an address, never an address of the house.

The front, or the proxy before it, says in the last X-Forwarded-For where a request came from.
"""

import secrets
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from simos.web.pages import Page, render
from simos.web.visitors import told_address

NOWHERE = int(IPv6Address("2001:db8::"))
"""Documentation addresses (RFC 3849): what stands for one that is not known, each time another."""


def address_tried_from(request: HttpRequest) -> str | None:
    """The client's address, as told by the nearest hop; None where it is not known: then the account alone counts."""
    try:
        return str(ip_address(told_address(request)))
    except ValueError:
        return None


def address_of(request: HttpRequest) -> str:
    """The same for rate limits: an unknown address is another one each time, so that nobody pays for a stranger."""
    return address_tried_from(request) or str(IPv6Address(NOWHERE + (secrets.randbits(32) << 64)))


def is_known(address: str) -> bool:
    """Whether an address that was kept is one that somebody had."""
    return not address.startswith("2001:db8:")


def account_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The e-mail address that was tried, in small letters."""
    said = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not said and request is not None:
        said = request.POST.get("login")
    return str(said).strip().lower() if said else None


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """What who tried too often sees; whether there is such an account is not said."""
    page = Page(title=str(_("Too many attempts")), alternatives=())
    answer = render(request, "429.html", page, status=429)
    answer["Cache-Control"] = "no-store"
    return answer
