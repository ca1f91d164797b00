"""The desk of devices' tokens for the hub: who may send and read as this city. A secret is shown once, never kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simos.hub.client import HubClient
from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.audit.log import record
from simos.platform.things.door import hub
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Naprave in ključi", en="Devices and tokens")
MANAGE = frozenset({"manage-tokens"})


class TokenForm(forms.Form):
    """Whose token, and what for."""

    name = forms.CharField(label=gettext_lazy("Whose it is, such as “sensors, Glazija”"), max_length=120)
    type = forms.ChoiceField(label=gettext_lazy("What it may touch"), choices=lambda: _types())
    write = forms.BooleanField(label=gettext_lazy("May send, not only read"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires (empty: never)"), min_value=1, max_value=3650, required=False
    )


def _types() -> list[tuple[str, str]]:
    return [("*", _("Everything of the city")), *((name, name) for name in sorted(installed_modules().entity_types()))]


def _here(client: HubClient, office: Office) -> list[dict[str, Any]]:
    """The tokens of this city alone; those of several cities are the operator's."""
    _status, found = client.ask("GET", "/hub/tokens", patience=0)
    return [each for each in found if list(each["tenants"]) == [office.scope.code]]


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The city's tokens without their secrets, and a form for a new one."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = hub().add_token(
            asked["name"],
            tenants=[office.scope.code],
            types=[asked["type"]],
            mayWrite=asked["write"],
            days=asked["days"],
        )
        secret = made["secret"]
        _recorded("add-token", office, made["id"])
        form = TokenForm()
    try:
        tokens, away = _here(hub(), office), False
    except Problem:
        tokens, away = [], True
    context = {"form": form, "tokens": tokens, "secret": secret, "away": away}
    status = 422 if form.errors else 200
    title = TITLE.in_(get_language() or "sl")
    return desk_page(request, "web_office/desks/tokens.html", title, context, status=status)


def is_here(office: Office, key: str) -> bool:
    """Whether the city has a token with this id. Unavailable while the hub is away."""
    return any(each["id"] == key for each in _here(hub(), office))


@require_POST
def revoke(request: HttpRequest, office: Office, token: str) -> HttpResponseBase:
    """The token counts no more."""
    hub().ask("DELETE", f"/hub/tokens/{token}")
    _recorded("revoke-token", office, token)
    messages.success(request, _("The token no longer counts."))
    return redirect("platform-tokens:index")


def _recorded(what: str, office: Office, token: str) -> None:
    with transaction.atomic():
        record(what, obj=("hub-token", token), by=office.actor, scope=office.scope, at=now())


desk = Desk(
    name="tokens",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=MANAGE),
        DeskPage(
            view=revoke,
            permissions=MANAGE,
            name="revoke",
            address="<slug:token>/revoke/",
            keys={"token": is_here},
        ),
    ),
    icon="key",
    order=250,
)
