"""The desk of organisation units: which the office has, who works in each. Actions of `access` decide."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simos.kernel.acting import ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid
from simos.kernel.text import Text
from simos.platform.access.models import Membership, Unit
from simos.platform.access.units import add_member, close_unit, open_unit, remove_member, units_in
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.desks.officers import account_in, end_of
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Enote", en="Units")
MANAGE = frozenset({"manage-units"})
_DAY = forms.DateInput(attrs={"type": "date"})


class UnitForm(forms.Form):
    """What is needed of a new unit."""

    name = forms.CharField(label=gettext_lazy("Name of the unit"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=64,
        help_text=gettext_lazy("Short and for good: lower-case letters, digits and dashes, such as “traffic”."),
    )
    within = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", _("the office itself"))]
        self.fields["within"].choices = nothing + [(each.code, each.party.name) for each in units]  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """Who works in the unit, and until when."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"))
    leads = forms.BooleanField(label=gettext_lazy("Heads the unit"), required=False)
    until = forms.DateField(label=gettext_lazy("Until and including (empty: for ever)"), required=False, widget=_DAY)


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The units with how many work there, and a form for a new one."""
    units = list(units_in(office.scope))
    form = UnitForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        within = next((each for each in units if each.code == asked["within"]), None)
        try:
            unit = open_unit(office.scope, asked["code"], name=asked["name"], within=within, by=office.actor, at=now())
        except Conflict:
            form.add_error("code", _("There is a unit with this code already, or there was one."))
        except Invalid as problem:
            form.add_error("code" if problem.extra.get("field") == "code" else "name", _("This cannot be a unit’s."))
        else:
            messages.success(request, _("The unit is open. Say who works there."))
            return redirect("platform-units:unit", unit.pk)
    work_there = Membership.objects.in_force(now()).filter(unit__in=units).values_list("unit", flat=True)
    counts = [str(each) for each in work_there]
    names = {each.pk: each.party.name for each in units}
    shown = [
        {"unit": each, "within": names.get(each.within_id, ""), "members": counts.count(str(each.pk))} for each in units
    ]
    title = TITLE.in_(get_language() or "sl")
    status = 422 if form.errors else 200
    return desk_page(request, "web_office/desks/units.html", title, {"form": form, "units": shown}, status=status)


def unit(request: HttpRequest, office: Office, unit: UUID) -> HttpResponseBase:
    """Who works in the unit, and a form for one more."""
    one = _of(office).select_related("party").get(pk=unit)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(request, office, one, form):
        return redirect("platform-units:unit", one.pk)
    members = Membership.objects.standing(now()).filter(unit=one).select_related("account__party")
    context = {
        "form": form,
        "unit": one,
        "members": members.order_by("-leads", "account__email"),
        "crumbs": [{"url": reverse("platform-units:index"), "label": TITLE.in_(get_language() or "sl")}],
    }
    status = 422 if form.errors else 200
    return desk_page(request, "web_office/desks/unit.html", one.party.name, context, status=status)


def _added(request: HttpRequest, office: Office, one: Unit, form: MemberForm) -> bool:
    asked = form.cleaned_data
    account = account_in(form, "email")
    if account is None:
        return False
    ends_at = end_of(asked["until"]) if asked["until"] else None
    try:
        add_member(office.scope, one, account, leads=asked["leads"], ends_at=ends_at, by=office.actor, at=now())
    except Conflict:
        form.add_error("email", _("This person works there already."))
    except Invalid:
        form.add_error("until", _("This day is over already."))
    else:
        messages.success(request, _("The person works there now."))
        return True
    return False


@require_POST
def remove(request: HttpRequest, office: Office, unit: UUID, membership: UUID) -> HttpResponseBase:
    """The person works there no more, from now on."""
    row = Membership.objects.select_related("unit").get(pk=membership)
    try:
        remove_member(office.scope, row, by=office.actor, at=now())
    except Conflict:
        messages.error(request, _("This was ended already."))
    else:
        messages.success(request, _("The person works there no more."))
    return redirect("platform-units:unit", unit)


@require_POST
def close(request: HttpRequest, office: Office, unit: UUID) -> HttpResponseBase:
    """The unit is no more; what it did keeps its name."""
    try:
        close_unit(office.scope, _of(office).get(pk=unit), by=office.actor, at=now())
    except Conflict:
        messages.error(request, _("Somebody works there, or a part of it is open: end that first."))
        return redirect("platform-units:unit", unit)
    messages.success(request, _("The unit is closed. What it did keeps its name."))
    return redirect("platform-units:index")


def _of(office: Office) -> Any:
    return Unit.objects.filter(scope=str(office.scope), closed_at=None)


def is_here(office: Office, key: str) -> bool:
    """Whether the office has an open unit with this key."""
    return bool(_of(office).filter(pk=key).exists())


def works_here(office: Office, key: str) -> bool:
    """Whether this membership is of a unit of the office."""
    return Membership.objects.filter(pk=key, unit__scope=str(office.scope)).exists()


_ONE = "<uuid:unit>/"
desk = Desk(
    name="units",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=MANAGE),
        DeskPage(view=unit, permissions=MANAGE, name="unit", address=_ONE, keys={"unit": is_here}),
        DeskPage(view=close, permissions=MANAGE, name="close", address=f"{_ONE}close/", keys={"unit": is_here}),
        DeskPage(
            view=remove,
            permissions=MANAGE,
            name="remove",
            address=f"{_ONE}<uuid:membership>/remove/",
            keys={"unit": is_here, "membership": works_here},
        ),
    ),
    kinds=frozenset(ScopeKind),
    icon="group",
    order=110,
)
