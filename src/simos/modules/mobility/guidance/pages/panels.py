"""All panels of a city: where they stand and what they show now, for the curious and for checking."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simos.kernel.clock import now
from simos.modules.mobility.guidance.formats.showing import KINDS, Shown, as_confirmed, language_now
from simos.modules.mobility.guidance.module import module
from simos.modules.mobility.guidance.queries import PanelNow, panels_now
from simos.modules.mobility.guidance.values import SIGN, Condition, Kind
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.maps import Feature, MapLayer, MapView, point_geometry, with_map
from simos.web.pages import Live, Page, render
from simos.web.parts import Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Panels of one kind, under a heading."""

    title: str
    mark: str
    panels: Sequence[tuple[Shown, str]]


def live_of(city: City, *signs: str) -> Live:
    """The stream of the city's panels, or of these alone."""
    query = {"tenant": city.code, "type": SIGN} | ({"id": ",".join(signs)} if signs else {})
    return Live(stream=f"/hub/live?{urlencode(query)}", since=str(reader().head()))


def panels(request: HttpRequest, city: City) -> HttpResponse:
    """Every panel on the map and in a list, as it shines now."""
    live, found = live_of(city), panels_now(now())
    shown = [(panel, as_confirmed(panel)) for panel in found]
    page = Page(
        title=module.title.in_(language_now()),
        description=module.summary.in_(language_now()),
        city=city,
        demo=any(panel.is_demo for panel in found),
        live=live,
    )
    working = sum(panel.condition is Condition.WORKING for panel in found)
    context = {
        "groups": [group for kind in Kind if (group := _group(kind, shown, city)).panels],
        "map": _map(shown),
        "working": _working(working, len(found)),
        "nothing": Empty(title=_("No panels yet"), text=_("The city has not entered any panels yet.")),
    }
    return with_map(render(request, "guidance/panels.html", page, context))


def _working(working: int, total: int) -> str:
    """Beside the live bar: how many of them all work."""
    said = ngettext("%(working)s of %(total)s panel is working.", "%(working)s of %(total)s panels are working.", total)
    return said % {"working": working, "total": total}


def _group(kind: Kind, shown: Sequence[tuple[PanelNow, Shown]], city: City) -> Group:
    titles = {Kind.DIRECTION: _("Direction panels"), Kind.INFORMATION: _("Information panels")}
    return Group(
        title=titles[kind],
        mark=kind.value,
        panels=[
            (each, reverse("mobility_guidance:panel", kwargs={"city": city.code, "code": each.code}))
            for panel, each in shown
            if panel.facts.kind is kind
        ],
    )


def _map(shown: Sequence[tuple[PanelNow, Shown]]) -> MapView:
    layers = tuple(
        MapLayer(
            name=kind.value,
            title=KINDS[kind].in_(language_now()),
            features=tuple(
                Feature(point_geometry(panel.facts.place), title=each.name, twin=each.mark, state=each.state)
                for panel, each in shown
                if panel.facts.kind is kind and panel.facts.place is not None
            ),
        )
        for kind in Kind
    )
    return MapView(title=_("Panels on the map"), layers=layers)
