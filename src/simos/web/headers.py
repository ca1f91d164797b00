"""Security headers that neither Django nor django-csp sets. Sets nothing that a view has set itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "display-capture", "gyroscope", "microphone", "payment", "usb")
)
"""Device features that no page uses; a module that needs one sets its own header. Location is for one's own pages."""


class HeadersMiddleware:
    """Adds Permissions-Policy, Cross-Origin-Resource-Policy so that other sites cannot embed what is private, and for
    who has a session Cache-Control, so that nobody else is shown their pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", f"{PERMISSIONS}, geolocation=(self)")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
