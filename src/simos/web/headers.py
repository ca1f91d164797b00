"""Security headers that neither Django nor django-csp sets. Sets nothing that a view has set itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "display-capture", "gyroscope", "microphone", "payment", "usb")
)
"""Device features that no page uses; a module that needs one sets its own header. Location is for one's own pages."""


class HeadersMiddleware:
    """Adds Permissions-Policy, and Cross-Origin-Resource-Policy so that other sites cannot embed what is private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", f"{PERMISSIONS}, geolocation=(self)")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
