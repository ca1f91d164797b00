"""The desk of modules: which are on in this city. Actions of `scopes` decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.module import Level
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.scopes.actions import switch_off, switch_on
from simos.platform.scopes.models import CityModule
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Moduli", en="Modules")


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Every installed module of cities, and a button to switch it."""
    if request.method == "POST":
        return _switched(request, office)
    language = get_language() or "sl"
    on = {row.module: row.switched_on_at for row in CityModule.objects.filter(city=office.scope.code)}
    modules = [
        {
            "name": each.module.name,
            "title": each.module.title.in_(language),
            "summary": each.module.summary.in_(language),
            "requires": each.module.requires,
            "since": on.get(each.module.name),
        }
        for each in installed_modules()
        if each.module.level is not Level.FEDERATION
    ]
    return desk_page(request, "web_office/desks/modules.html", TITLE.in_(language), {"modules": modules})


def _switched(request: HttpRequest, office: Office) -> HttpResponseBase:
    module = request.POST.get("module", "")
    switch = switch_off if request.POST.get("to") == "off" else switch_on
    try:
        switch(office.scope, module, by=office.actor, at=now())
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("The module is off.") if switch is switch_off else _("The module is on."))
    return redirect("platform-modules:index")


desk = Desk(
    name="modules",
    title=TITLE,
    pages=(DeskPage(view=index, permissions=frozenset({"switch-module"})),),
    icon="sliders",
    order=200,
)
