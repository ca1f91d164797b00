"""The desk of officers: who has which role in this scope, granting and withdrawing. Actions of `access` decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simos.kernel.acting import ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import NotFound, Problem
from simos.kernel.text import Text
from simos.platform.access.actions import grant_role, withdraw_role
from simos.platform.access.declared import roles
from simos.platform.access.models import RoleGrant
from simos.platform.people.models import Account
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

GRANT = frozenset({"grant-role"})
TITLE = Text(sl="Uradne osebe in vloge", en="Officers and roles")


def _role_choices() -> Sequence[tuple[str, str]]:
    language = get_language() or "sl"
    return sorted(((role.name, role.title.in_(language)) for role in roles().values()), key=lambda each: each[1])


class GrantForm(forms.Form):
    """Whom, what, until when."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_role_choices)
    until = forms.DateField(
        label=gettext_lazy("Until and including (empty: for ever)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Who has roles here, and a form to give one."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _granted(request, office, form):
        return redirect("platform-officers:index")
    language = get_language() or "sl"
    titles = {role.name: role.title.in_(language) for role in roles().values()}
    found = RoleGrant.objects.in_force(now()).filter(scope=str(office.scope)).select_related("account__party")
    grants = [_shown(each, titles) for each in found.order_by("account__email", "role")]
    context = {"form": form, "grants": grants}
    status = 422 if form.errors else 200
    return desk_page(request, "web_office/desks/officers.html", TITLE.in_(language), context, status=status)


def _shown(grant: RoleGrant, titles: Mapping[str, str]) -> dict[str, Any]:
    party = grant.account.party
    return {
        "email": grant.account.email,
        "name": party.name if party else "",
        "account": str(grant.account_id),
        "role": grant.role,
        "title": titles.get(grant.role, grant.role),
        "since": grant.granted_at,
        "until": grant.until,
        "active": grant.account.is_active,
    }


def _granted(request: HttpRequest, office: Office, form: GrantForm) -> bool:
    account = account_in(form, "email")
    if account is None:
        return False
    try:
        until = end_of(form.cleaned_data["until"]) if form.cleaned_data["until"] else None
        grant_role(office.scope, account, role=form.cleaned_data["role"], by=office.actor, at=now(), until=until)
    except Problem as problem:
        form.add_error("until" if problem.extra.get("field") == "until" else None, problem.detail)
        return False
    messages.success(request, _("The role is granted."))
    return True


def account_in(form: forms.Form, field: str) -> Account | None:
    """The account whose address stands in the field; where there is none, the form says so there."""
    account = Account.objects.filter(email__iexact=form.cleaned_data[field]).first()
    if account is None:
        form.add_error(field, _("There is no account with this address. The person signs in once, then has one."))
    return account


def end_of(day: Any) -> datetime:
    """The moment after the last one of `day`."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@require_POST
def withdraw(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The role is taken back at once."""
    here = RoleGrant.objects.in_force(now()).filter(scope=str(office.scope), role=request.POST.get("role", ""))
    asked = request.POST.get("account", "")
    grant = next((each for each in here.select_related("account") if str(each.account_id) == asked), None)
    if grant is None:
        raise NotFound("no such role is granted here")
    withdraw_role(office.scope, grant.account, role=grant.role, by=office.actor, at=now())
    messages.success(request, _("The role is withdrawn."))
    return redirect("platform-officers:index")


desk = Desk(
    name="officers",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=GRANT),
        DeskPage(view=withdraw, permissions=GRANT, name="withdraw", address="withdraw/"),
    ),
    kinds=frozenset(ScopeKind),
    icon="group",
    order=100,
)
