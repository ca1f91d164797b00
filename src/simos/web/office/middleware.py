"""Stands before every address of the office: nobody comes in without a role, none leaves their scope. Fails closed."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from simos.kernel.acting import FEDERATION
from simos.kernel.errors import NotFound, Problem
from simos.platform.access.models import RoleGrant
from simos.platform.scopes.acting import acting
from simos.web.office.doors import door_to
from simos.web.office.entering import office_of, scopes_of, seat
from simos.web.office.placing import declared_doors
from simos.web.pages import Page, render
from simos.web.problems import answer

ADDRESS = "/office/"
WITHOUT_SCOPE = ("office:scope", "office:sign-out")
LANGUAGES = ("sl", "en")


class OfficeMiddleware:
    """Sets `request.office`, and `acting` in its scope around the view and its template. Put it after messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ADDRESS):
            return self.get_response(request)
        language = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        with override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
            response = self._entered(request)
        response._csp_config = settings.OFFICE_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def _entered(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == ADDRESS and not RoleGrant.objects.exists():
            page = Page(title=_("This platform is not set up yet"), alternatives=())
            return render(request, "web_office/not_set_up.html", page, status=503)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        scopes = scopes_of(request.actor)  # type: ignore[attr-defined]
        match = _match(request)
        if not scopes or match is None:
            return answer(request, NotFound())
        office = office_of(request, scopes)
        if match.view_name in WITHOUT_SCOPE:
            request.office_choices, request.office = tuple(scopes), office  # type: ignore[attr-defined]
            with acting(request.actor, FEDERATION):  # type: ignore[attr-defined]
                return self.get_response(request)
        if office is None:
            return redirect_to_login(request.get_full_path(), reverse("office:scope"))
        seat(request, office)
        with acting(office.actor, office.scope):
            door = door_to(match, declared_doors())
            try:
                opens = door is not None and door.opens(office, request, match)
            except Problem as problem:  # what says whose a key is, such as the hub, is away
                return answer(request, problem)
            return self.get_response(request) if opens else answer(request, NotFound())


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def to_office(request: HttpRequest) -> HttpResponseBase:
    """The office's first page."""
    return redirect("wagtailadmin_home")
