"""Parking's public pages: the list of facilities, and each with its day. Both change while one looks at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.text import Text
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.queries import count_of, counts_of, facilities_of, facility_of, history_of
from simos.modules.mobility.parking.rules import FRESH, few_for, occupancy_of, state_of
from simos.modules.mobility.parking.values import FREE, TYPE, Count, FacilityFacts, Kind, State, id_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.charts import Chart, chart_of
from simos.web.formatting import number_in
from simos.web.pages import Crumb, Live, Page, render
from simos.web.parts import LiveNumber, Row
from simos.web.parts import State as Shown
from simos.web.routes import PageRoute
from simos.web.series import Point, Series

DAY = timedelta(hours=24)
SILENT_AFTER = FRESH
"""A count holds no longer than that in the drawing either."""

KINDS = {
    Kind.LOT: Text(sl="parkirišče", en="car park", it="parcheggio"),
    Kind.GARAGE: Text(sl="garaža", en="garage", it="autorimessa"),
}
STATES = {
    State.FREE: (Shown.GOOD, Text(sl="prosto", en="free", it="libero")),
    State.FEW: (Shown.LOW, Text(sl="malo mest", en="few spaces", it="pochi posti")),
    State.FULL: (Shown.BAD, Text(sl="zasedeno", en="full", it="completo")),
    State.STALE: (Shown.PLAIN, Text(sl="ni svežega podatka", en="no recent count", it="dato non recente")),
    State.UNKNOWN: (Shown.PLAIN, Text(sl="ni podatka", en="no count", it="nessun dato")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A facility as the list shows it. `free` is None where no fresh count is known: a stale one misleads."""

    facts: FacilityFacts
    address: str
    entity: str
    kind: str
    free: int | None
    observed_at: datetime | None
    shown: Shown
    word: str
    few: int


def _line(facts: FacilityFacts, count: Count | None, city: City, now: datetime) -> Line:
    language = get_language() or "sl"
    state = state_of(count, facts.capacity, now)
    shown, word = STATES[state]
    fresh = count if state not in (State.STALE, State.UNKNOWN) else None
    return Line(
        facts=facts,
        address=reverse("mobility_parking:facility", kwargs={"city": city.code, "code": facts.code}),
        entity=id_of(city.code, facts.code),
        kind=KINDS[facts.kind].in_(language),
        free=fresh.free if fresh else None,
        observed_at=count.observed_at if count else None,
        shown=shown,
        word=word.in_(language),
        few=few_for(facts.capacity),
    )


def _live(city: City, *ids: str) -> Live:
    query = {"tenant": city.code, "type": TYPE} | ({"id": ",".join(ids)} if ids else {})
    return Live(stream=f"/hub/live?{urlencode(query)}", since=str(reader().head()))


def _words() -> dict[Shown, str]:
    language = get_language() or "sl"
    return {STATES[state][0]: STATES[state][1].in_(language) for state in (State.FREE, State.FEW, State.FULL)}


def facilities(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities with their free spaces."""
    live = _live(city)  # before the counts: what changes in between is then sent
    now, counts, found = now_in(city), counts_of(reader(), city.code), facilities_of()
    lines = [_line(facility.facts, counts.get(facility.code), city, now) for facility in found]
    known = [line for line in lines if line.free is not None]
    page = Page(
        title=module.title.in_(get_language() or "sl"),
        description=module.summary.in_(get_language() or "sl"),
        city=city,
        demo=any(facility.is_demo for facility in found),
        live=live,
    )
    context = {"lines": lines, "known": len(known), "words": _words(), "now": now}
    return render(request, "parking/facilities.html", page, context)


def facility(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility: free spaces now, and how they went in the last 24 hours."""
    found = facility_of(code)
    facts, language = found.facts, get_language() or "sl"
    live = _live(city, id_of(city.code, code))
    now = now_in(city)
    count = count_of(reader(), city.code, code)
    line = _line(facts, count, city, now)
    page = Page(
        title=facts.name,
        city=city,
        breadcrumbs=(
            Crumb(module.title.in_(language), reverse("mobility_parking:facilities", kwargs={"city": city.code})),
        ),
        demo=found.is_demo,
        live=live,
    )
    number = LiveNumber(
        title=_("Free spaces"),
        value=line.free,
        entity=line.entity,
        attribute=FREE,
        name=facts.name,
        observed_at=line.observed_at,
        full=0,
        few=line.few,
        words=_words(),
    )
    context = {
        "line": line,
        "number": number,
        "rows": _facts_shown(facts, count, line, language),
        "chart": _day(city, facts, now, language),
    }
    return render(request, "parking/facility.html", page, context)


def _facts_shown(facts: FacilityFacts, count: Count | None, line: Line, language: str) -> list[Row]:
    rows = [Row(_("Kind"), line.kind)]
    if facts.capacity is not None:
        rows.append(Row(_("Spaces in all"), number_in(facts.capacity, language)))
    if line.free is not None and (share := occupancy_of(count, facts.capacity)) is not None:
        rows.append(Row(_("Occupied"), f"{number_in(round(share * 100), language)} %"))
    if facts.address:
        rows.append(Row(_("Address"), facts.address))
    if facts.place is not None:
        rows.append(Row(_("Location"), f"{facts.place.latitude:.5f}, {facts.place.longitude:.5f}"))
    return rows


def _day(city: City, facts: FacilityFacts, now: datetime, language: str) -> Chart:
    since = now - DAY
    counts = history_of(reader(), city.code, facts.code, since=since, until=now + timedelta(microseconds=1))
    points = [
        Point(max(each.observed_at, since), each.free) for each in counts if each.observed_at > since - SILENT_AFTER
    ]
    return chart_of(
        Series(_("Free spaces"), tuple(points)),
        title=_("Free spaces in the last 24 hours"),
        unit="",
        language=language,
        y_max=facts.capacity,
        time_zone=ZoneInfo(city.time_zone),
        silent_after=SILENT_AFTER,
    )


pages = (
    PageRoute(view=facilities, name="facilities"),
    PageRoute(view=facility, name="facility", address="<str:code>"),
)
