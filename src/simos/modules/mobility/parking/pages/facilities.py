"""The list of a city's facilities with their free spaces, which change while one looks."""

from django.http import HttpRequest, HttpResponse

from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import language_now, line_of, live_of, spoken_states
from simos.modules.mobility.parking.queries import counts_of, facilities_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.pages import Page, render


def facilities(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities with their free spaces."""
    live = live_of(city)  # before the counts: what changes in between is then sent
    now, counts, found = now_in(city), counts_of(reader(), city.code), facilities_of()
    lines = [line_of(facility.facts, counts.get(facility.code), city, now) for facility in found]
    page = Page(
        title=module.title.in_(language_now()),
        description=module.summary.in_(language_now()),
        city=city,
        demo=any(facility.is_demo for facility in found),
        live=live,
    )
    context = {"lines": lines, "missing": sum(line.free is None for line in lines), "spoken": spoken_states()}
    return render(request, "parking/facilities.html", page, context)
