"""Parking's public pages: the list of facilities, and each with its day. Both change while one looks at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.text import Text
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.queries import count_of, counts_of, facilities_of, facility_of, history_of
from simos.modules.mobility.parking.rules.counts import FRESH, few_for, occupancy_of, state_of
from simos.modules.mobility.parking.values import FREE, TYPE, Count, FacilityFacts, Kind, State, id_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.charts import Chart, chart_of
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Live, Page, render
from simos.web.parts import LiveNumber, Row
from simos.web.parts import State as Shown
from simos.web.routes import PageRoute
from simos.web.series import Point, Series

DAY = timedelta(hours=24)
KINDS = {
    Kind.LOT: Text(sl="parkirišče", en="car park", it="parcheggio"),
    Kind.GARAGE: Text(sl="garaža", en="garage", it="autorimessa"),
}
STATES = {
    State.FREE: (Shown.GOOD, Text(sl="prosto", en="free", it="libero")),
    State.FEW: (Shown.LOW, Text(sl="malo mest", en="few spaces", it="pochi posti")),
    State.FULL: (Shown.BAD, Text(sl="zasedeno", en="full", it="completo")),
    State.STALE: (Shown.PLAIN, Text(sl="star podatek", en="old count", it="dato vecchio")),
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
    state = state_of(count, facts.capacity, now)
    shown, word = STATES[state]
    fresh = count if state not in (State.STALE, State.UNKNOWN) else None
    return Line(
        facts=facts,
        address=reverse("mobility_parking:facility", kwargs={"city": city.code, "code": facts.code}),
        entity=id_of(city.code, facts.code),
        kind=KINDS[facts.kind].in_(_language()),
        free=fresh.free if fresh else None,
        observed_at=count.observed_at if count else None,
        shown=shown,
        word=word.in_(_language()),
        few=few_for(facts.capacity),
    )


def _live(city: City, *ids: str) -> Live:
    query = {"tenant": city.code, "type": TYPE} | ({"id": ",".join(ids)} if ids else {})
    return Live(stream=f"/hub/live?{urlencode(query)}", since=str(reader().head()))


def _words() -> dict[Shown, str]:
    """The words of the states that a number can come to while one looks."""
    return {STATES[state][0]: STATES[state][1].in_(_language()) for state in (State.FREE, State.FEW, State.FULL)}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _spoken() -> SafeString:
    """The words of the states as attributes for live.js, written once for all lines."""
    return format_html_join("", ' data-live-words-{}="{}"', ((str(shown), word) for shown, word in _words().items()))


def facilities(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities with their free spaces."""
    live = _live(city)  # before the counts: what changes in between is then sent
    now, counts, found = now_in(city), counts_of(reader(), city.code), facilities_of()
    lines = [_line(facility.facts, counts.get(facility.code), city, now) for facility in found]
    page = Page(
        title=module.title.in_(_language()),
        description=module.summary.in_(_language()),
        city=city,
        demo=any(facility.is_demo for facility in found),
        live=live,
    )
    context = {"lines": lines, "missing": sum(line.free is None for line in lines), "spoken": _spoken()}
    return render(request, "parking/facilities.html", page, context)


def facility(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility: free spaces now, and how they went in the last 24 hours."""
    found = facility_of(code)
    facts, language = found.facts, _language()
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
        words=_words() | {line.shown: line.word},
    )
    context = {
        "line": line,
        "number": number,
        "rows": _facts_shown(facts, count, line, city),
        "chart": _day(city, facts, now, language),
    }
    return render(request, "parking/facility.html", page, context)


def _facts_shown(facts: FacilityFacts, count: Count | None, line: Line, city: City) -> list[Row]:
    """The number above them changes while one looks, these do not: so the share of occupied spaces bears its time."""
    language = _language()
    rows = [Row(_("Kind"), line.kind)]
    if facts.capacity is not None:
        rows.append(Row(_("Spaces in all"), number_in(facts.capacity, language)))
    share = occupancy_of(count, facts.capacity)
    if share is not None and count is not None and line.free is not None:
        at = time_in(count.observed_at, language, "TIME_FORMAT", zone=ZoneInfo(city.time_zone))
        number = number_in(round(share * 100), language)
        rows.append(Row(_("Occupied at %(time)s") % {"time": at}, _("%(number)s%%") % {"number": number}))
    if facts.address:
        rows.append(Row(_("Address"), facts.address))
    if facts.place is not None:
        latitude, longitude = f"{facts.place.latitude:.5f}", f"{facts.place.longitude:.5f}"
        on_map = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
        rows.append(Row(_("Location"), f"{latitude}, {longitude}", on_map, _("Open the map")))
    return rows


def _day(city: City, facts: FacilityFacts, now: datetime, language: str) -> Chart:
    since = now - DAY
    counts = history_of(reader(), city.code, facts.code, since=since, until=now + timedelta(microseconds=1))
    points = [Point(max(each.observed_at, since), each.free) for each in counts if each.observed_at > since - FRESH]
    return chart_of(
        Series(_("Free spaces"), tuple(points)),
        title=_("Free spaces in the last 24 hours"),
        unit="",
        language=language,
        y_max=facts.capacity,
        time_zone=ZoneInfo(city.time_zone),
        silent_after=FRESH,  # a count holds no longer than that in the drawing either
    )


pages = (
    PageRoute(view=facilities, name="facilities"),
    PageRoute(view=facility, name="facility", address="<str:code>"),
)
