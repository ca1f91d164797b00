"""One panel: what it shows now, what its arrows lead to, how it is."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.modules.mobility.guidance.formats.showing import as_confirmed, language_now
from simos.modules.mobility.guidance.module import module
from simos.modules.mobility.guidance.pages.panels import live_of
from simos.modules.mobility.guidance.queries import PanelNow, facilities_of, panel_of, sources_of, standing_of
from simos.modules.mobility.guidance.values import Kind, sign_of
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.formatting import number_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Row


def panel(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """The panel `code`; 404 where the city has none of that name."""
    live = live_of(city, sign_of(city.code, code))
    found = standing_of(panel_of(code), now())
    shown, language = as_confirmed(found), language_now()
    page = Page(
        title=f"{found.facts.code} {found.facts.name}",
        city=city,
        breadcrumbs=(
            Crumb(module.title.in_(language), reverse("mobility_guidance:panels", kwargs={"city": city.code})),
        ),
        demo=found.is_demo,
        live=live,
    )
    screen = reverse("mobility_guidance:screen", kwargs={"city": city.code, "code": code})
    context = {
        "panel": shown,
        "rows": [*_serves(found, city), *_facts(found, city)],
        "screen": screen if found.facts.kind is Kind.INFORMATION else "",
        "entity": f"/ngsi-ld/v1/entities/{sign_of(city.code, code)}",
    }
    return render(request, "guidance/panel.html", page, context)


def _serves(found: PanelNow, city: City) -> list[Row]:
    """What each line counts, by name."""
    sources = sources_of(facilities_of(reader(), city))
    rows = []
    for line in found.facts.lines:
        known = {each.code: each.name for name in line.serves for each in sources.get(name, ())}
        names = ", ".join(known.values()) or _("nothing that is known")
        rows.append(Row(line.label, _("the nearest with room, when another is full") if line.advice else names))
    return rows


def _facts(found: PanelNow, city: City) -> list[Row]:
    facts, language = found.facts, language_now()
    rows = [Row(_("Street"), facts.street)] if facts.street else []
    if facts.facing is not None:
        rows.append(Row(_("Faces traffic that drives"), _("%(degrees)s° from north") % {"degrees": facts.facing}))
    display = {
        "lines": number_in(len(facts.lines), language),
        "characters": number_in(facts.characters, language),
    }
    rows.append(Row(_("Display"), _("lines: %(lines)s, characters in each: %(characters)s") % display))
    limit = _("%(minutes)s minutes, then it stays blank") % {"minutes": number_in(facts.limit, language)}
    rows.append(Row(_("Shows a count for at most"), limit))
    if facts.place is not None:
        latitude, longitude = f"{facts.place.latitude:.5f}", f"{facts.place.longitude:.5f}"
        on_map = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
        rows.append(Row(_("Location"), f"{latitude}, {longitude}", on_map, _("Open the map")))
    return rows
