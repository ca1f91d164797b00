"""One data set: what it holds, how good and how fresh it is, and how to take it."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from simos.hub.features.documents import licence_address
from simos.kernel.clock import now
from simos.modules.data.catalogue.formats.addresses import Site
from simos.modules.data.catalogue.module import module
from simos.modules.data.catalogue.pages.lists import language_now, own_page, site_of
from simos.modules.data.catalogue.pages.words import ADDRESSES, LICENCES, SAID, WAYS
from simos.modules.data.catalogue.queries import data_set_of, downloads_of, standing_of
from simos.modules.data.catalogue.rules import about_of
from simos.modules.data.catalogue.values import BY_FILE, FORMS, DataSet, Standing
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Cell, Column, Row, Table
from simos.web.units import unit_in

_QUERY = "duckdb -c \"SELECT id, avg(number) FROM '{file}' GROUP BY id\""


def data_set(request: HttpRequest, city: City, name: str) -> HttpResponse:
    """NotFound where the city has none of this name."""
    language, it, site = language_now(), data_set_of(city, name), site_of(request)
    standing = standing_of(reader(), it, now=now())
    said = {name: text.in_(language) for name, text in SAID.items()}
    page = Page(
        title=it.type.title.in_(language),
        description=about_of(it).in_(language),
        city=city,
        breadcrumbs=(
            Crumb(module.title.in_(language), reverse("data_catalogue:data-sets", kwargs={"city": city.code})),
        ),
        demo=standing.made_up > 0,
    )
    context = {
        "said": said,
        "about": it.module.summary.in_(language),
        "facts": list(_facts(it, standing, city)),
        "sample": number_in(standing.looked_at, language) if standing.looked_at < standing.things else "",
        "downloads": Table(
            caption=said["downloads"],
            columns=(Column(said["form"]), Column(said["file"])),
            rows=[(form.title.in_(language), Cell(form.file, site.file(it, form), verbatim=True)) for form in FORMS],
        ),
        "csv": site.file(it, BY_FILE["history.csv"]),
        "parquet": site.file(it, BY_FILE["history.parquet"]),
        "ways": list(_ways(it, site)),
        "fields": _fields(it, standing),
        "more": own_page(it, city),
    }
    return render(request, "catalogue/data_set.html", page, context)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number_in(share, language_now(), digits=0)} %"


def _facts(it: DataSet, standing: Standing, city: City) -> Iterator[Row]:
    language, zone = language_now(), ZoneInfo(city.time_zone)
    said = {name: text.in_(language) for name, text in SAID.items()}
    licence, downloads = it.type.licence, downloads_of(it.name, now=now())
    words = LICENCES[licence].in_(language) if licence in LICENCES else licence
    yield Row(said["publisher"], city.official_name)
    yield Row(said["service"], it.module.title.in_(language))
    yield Row(said["licence"], words, ADDRESSES.get(licence, licence_address(licence)), said["read"])
    yield Row(said["things"], number_in(standing.things, language))
    if at := standing.newest or standing.changed_at:
        written = time_in(at, language, "SHORT_DATETIME_FORMAT", zone=zone)
        yield Row(said["fresh" if standing.newest else "changed"], written)
    yield Row(said["often"], said["often_text"])
    yield Row(said["complete"], _percent(standing.completeness(it.type)))
    if standing.observed:
        yield Row(said["silent"], _percent(standing.share_silent))
    if standing.box:
        box = standing.box
        corners = (box.south, box.west), (box.north, box.east)
        yield Row(said["area"], " – ".join(f"{north:.3f}° N, {east:.3f}° E" for north, east in corners))
    kept = it.type.retention
    yield Row(said["kept"], f"{number_in(kept.days, language)} {said['days']}" if kept else said["for_ever"])
    if it.type.source:
        yield Row(said["model"], it.type.name, it.type.source, said["open_model"])
    yield Row(said["usage"], f"{number_in(downloads.month, language)} ({number_in(downloads.ever, language)})")


def _fields(it: DataSet, standing: Standing) -> Table:
    language = language_now()
    return Table(
        caption=SAID["fields"].in_(language),
        columns=(
            Column(SAID["field"].in_(language)),
            Column(SAID["meaning"].in_(language)),
            Column(SAID["unit"].in_(language)),
            Column(SAID["filled"].in_(language), numeric=True),
        ),
        rows=[
            (
                Cell(each.name, verbatim=True),
                each.title.in_(language),
                unit_in(each.unit, language) or "–",
                _percent(standing.share_filled(each.name)),
            )
            for each in it.type.attributes
        ],
    )


def _ways(it: DataSet, site: Site) -> Iterator[tuple[str, str]]:
    """Each way with a command that works as it stands."""
    language = language_now()
    history = f"{site.file(it, BY_FILE['history.parquet'])}?since=2026-11-01&until=2026-11-08"
    commands = {
        "file": f"curl -o {it.key}.csv '{site.file(it, BY_FILE['now.csv'])}'",
        "lake": f"curl -o {it.key}.parquet '{history}'\n{_QUERY.format(file=f'{it.key}.parquet')}",
        "entities": f"curl -H 'NGSILD-Tenant: {it.place.code}' '{site.entities(it)}&options=keyValues'",
        "map": f"curl '{site.collection(it)}/items?limit=10'",
        "stream": f"curl -N '{site.stream(it)}'",
    }
    for name, command in commands.items():
        yield WAYS[name].in_(language), command
