"""The module's public pages. Tables are reached through actions and queries only, never from here."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from simos.modules.mobility.guidance.module import module
from simos.platform.scopes.models import City
from simos.web.pages import Page, render
from simos.web.routes import PageRoute


def front(request: HttpRequest, city: City) -> HttpResponse:
    """The module's first page in a city."""
    language = get_language() or "sl"
    page = Page(title=module.title.in_(language), city=city, description=module.summary.in_(language))
    return render(request, "mobility_guidance/front.html", page, {"summary": module.summary})


pages = (PageRoute(view=front, name="front"),)
