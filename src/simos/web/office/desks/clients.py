"""The federation's desk of applications that sign people in by this platform. Actions of `web.accounts` decide."""

from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simos.kernel.acting import FEDERATION, ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import Invalid, NotFound
from simos.kernel.text import Text
from simos.web.accounts.actions import add_client, remove_client
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Povezane aplikacije", en="Connected applications")
MANAGE = frozenset({"manage-clients"})


class ClientForm(forms.Form):
    """Which application, and where it is at home."""

    name = forms.CharField(label=gettext_lazy("Name, as people read it when they are asked"), max_length=100)
    redirect_uris = forms.CharField(
        label=gettext_lazy("Addresses to which people are sent back"),
        help_text=gettext_lazy("One in each line, whole and beginning with https://."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("It runs in a browser or on a phone, and so cannot keep a secret"), required=False
    )


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The applications without their secrets, and a form for a new one, whose secret is shown this once."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = form.cleaned_data
        try:
            made = add_client(
                asked["name"],
                redirect_uris=tuple(asked["redirect_uris"].split()),
                is_public=asked["is_public"],
                by=office.actor,
                at=now(),
            )
            form = ClientForm()
        except Invalid as problem:
            said = {
                "name": _("An application has a name."),
                "redirect_uris": _(
                    "Each address begins with https:// (on this machine http://localhost) and has no #."
                ),
            }
            field = str(problem.extra.get("field", "name"))
            form.add_error(field, said[field])
    shown = [
        {"id": each.pk, "name": each.name, "at": each.get_redirect_uris(), "since": each.created_at, "type": each.type}
        for each in Client.objects.order_by("name")
    ]
    title = TITLE.in_(get_language() or "sl")
    context = {"form": form, "clients": shown, "made": made}
    status = 422 if form.errors else 200
    return desk_page(request, "web_office/desks/clients.html", title, context, status=status)


@require_POST
def revoke(request: HttpRequest, office: Office, client: str) -> HttpResponseBase:
    """The application may ask no more, and what it was given counts no more."""
    try:
        remove_client(client, by=office.actor, at=now())
    except NotFound:
        messages.error(request, _("This was ended already."))
    else:
        messages.success(request, _("The application signs nobody in any more."))
    return redirect("platform-clients:index")


def is_here(office: Office, key: str) -> bool:
    """Applications are the federation's, all of them."""
    return office.scope == FEDERATION and Client.objects.filter(pk=key).exists()


desk = Desk(
    name="clients",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=MANAGE),
        DeskPage(
            view=revoke, permissions=MANAGE, name="revoke", address="<str:client>/revoke/", keys={"client": is_here}
        ),
    ),
    kinds=frozenset({ScopeKind.FEDERATION}),
    icon="link",
    order=260,
)
