"""One indicator: what it means, measured values beside the path of targets, and where each value comes from."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from simos.kernel.module import Every
from simos.kernel.text import Text
from simos.modules.portal.indicators.module import module as own
from simos.modules.portal.indicators.pages.showing import (
    KINDS,
    amount_in,
    chart_in,
    language_now,
    listing_in,
    period_in,
    told_of,
)
from simos.platform.indicators.declared import Declared, indicator_in
from simos.platform.indicators.queries import Standing, counting_of, measurements_of, standing_of, target_of
from simos.platform.scopes.models import City
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Column, Empty, Row, Table

EVERY = {
    Every.DAY: Text(sl="vsak dan", en="each day", it="ogni giorno"),
    Every.MONTH: Text(sl="vsak mesec", en="each month", it="ogni mese"),
    Every.YEAR: Text(sl="vsako leto", en="each year", it="ogni anno"),
}


def indicator(request: HttpRequest, city: City, domain: str, module: str, name: str) -> HttpResponse:
    """NotFound where the city does not measure it."""
    declared = indicator_in(city.scope, f"{domain}/{module}", name)
    language, it = language_now(), declared.indicator
    listing = listing_in(request, declared, measurements_of(city.scope, declared))
    if listing.file:
        return listing.file
    rows = list(counting_of(city.scope, declared))
    newest = rows[0] if rows else None
    page = Page(
        title=it.title.in_(language),
        description=it.about.in_(language),
        city=city,
        breadcrumbs=(
            Crumb(own.title.in_(language), reverse("portal_indicators:indicators", kwargs={"city": city.code})),
        ),
    )
    context = {
        "facts": _facts(declared, standing_of(city.scope, declared, newest)),
        "chart": chart_in(city.scope, declared, rows) if rows else None,
        "path": _path(city, declared),
        "told": list(told_of(newest, ZoneInfo(city.time_zone))) if newest else (),
        "nothing": Empty(title=_("Nothing has been measured yet.")),
        "listing": listing,
        "api": f"/api/{own.name}/{city.code}/indicators/{declared.module.name}/{it.name}/values",
    }
    return render(request, "indicators/indicator.html", page, context)


def _facts(declared: Declared, standing: Standing) -> list[Row]:
    language, it, newest = language_now(), declared.indicator, standing.newest
    rows = []
    if newest:
        when = period_in(it.every, newest.first, language)
        rows.append(Row(_("Newest value"), f"{amount_in(it, newest.value, language)} ({when})"))
    if standing.target:
        rows.append(Row(_("Target"), f"{amount_in(it, standing.target.value, language)} ({standing.target.year})"))
    return [
        *rows,
        Row(_("Which is better"), _("less") if it.falling else _("more")),
        Row(_("What it tells of"), KINDS[it.kind].in_(language)),
        Row(_("Measured"), EVERY[it.every].in_(language)),
        Row(_("Service"), declared.module.title.in_(language)),
    ]


def _path(city: City, declared: Declared) -> Table | None:
    """The targets year by year, with where each was decided; None where nothing is aimed at."""
    language, it = language_now(), declared.indicator
    found = [target_of(city.scope, declared, year) for year in sorted({target.year for target in it.targets})]
    steps = [
        (str(target.year), amount_in(it, target.value, language), target.source.in_(language))
        for target in found
        if target
    ]
    columns = (Column(_("Year")), Column(_("Target"), numeric=True), Column(_("Where it was decided")))
    return Table(caption=_("Path of targets"), columns=columns, rows=steps) if steps else None
