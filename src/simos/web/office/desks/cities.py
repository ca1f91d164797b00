"""The federation's desk of cities: which there are, what is on in them, and adding one. `open_city` decides."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from simos.kernel.acting import ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.text import Text
from simos.platform.scopes.cities import CityFacts
from simos.platform.scopes.models import City
from simos.platform.things.opening import open_city
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Mesta", en="Cities")


class CityForm(forms.Form):
    """What is needed of a new city."""

    code = forms.SlugField(label=gettext_lazy("Code, as in addresses"), max_length=64)
    name_sl = forms.CharField(label=gettext_lazy("Name in Slovenian"), max_length=120)
    name_it = forms.CharField(
        label=gettext_lazy("Name in Italian, where it is official"), max_length=120, required=False
    )
    latitude = forms.FloatField(label=gettext_lazy("Latitude of the centre (degrees)"), min_value=-90, max_value=90)
    longitude = forms.FloatField(label=gettext_lazy("Longitude of the centre (degrees)"), min_value=-180, max_value=180)


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """All cities, and a form to add one."""
    form = CityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        languages = ("sl", "en", "it") if facts["name_it"] else ("sl", "en")
        try:
            open_city(office.scope, CityFacts(**facts, languages=languages), by=office.actor, at=now())
        except Problem as problem:
            field = problem.extra.get("field")
            form.add_error(field if field in form.fields else None, problem.detail)
        else:
            messages.success(request, _("The city is added. Nothing is switched on in it yet."))
            return redirect("platform-cities:index")
    context = {"form": form, "cities": City.objects.annotate(on=Count("modules")).order_by("code")}
    status = 422 if form.errors else 200
    title = TITLE.in_(get_language() or "sl")
    return desk_page(request, "web_office/desks/cities.html", title, context, status=status)


desk = Desk(
    name="cities",
    title=TITLE,
    pages=(DeskPage(view=index, permissions=frozenset({"add-city"})),),
    kinds=frozenset({ScopeKind.FEDERATION}),
    icon="site",
    order=50,
)
