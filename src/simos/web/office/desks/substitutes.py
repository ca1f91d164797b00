"""The desk of substitutes: who stands in for whom in this office, and until when. Actions of `access` decide."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

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
from simos.kernel.errors import Conflict, Invalid
from simos.kernel.text import Text
from simos.platform.access.models import Substitution
from simos.platform.access.units import name_substitute, withdraw_substitute
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.desks.officers import account_in, end_of
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Nadomeščanja", en="Substitutes")
MANAGE = frozenset({"manage-units"})
_DAY = forms.DateInput(attrs={"type": "date"})


class SubstituteForm(forms.Form):
    """Who is away, who stands in, from when until when."""

    absent = forms.EmailField(label=gettext_lazy("Who is absent (e-mail address of the account)"))
    substitute = forms.EmailField(label=gettext_lazy("Who stands in (e-mail address of the account)"))
    since = forms.DateField(label=gettext_lazy("From (empty: from now on)"), required=False, widget=_DAY)
    until = forms.DateField(label=gettext_lazy("Until and including"), widget=_DAY)


REFUSED = {
    "substitute": gettext_lazy("Nobody stands in for themselves."),
    "absent": gettext_lazy("This person has no role here that another could take over."),
    "ends_at": gettext_lazy("The last day is before the first, or is over already."),
}


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Who stands in for whom, now and later, and a form for one more."""
    form = SubstituteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _named(request, office, form):
        return redirect("platform-substitutes:index")
    rows = Substitution.objects.standing(now()).filter(scope=str(office.scope))
    context = {
        "form": form,
        "rows": rows.select_related("absent__party", "substitute__party").order_by("begins_at", "ends_at"),
        "present": now(),
    }
    title = TITLE.in_(get_language() or "sl")
    status = 422 if form.errors else 200
    return desk_page(request, "web_office/desks/substitutes.html", title, context, status=status)


def _named(request: HttpRequest, office: Office, form: SubstituteForm) -> bool:
    asked: dict[str, Any] = form.cleaned_data
    absent, substitute = account_in(form, "absent"), account_in(form, "substitute")
    if absent is None or substitute is None:
        return False
    first = timezone.make_aware(datetime.combine(asked["since"], time.min)) if asked["since"] else now()
    try:
        name_substitute(
            office.scope,
            absent=absent,
            substitute=substitute,
            begins_at=max(first, now()),
            ends_at=end_of(asked["until"]),
            by=office.actor,
            at=now(),
        )
    except Invalid as problem:
        field = str(problem.extra.get("field", ""))
        form.add_error(field if field in form.fields else "until", str(REFUSED.get(field, REFUSED["ends_at"])))
        return False
    messages.success(request, _("The substitute is named."))
    return True


@require_POST
def withdraw(request: HttpRequest, office: Office, substitution: UUID) -> HttpResponseBase:
    """Nobody stands in by this any more."""
    try:
        withdraw_substitute(office.scope, Substitution.objects.get(pk=substitution), by=office.actor, at=now())
    except Conflict:
        messages.error(request, _("This was ended already."))
    else:
        messages.success(request, _("The substitution is over."))
    return redirect("platform-substitutes:index")


def is_here(office: Office, key: str) -> bool:
    """Whether this substitution is of the office."""
    return Substitution.objects.filter(pk=key, scope=str(office.scope)).exists()


desk = Desk(
    name="substitutes",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=MANAGE),
        DeskPage(
            view=withdraw,
            permissions=MANAGE,
            name="withdraw",
            address="<uuid:substitution>/withdraw/",
            keys={"substitution": is_here},
        ),
    ),
    kinds=frozenset(ScopeKind),
    icon="user",
    order=120,
)
