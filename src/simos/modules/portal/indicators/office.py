"""The office's desk of indicators: an officer enters what nothing can compute. The action of the platform decides."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import NotFound, Problem
from simos.kernel.module import Every
from simos.modules.portal.indicators.module import module as own
from simos.modules.portal.indicators.pages.showing import amount_in, period_in
from simos.platform.indicators.actions import enter, present_in, zone_of
from simos.platform.indicators.declared import Declared, indicator_in, indicators_in
from simos.platform.indicators.periods import ended_by, period_of
from simos.platform.indicators.queries import counting_in, measurements_of
from simos.platform.indicators.values import Period
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

ENTER = frozenset({"enter-indicator"})
OFFERED = {Every.DAY: 31, Every.MONTH: 24, Every.YEAR: 10}
"""So many periods back a value can be entered, besides the one that still goes on."""


class ValueForm(forms.Form):
    """What the indicator came to, when, and how one knows."""

    period = forms.ChoiceField(label=gettext_lazy("Period"))
    value = forms.FloatField(label=gettext_lazy("Value"), localize=True)
    note = forms.CharField(
        label=gettext_lazy("How the value is known"),
        help_text=gettext_lazy("Shown to everybody beside the value: survey, report, who counted."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: object, periods: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


def _language() -> str:
    return get_language() or "sl"


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The indicators that are entered by hand, each with its newest value."""
    declared = [each for each in indicators_in(office.scope) if each.compute is None]
    values = counting_in(office.scope, declared)
    rows = [
        {
            "title": each.indicator.title.in_(_language()),
            "service": each.module.title.in_(_language()),
            "newest": _newest(each, values[each.key][-1]) if values[each.key] else "",
            "address": _address(each),
        }
        for each in declared
    ]
    return desk_page(request, "indicators/desk.html", own.title.in_(_language()), {"rows": rows})


def _newest(declared: Declared, row: object) -> str:
    it = declared.indicator
    return f"{amount_in(it, row.value, _language())} ({period_in(it.every, row.first, _language())})"  # type: ignore[attr-defined]


def _address(declared: Declared) -> str:
    domain, name = declared.module.name.split("/")
    parts = {"domain": domain, "module": name, "name": declared.indicator.name}
    return reverse("portal_indicators-indicators:enter", kwargs=parts)


def enter_value(request: HttpRequest, office: Office, domain: str, module: str, name: str) -> HttpResponseBase:
    """A form for one value, above the values that there are."""
    declared = indicator_in(office.scope, f"{domain}/{module}", name)
    if declared.compute is not None:
        raise NotFound("this indicator is computed; nobody enters it")
    it, periods = declared.indicator, _periods(declared, office)
    choices = [(str(each.first), period_in(it.every, each.first, _language())) for each in periods]
    form = ValueForm(request.POST if request.method == "POST" else None, periods=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        period = period_of(it.every, date.fromisoformat(said["period"]), zone_of(office.scope))
        try:
            enter(office.scope, declared, period, said["value"], note=said["note"], by=office.actor, at=now())
        except Problem as problem:
            field = problem.extra.get("field")
            form.add_error(field if field in form.fields else None, problem.detail)
        else:
            messages.success(request, _("The value is entered."))
            return redirect("portal_indicators-indicators:index")
    context = {
        "form": form,
        "about": it.about.in_(_language()),
        "rows": [
            {"row": row, "period": period_in(it.every, row.first, _language())}
            for row in measurements_of(office.scope, declared)[:50]
        ],
        "crumbs": [{"url": reverse("portal_indicators-indicators:index"), "label": own.title.in_(_language())}],
    }
    status = 422 if form.errors else 200
    return desk_page(request, "indicators/enter.html", it.title.in_(_language()), context, status=status)


def _periods(declared: Declared, office: Office) -> list[Period]:
    """The one that goes on and those before it, newest first."""
    every, zone, present = declared.indicator.every, zone_of(office.scope), present_in(office.scope)
    going_on = period_of(every, present.astimezone(zone).date(), zone)
    return [going_on, *ended_by(every, present, zone, OFFERED[every])]


office = (
    Desk(
        name="indicators",
        title=own.title,
        pages=(
            DeskPage(view=index, permissions=ENTER),
            DeskPage(
                view=enter_value, permissions=ENTER, name="enter", address="<slug:domain>/<slug:module>/<slug:name>/"
            ),
        ),
        icon="order",
    ),
)
