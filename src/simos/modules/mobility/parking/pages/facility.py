"""A facility's own page: free spaces now, what is known of it, and its day. It changes while one looks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from simos.kernel.text import Text
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import Line, language_now, line_of, live_of, words_of_states
from simos.modules.mobility.parking.queries import count_of, facility_of, history_of
from simos.modules.mobility.parking.rules.counts import FRESH, occupancy_of
from simos.modules.mobility.parking.values import FREE, Count, FacilityFacts
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.charts import Chart, chart_of
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import LiveNumber, Row
from simos.web.series import Point, Series

DAY = timedelta(hours=24)
PRICE = Text(sl="Cena", en="Price", it="Prezzo")
CALCULATE = Text(sl="po ceniku", en="by the tariff", it="secondo la tariffa")
OPEN = Text(sl="Izračunajte ceno", en="Calculate the price", it="Calcoli il prezzo")


def facility(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility: free spaces now, and how they went in the last 24 hours."""
    found = facility_of(code)
    facts, language = found.facts, language_now()
    live = live_of(city, facts.entity_in(city.code))
    now = now_in(city)
    count = count_of(reader(), city.code, code)
    line = line_of(facts, count, city, now)
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
        words=words_of_states() | {line.shown: line.word},
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
    language = language_now()
    rows = [Row(_("Kind"), line.kind)]
    if facts.capacity is not None:
        rows.append(Row(_("Spaces in all"), number_in(facts.capacity, language)))
    share = occupancy_of(count, facts.capacity)
    if share is not None and count is not None and line.free is not None:
        at = time_in(count.observed_at, language, "TIME_FORMAT", zone=ZoneInfo(city.time_zone))
        number = number_in(round(share * 100), language)
        rows.append(Row(_("Occupied at %(time)s") % {"time": at}, _("%(number)s%%") % {"number": number}))
    if facts.tariff:
        address = reverse("mobility_parking:fee", kwargs={"city": city.code, "code": facts.code})
        rows.append(Row(PRICE.in_(language), CALCULATE.in_(language), address, OPEN.in_(language)))
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
