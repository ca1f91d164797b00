"""The screen of an information panel: where there is room, near and big, to be touched, read aloud or used by keys.

Nothing leads away from it, nothing is timed. Without connection it says since when, and in time hides old numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from simos.kernel.errors import NotFound
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.guidance.formats.showing import language_now
from simos.modules.mobility.guidance.queries import facilities_of, panel_of
from simos.modules.mobility.guidance.rules.content import minutes_to
from simos.modules.mobility.guidance.values import GROUP, Kind, PanelFacts
from simos.modules.mobility.parking.public import FacilityNow, areas_now
from simos.modules.mobility.parking.public import State as Standing
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.maps import Feature, MapLayer, MapView, point_geometry, with_map
from simos.web.pages import Live, Page, render
from simos.web.parts import State

STATES = {
    Standing.FREE: (State.GOOD, Text(sl="prosto", en="free", it="libero")),
    Standing.FEW: (State.LOW, Text(sl="malo mest", en="few spaces", it="pochi posti")),
    Standing.FULL: (State.BAD, Text(sl="zasedeno", en="full", it="completo")),
    Standing.CLOSED: (State.PLAIN, Text(sl="zaprto", en="closed", it="chiuso")),
    Standing.STALE: (State.PLAIN, Text(sl="ni podatka", en="not known", it="dato assente")),
    Standing.UNKNOWN: (State.PLAIN, Text(sl="ni podatka", en="not known", it="dato assente")),
}
CHOSEN = "p"
"""Query parameter: the code of the facility that was touched."""
WALK_METRES_PER_MINUTE = 70.0
LONGEST_WALK = 20
"""Minutes; to what is farther one drives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A facility as the screen offers it. `free` None: not known just now, or closed. `live`: it may change while one
    looks; `at`: milliseconds since 1970 at which it was counted (0: never)."""

    code: str
    name: str
    mark: str
    entity: str
    address: str
    free: int | None
    live: bool
    at: int
    few: int
    most: int | None
    shown: State
    word: str
    place: Point | None
    walk: int | None
    drive: int | None
    chosen: bool

    @property
    def standing(self) -> str:
        """Another word when it begins or ceases to have a number."""
        return f"{self.live} {self.word if self.free is None else ''}"


def screen(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """The screen of the information panel `code`; 404 for other panels."""
    panel = panel_of(code)
    if panel.facts.kind is not Kind.INFORMATION:
        raise NotFound(f"{code} is a panel at a road: it has no screen")
    counted = {"tenant": city.code, "type": "OffStreetParking,OnStreetParking"}
    live = Live(stream=f"/hub/live?{urlencode(counted)}", since=str(reader().head()))
    here = reverse("mobility_guidance:screen", kwargs={"city": city.code, "code": code})
    choices = _choices(panel.facts, city, here, request.GET.get(CHOSEN, ""))
    page = Page(title=_("Where is there room?"), city=city, demo=panel.is_demo, live=live, wide=True)
    context = {
        "panel": panel.facts,
        "choices": choices,
        "chosen": next((each for each in choices if each.chosen), None),
        "map": _map(panel.facts, choices),
        "here": here,
        "limit": panel.facts.limit,
        "spoken": _spoken(),
        "unknown": STATES[Standing.UNKNOWN][1].in_(language_now()),
    }
    return with_map(render(request, "guidance/screen.html", page, context))


def _choices(panel: PanelFacts, city: City, here: str, chosen: str) -> list[Choice]:
    """What the panel serves: those with room first, the nearest of them at the top."""
    facilities = facilities_of(reader(), city)
    areas = {f"{GROUP}{area.code}": area.facilities for area in areas_now(facilities)}
    served = {code for line in panel.lines for name in line.serves for code in areas.get(name, (name,))}
    present = now_in(city)
    found = [_choice(panel, each, here, chosen, present) for each in facilities if each.code in served]
    return sorted(found, key=lambda each: (not each.free, minutes_to(panel.place, each.place), each.name))


def _spoken() -> SafeString:
    """The words of the states that a number can come to, for live.js."""
    words = [(STATES[each][0], STATES[each][1].in_(language_now())) for each in list(Standing)[:3]]
    return format_html_join("", ' data-live-words-{}="{}"', ((str(state), word) for state, word in words))


def _choice(panel: PanelFacts, facility: FacilityNow, here: str, chosen: str, present: datetime) -> Choice:
    at = facility.observed_at
    old = facility.free is not None and (at is None or present - at > timedelta(minutes=panel.limit))
    shown, word = STATES[Standing.STALE if old else facility.state]
    walk = drive = None
    if panel.place is not None and facility.place is not None:
        walk = max(1, round(panel.place.metres_to(facility.place) * 1.3 / WALK_METRES_PER_MINUTE))
        drive = max(1, round(minutes_to(panel.place, facility.place)))
    return Choice(
        code=facility.code,
        name=facility.name,
        mark=f"choice-{facility.code}",
        entity=facility.entity,
        address=f"{here}?{urlencode({CHOSEN: facility.code})}#chosen",
        free=None if old else facility.free,
        live=facility.live,
        at=round(at.timestamp() * 1000) if at else 0,
        few=facility.few,
        most=facility.most,
        shown=shown,
        word=word.in_(language_now()),
        place=facility.place,
        walk=walk if walk is not None and walk <= LONGEST_WALK else None,
        drive=drive,
        chosen=facility.code == chosen,
    )


def _map(panel: PanelFacts, choices: Sequence[Choice]) -> MapView:
    places = tuple(
        Feature(point_geometry(each.place), title=each.name, twin=each.mark, state=each.shown)
        for each in choices
        if each.place is not None
    )
    here = (Feature(point_geometry(panel.place), title=_("You are here"), twin="here"),) if panel.place else ()
    return MapView(
        title=_("Car parks on the map"),
        layers=(MapLayer(name="places", features=places), MapLayer(name="here", features=here)),
        tall=True,
    )
