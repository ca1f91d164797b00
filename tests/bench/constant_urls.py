"""The platform's addresses and `/bench/constant`: the baseline of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from simos.app.urls import handler400, handler403, handler404, handler500, urlpatterns

BODY = b"<!doctype html><title>constant</title>" + b"<p>Nothing is looked up here.</p>" * 30

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def constant(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("bench/constant", constant), *urlpatterns]
