"""Pages that are the same for every visitor, made once a second: the homes, which many ask for at once.

Kept in the web process's memory, for those of whom nothing is known and who ask by the address alone; whoever has a
cookie gets a page of their own. What changes (content, a notice, a live value) is seen when the second is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

View = Callable[..., HttpResponseBase]
MOST = 500
"""Pages that are kept at most: names of hosts are given by strangers."""
OLD = 5.0
"""Seconds after its time during which a page is still shown, while one thread makes it anew."""


@dataclass(slots=True)
class _Kept:
    """A page as it was made: until when it counts, and until when somebody is trusted to be making it anew."""

    body: bytes
    headers: dict[str, str]
    etag: str
    until: float
    renewed_until: float = 0.0


_Key = tuple[str, str, str, str]
_pages: dict[_Key, _Kept] = {}
_lock = Lock()


def keep(view: View, seconds: float) -> View:
    """`view`, whose page is made once in so many seconds for all of whom nothing is known; 0: for each anew."""
    if not seconds:
        return view

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponseBase:
        if not settings.PAGES_ARE_KEPT or not _asks_as_everybody(request):
            return view(request, *args, **parameters)
        key = (request.scheme or "", request.get_host(), request.path, get_language() or "")
        if (found := _found(key)) is not None:
            return _answer(request, found)
        response = view(request, *args, **parameters)
        if not isinstance(response, HttpResponse) or not _is_everybodys(request, response):
            return response
        return _answer(request, _put(key, response, seconds))

    return entered


def forget_pages() -> None:
    """Every page is made anew when it is asked for next."""
    with _lock:
        _pages.clear()


def _asks_as_everybody(request: HttpRequest) -> bool:
    """By the address alone, without anything by which they could be known."""
    return (
        request.method == "GET" and not request.COOKIES and not request.GET and "Authorization" not in request.headers
    )


def _is_everybodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page holds nothing that was made for the one who asked, such as a form's token."""
    made_for_one = response.cookies or "CSRF_COOKIE" in request.META or response.has_header("Cache-Control")
    return response.status_code == 200 and not made_for_one


def _found(key: _Key) -> _Kept | None:
    """The page, if it counts yet or somebody else is making it anew; None says: make it."""
    at = monotonic()
    with _lock:
        kept = _pages.get(key)
        if kept is None:
            return None
        if at < kept.until or at < min(kept.renewed_until, kept.until + OLD):
            return kept
        kept.renewed_until = at + OLD
        return None


def _put(key: _Key, response: HttpResponse, seconds: float) -> _Kept:
    body = response.content
    etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    kept = _Kept(body, dict(response.headers), etag, monotonic() + seconds)
    with _lock:
        _pages.pop(key, None)
        while len(_pages) >= MOST:
            del _pages[next(iter(_pages))]
        _pages[key] = kept
    return kept


def _answer(request: HttpRequest, kept: _Kept) -> HttpResponseBase:
    """The page with its mark, or 304 to whoever has it already. A browser asks each time."""
    response = HttpResponse(kept.body, headers=kept.headers)
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Cookie",))
    return get_conditional_response(request, etag=kept.etag, response=response) or response
