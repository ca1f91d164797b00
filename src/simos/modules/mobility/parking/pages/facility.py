"""A facility's own page: free spaces now, what is known of it, and its day. It changes while one looks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from simos.kernel.acting import Scope
from simos.kernel.text import Text
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import Line, language_now, line_of, live_of, words_of_states
from simos.modules.mobility.parking.queries import count_of, facility_of, history_of
from simos.modules.mobility.parking.queries.facilities import trends_of
from simos.modules.mobility.parking.queries.forecasts import forecast_of
from simos.modules.mobility.parking.rules.counts import FRESH, occupancy_of, out_of_reason
from simos.modules.mobility.parking.rules.hours import told
from simos.modules.mobility.parking.values import FREE, Count, FacilityFacts
from simos.modules.mobility.parking.values.words import word_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.charts import Chart, chart_of
from simos.web.forecasts import forecast_chart_of
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import LiveNumber, Row
from simos.web.series import Expected, Point, Series

DAY = timedelta(hours=24)
PRICE = Text(sl="Cena", en="Price", it="Prezzo")
CALCULATE = Text(sl="po ceniku", en="by the tariff", it="secondo la tariffa")
OPEN = Text(sl="Izračunajte ceno", en="Calculate the price", it="Calcoli il prezzo")
BEFORE_FORECAST = timedelta(hours=4)
"""So much of what was measured is shown before what is expected."""


def facility(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility: free spaces now, and how they went in the last 24 hours."""
    found = facility_of(code)
    facts, language = found.facts, language_now()
    live = live_of(city, facts.entity_in(city.code))
    now = now_in(city)
    count = count_of(reader(), city.code, code)
    line = line_of(facts, count, city, now, trend=trends_of().get(code))
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
        most=line.most,
        words=words_of_states() | {line.shown: line.word},
    )
    points = _points(city, facts, now, ahead=timedelta())
    context = {
        "line": line,
        "number": number,
        "rows": _facts_shown(facts, count, line, city),
        "chart": _day(city, facts, now, points, language),
        "forecast": _forecast(city, facts, now, points, language) if line.free is not None else None,
        "steer": f"geo:{facts.place.latitude:.6f},{facts.place.longitude:.6f}" if facts.place else "",
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
    for space, spaces in facts.kept_spaces():
        rows.append(Row(capfirst(word_of(space, language)), number_in(spaces, language)))
    if facts.height_cm:
        height = number_in(facts.height_cm / 100, language, digits=2)
        rows.append(Row(_("Greatest height of a vehicle"), _("%(height)s m") % {"height": height}))
    if facts.hours:
        spans = "; ".join(f"{days}: {times}" for days, times in told(facts.hours, language))
        rows.append(Row(_("Opening hours"), spans))
    if facts.entrances:
        ways = (f"{word_of(each.way, language)} ({each.street})" for each in facts.entrances if each.street)
        if said := ", ".join(ways):
            rows.append(Row(_("Ways in and out"), capfirst(said)))
    if facts.payments:
        rows.append(Row(_("Payment"), capfirst(", ".join(word_of(each, language) for each in facts.payments))))
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


def _day(city: City, facts: FacilityFacts, now: datetime, points: tuple[Point, ...], language: str) -> Chart:
    """The last 24 hours, and the same a week before: what is usual."""
    day = Series(_("Last 24 hours"), points)
    before = Series(_("A week before"), _points(city, facts, now, ahead=timedelta(days=7)))
    return chart_of(
        (day, before) if before.points else day,
        title=_("Free spaces in the last 24 hours"),
        unit="",
        language=language,
        y_max=facts.capacity,
        time_zone=ZoneInfo(city.time_zone),
        silent_after=FRESH,  # a count holds no longer than that in the drawing either
    )


def _points(city: City, facts: FacilityFacts, now: datetime, *, ahead: timedelta) -> tuple[Point, ...]:
    """The counts of the day that ended `ahead` before now, moved to now. The last holds as long as counts do. What
    cannot be true is not drawn."""
    until = now - ahead
    since = until - DAY
    counts = history_of(reader(), city.code, facts.code, since=since, until=until + timedelta(microseconds=1))
    points = [
        Point(max(each.observed_at, since) + ahead, None if out_of_reason(each.free, facts.capacity) else each.free)
        for each in counts
        if each.observed_at > since - FRESH
    ]
    if points and points[-1].at < now <= points[-1].at + FRESH:
        points.append(Point(now, points[-1].value))
    return tuple(points)


def _forecast(
    city: City, facts: FacilityFacts, now: datetime, points: tuple[Point, ...], language: str
) -> Chart | None:
    """The last hours and what is expected; None where nothing is forecast."""
    forecast = forecast_of(Scope.city(city.code), facts.code, at=now)
    if forecast is None:
        return None
    measured = [each for each in points if each.at >= now - BEFORE_FORECAST]
    return forecast_chart_of(
        Series(_("Measured"), tuple(measured)),
        [
            Expected(forecast.made_at + timedelta(minutes=each.minutes), each.low, each.middle, each.high)
            for each in forecast.expected
        ],
        title=_("Free spaces expected in the next two hours"),
        unit="",
        language=language,
        y_max=facts.capacity,
        time_zone=ZoneInfo(city.time_zone),
    )
