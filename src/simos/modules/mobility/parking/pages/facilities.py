"""A city's facilities with their free spaces, which change while one looks: as a list, and on a map beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import (
    PRICED,
    Line,
    is_covered,
    language_now,
    line_of,
    live_of,
    spoken_states,
    views_of,
)
from simos.modules.mobility.parking.queries import counts_of, facilities_of
from simos.modules.mobility.parking.queries.facilities import trends_of
from simos.modules.mobility.parking.queries.tariffs import fees_of
from simos.modules.mobility.parking.values import FacilityFacts, State
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.maps import Feature, MapLayer, MapView, point_geometry, with_map
from simos.web.pages import Page, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the driver asks of a facility. What cannot be read is asked for by nobody."""

    disabled: bool = False
    charging: bool = False
    covered: bool = False
    height_cm: int | None = None
    height: str = ""

    @property
    def any(self) -> bool:
        return self.disabled or self.charging or self.covered or self.height_cm is not None

    def let(self, facts: FacilityFacts) -> bool:
        """Whether the facility has all that is asked for. One without a limit of height takes every vehicle."""
        return (
            (bool(facts.disabled) or not self.disabled)
            and (bool(facts.charging) or not self.charging)
            and (is_covered(facts) or not self.covered)
            and (facts.height_cm is None or facts.height_cm >= (self.height_cm or 0))
        )


def filters_in(request: HttpRequest) -> Filters:
    """As the form sent them; the height in metres, with a comma or a point."""
    said = request.GET.get("height", "").strip()[:8]
    try:
        height = round(float(said.replace(",", ".")) * 100)
    except (ValueError, OverflowError):
        height = 0
    return Filters(
        disabled="disabled" in request.GET,
        charging="charging" in request.GET,
        covered="covered" in request.GET,
        height_cm=height if 0 < height < 1000 else None,
        height=said,
    )


def facilities(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities, or those that have what is asked for."""
    return _page(request, city, "facilities")


def on_map(request: HttpRequest, city: City) -> HttpResponse:
    """The same, with a map above the list."""
    return with_map(_page(request, city, "map"))


def _page(request: HttpRequest, city: City, view: str) -> HttpResponse:
    live = live_of(city)  # before the counts: what changes in between is then sent
    now, counts, trends, found = now_in(city), counts_of(reader(), city.code), trends_of(), facilities_of()
    filters = filters_in(request)
    let = [each for each in found if filters.let(each.facts)]
    fees = fees_of(let, now, now + PRICED, zone=city.time_zone)
    lines = [
        line_of(each.facts, counts.get(each.code), city, now, trend=trends.get(each.code), fee=fees[each.code])
        for each in let
    ]
    title = module.title.in_(language_now())
    page = Page(
        title=title if view == "facilities" else _("Parking on the map"),
        description=module.summary.in_(language_now()),
        city=city,
        demo=any(facility.is_demo for facility in found),
        live=live,
    )
    context = {
        "lines": lines,
        "all": len(found),
        "missing": sum(line.state in (State.STALE, State.UNKNOWN) for line in lines),
        "spoken": spoken_states(),
        "filters": filters,
        "views": views_of(city, view),
        "map": _map(lines) if view == "map" else None,
    }
    return render(request, "parking/facilities.html", page, context)


def _map(lines: Sequence[Line]) -> MapView:
    features = tuple(
        Feature(point_geometry(line.facts.place), title=line.facts.name, twin=line.mark, state=line.shown)
        for line in lines
        if line.facts.place is not None
    )
    return MapView(title=_("Car parks on the map"), layers=(MapLayer(name="lots", features=features),), tall=True)
