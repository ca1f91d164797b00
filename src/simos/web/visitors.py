"""Which address a visitor comes from. The web process is reached through the front alone, and believes it alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class VisitorMiddleware:
    """REMOTE_ADDR is the visitor's, as the front (or the one proxy before it) names it last. Put it first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["REMOTE_ADDR"] = told_address(request)
        return self.get_response(request)


def told_address(request: HttpRequest) -> str:
    """The address that the nearest hop tells of; '' where none is told."""
    return request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
