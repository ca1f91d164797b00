"""The office's own few pages beside Wagtail's: choosing the scope, signing out, and how desks are rendered."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.errors import NotFound
from simos.platform.scopes.models import City
from simos.web.office.entering import SESSION_KEY
from simos.web.pages import Page, render

ACCOUNT_PAGES = ("account_settings", "account_home", "account_email")
"""Where one keeps one's own account; the first that is there."""


@require_http_methods(["GET", "HEAD", "POST"])
def scope(request: HttpRequest) -> HttpResponseBase:
    """Which city's office? Asked of who has roles in several; changes nothing but the session."""
    choices: tuple[Scope, ...] = request.office_choices  # type: ignore[attr-defined]
    after = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(after, None) or not after.startswith("/office/"):
        after = reverse("wagtailadmin_home")
    if request.method == "POST":
        chosen = next((each for each in choices if str(each) == request.POST.get("scope")), None)
        if chosen is None:
            raise NotFound("the officer has no role there")
        request.session[SESSION_KEY] = str(chosen)
        return redirect(after)
    office = getattr(request, "office", None)
    names = [
        {"scope": str(each), "name": name_of(each), "current": office and office.scope == each} for each in choices
    ]
    page = Page(title=_("Whose office do you want to work in?"), alternatives=())
    return render(request, "web_office/scope.html", page, {"choices": names, "next": after})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """The session has ended, with the scope that was chosen in it."""
    logout(request)
    return redirect("home")


def account(request: HttpRequest) -> HttpResponseBase:
    """One's own account is kept on the accounts' pages, not by Wagtail."""
    for name in ACCOUNT_PAGES:
        try:
            return redirect(reverse(name))
        except NoReverseMatch:
            continue
    raise NotFound("no page of accounts is installed")


def name_of(scope: Scope) -> str:
    """What people call the scope."""
    if scope.kind is ScopeKind.CITY:
        city = City.objects.filter(code=scope.code).first()
        return city.official_name if city else scope.code
    if scope.kind is ScopeKind.FEDERATION:
        return _("Consortium SiMOS")
    return _("Partner: %(code)s") % {"code": scope.code}


def desk_page(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> TemplateResponse:
    """A desk's page within the office's frame: `template` extends `web_office/desk.html`."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Office")}, *(context or {}).get("crumbs", ())]
    frame = {
        "header_title": title,
        "page_title": title,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
        "header_buttons": [],
    }
    return TemplateResponse(request, template, {**frame, **(context or {})}, status=status)
