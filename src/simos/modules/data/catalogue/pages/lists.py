"""What there is: the data sets of a city, service by service; the cities of the consortium with theirs."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from simos.modules.data.catalogue.formats.addresses import Site
from simos.modules.data.catalogue.module import module
from simos.modules.data.catalogue.pages.words import SAID
from simos.modules.data.catalogue.queries import all_data_sets, counts_of, data_sets_in
from simos.modules.data.catalogue.values import DataSet
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import cities
from simos.platform.things.door import reader
from simos.web.formatting import number_in
from simos.web.pages import Page, render
from simos.web.parts import Card, Cell, Column, Link, State, Table


def language_now() -> str:
    return get_language() or settings.LANGUAGE_CODE


def site_of(request: HttpRequest) -> Site:
    return Site(f"{request.scheme}://{request.get_host()}")


def data_sets(request: HttpRequest, city: City) -> HttpResponse:
    """The data sets of a city."""
    language, found, counts = language_now(), data_sets_in(city), counts_of(reader(), city.code)
    said = {name: text.in_(language) for name, text in SAID.items()}
    services = [
        (title, [_card(each, counts.get(each.type.name, 0), language) for each in sets])
        for title, sets in groupby(found, lambda each: each.module.title.in_(language))
    ]
    page = Page(title=module.title.in_(language), description=said["lead"], city=city)
    context = {"said": said, "services": services, "machines": _machines(site_of(request), city.code)}
    return render(request, "catalogue/data_sets.html", page, context)


def _card(it: DataSet, number: int, language: str) -> Card:
    return Card(
        title=it.type.title.in_(language),
        text=f"{SAID['number'].in_(language)}: {number_in(number, language)}",
        address=reverse("data_catalogue:data-set", kwargs={"city": it.place.code, "name": it.name}),
        tag=SAID["live" if number else "empty"].in_(language),
        state=State.GOOD if number else State.PLAIN,
    )


def _machines(site: Site, place: str) -> Table:
    """Where programs find the whole catalogue."""
    language, api = language_now(), site.api(place)
    known = (
        ("DCAT-AP 3: JSON-LD", f"{api}/dcat/catalogue.jsonld"),
        ("DCAT-AP 3: Turtle", f"{api}/dcat/catalogue.ttl"),
        ("DCAT-AP 3: RDF/XML", f"{api}/dcat/catalogue.rdf"),
        ("CKAN API 3", f"{api}/ckan/api/3/action/package_search"),
        ("JSON", f"{api}/data-sets"),
    )
    ogc = (
        ("OGC API – Features", f"{site.host}/ogc/{place}/"),
        ("OGC SensorThings 1.1", f"{site.host}/sensorthings/{place}/v1.1/"),
    )
    return Table(
        caption=SAID["machines"].in_(language),
        columns=(Column(SAID["way"].in_(language)), Column(SAID["address"].in_(language))),
        rows=[
            (Cell(title, verbatim=True), Cell(address.removeprefix(site.host), address, verbatim=True))
            for title, address in (*known, *(ogc if place else ()))
        ],
    )


def consortium(request: HttpRequest) -> HttpResponse:
    """The cities that publish something, with the number of their data sets."""
    language, sets = language_now(), all_data_sets()
    said = {name: text.in_(language) for name, text in SAID.items()}
    numbers = {city.code: sum(each.place.code == city.code for each in sets) for city in cities()}
    table = Table(
        caption=said["cities"],
        columns=(Column(said["city"]), Column(said["sets"], numeric=True)),
        rows=[(_city(city, language), number_in(numbers[city.code], language)) for city in cities()],
    )
    page = Page(title=module.title.in_(language), description=said["consortium_lead"])
    context = {"said": said, "cities": table, "machines": _machines(site_of(request), "")}
    return render(request, "catalogue/consortium.html", page, context)


def _city(city: City, language: str) -> Cell:
    """Its name; with a link where it has pages in this language."""
    name = city.name.in_(language)
    if language not in city.languages:
        return Cell(name)
    return Cell(name, reverse("data_catalogue:data-sets", kwargs={"city": city.code}))


def own_page(it: DataSet, city: City) -> Link | None:
    """The page on its data that the service itself has, if it has one (`data` among its pages)."""
    from django.urls import NoReverseMatch

    try:
        address = reverse(f"{it.module.label}:data", kwargs={"city": city.code})
    except NoReverseMatch:
        return None
    return Link(it.module.title.in_(language_now()), address)
