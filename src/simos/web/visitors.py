"""Which address a visitor comes from. The web process is reached through the front alone, and believes it alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class VisitorMiddleware:
    """REMOTE_ADDR is the visitor's, as the front (or the one proxy before it) names it last. Put it first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if named := request.META.get("HTTP_X_FORWARDED_FOR"):
            request.META["REMOTE_ADDR"] = named.rsplit(",", 1)[-1].strip()
        return self.get_response(request)
