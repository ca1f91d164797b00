"""The data set's page: what a city publishes of its parking, under which licence, how fresh, and how to take it."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from simos.kernel.text import Text
from simos.modules.mobility.parking.formats.published import FORMS, published_of
from simos.modules.mobility.parking.module import OFF_STREET_PARKING, ON_STREET_PARKING, module
from simos.modules.mobility.parking.pages.showing import language_now
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Cell, Column, Link, Row, Table

SAID = {
    "title": Text(sl="Podatki o parkiranju", en="Parking data", it="Dati sui parcheggi"),
    "about": Text(
        sl="Parkirišča, garaže in parkiranje ob cesti, njihovi ceniki in prosta mesta: odprti podatki, ki jih lahko "
        "uporabi vsakdo, brez ključa.",
        en="Car parks, garages and parking on the street, with tariffs and free spaces: open data for everybody, "
        "without a key.",
        it="Parcheggi, autorimesse e sosta su strada, con tariffe e posti liberi: dati aperti per tutti, senza chiave.",
    ),
    "licence": Text(sl="Licenca", en="Licence", it="Licenza"),
    "licence_text": Text(
        sl="Creative Commons Priznanje avtorstva 4.0 (CC BY 4.0): navedite vir",
        en="Creative Commons Attribution 4.0 (CC BY 4.0): name the source",
        it="Creative Commons Attribuzione 4.0 (CC BY 4.0): citare la fonte",
    ),
    "read": Text(sl="Besedilo licence", en="Text of the licence", it="Testo della licenza"),
    "source": Text(sl="Vir", en="Source", it="Fonte"),
    "facilities": Text(sl="Parkirišč", en="Facilities", it="Parcheggi"),
    "fresh": Text(sl="Zadnja sprememba", en="Last change", it="Ultima modifica"),
    "fresh_text": Text(
        sl="prosta mesta takoj, ko jih sporočijo števci; podatki o parkiriščih, ko jih uredi občina",
        en="free spaces as soon as counters send them; facts of facilities when the city edits them",
        it="posti liberi appena trasmessi dai contatori; dati dei parcheggi quando il comune li modifica",
    ),
    "how_fresh": Text(sl="Osveževanje", en="How fresh", it="Aggiornamento"),
    "downloads": Text(sl="Prenosi", en="Downloads", it="Download"),
    "form": Text(sl="Oblika", en="Form", it="Formato"),
    "file": Text(sl="Datoteka", en="File", it="File"),
    "catalogue": Text(
        sl="V katalogu odprtih podatkov: pomen polj, kakovost, zgodovina",
        en="In the catalogue of open data: meaning of fields, quality, history",
        it="Nel catalogo dei dati aperti: significato dei campi, qualità, storico",
    ),
    "examples": Text(sl="Primeri", en="Examples", it="Esempi"),
    "all": Text(sl="Vse kot GeoJSON", en="All as GeoJSON", it="Tutto come GeoJSON"),
    "unchanged": Text(
        sl="Samo če se je kaj spremenilo (odgovor 304, če se ni)",
        en="Only where something has changed (answer 304 where not)",
        it="Solo se qualcosa è cambiato (risposta 304 altrimenti)",
    ),
    "live": Text(sl="Vsaka sprememba, ko se zgodi", en="Every change as it happens", it="Ogni modifica in tempo reale"),
    "fee": Text(sl="Koliko stane parkiranje", en="What a stay costs", it="Quanto costa una sosta"),
    "stale": Text(
        sl="Števila prostih mest starejšega od šestih ur in zaprtega parkirišča ne objavljamo kot trenutnega.",
        en="A count older than six hours, or of a facility that is closed, is not published as the present.",
        it="Un dato più vecchio di sei ore, o di un parcheggio chiuso, non è pubblicato come attuale.",
    ),
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def data(request: HttpRequest, city: City) -> HttpResponse:
    """What there is to take, with addresses that work as they stand."""
    language = language_now()
    said = {name: text.in_(language) for name, text in SAID.items()}
    found = published_of(reader(), city)
    zone = ZoneInfo(city.time_zone)
    host = f"{request.scheme}://{request.get_host()}"
    api = f"/api/{module.name}/{city.code}"
    base = f"{api}/formats/"
    first = found.facilities[0][0].code if found.facilities else "CODE"
    page = Page(
        title=said["title"],
        city=city,
        description=said["about"],
        breadcrumbs=(
            Crumb(module.title.in_(language), reverse("mobility_parking:facilities", kwargs={"city": city.code})),
        ),
        demo=any(found.demos.values()),
    )
    context = {
        "said": said,
        "rows": [
            Row(said["source"], city.name.in_(language)),
            Row(said["licence"], said["licence_text"], LICENCE, said["read"]),
            Row(said["facilities"], number_in(len(found.facilities), language)),
            Row(said["how_fresh"], said["fresh_text"]),
            Row(
                said["fresh"],
                time_in(found.changed_at, language, "SHORT_DATETIME_FORMAT", zone=zone),
            ),
        ],
        "downloads": Table(
            caption=said["downloads"],
            columns=(Column(said["form"]), Column(said["file"])),
            rows=[(form.title.in_(language), Cell(form.name, base + form.name)) for form in FORMS],
        ),
        "catalogue": [
            Link(title, reverse("data_catalogue:data-set", kwargs={"city": city.code, "name": name}))
            for title, name in (
                (OFF_STREET_PARKING.title.in_(language), "off-street-parking"),
                (ON_STREET_PARKING.title.in_(language), "on-street-parking"),
            )
        ],
        "examples": [
            (said["all"], f"curl {host}{base}facilities.geojson"),
            (said["unchanged"], f"curl -i -H 'If-None-Match: \"ETAG\"' {host}{base}datex2-status.xml"),
            (said["live"], f"curl -N '{host}/hub/live?tenant={city.code}&type=OffStreetParking,OnStreetParking'"),
            (
                said["fee"],
                f"curl -G {host}{api}/facilities/{first}/fee --data-urlencode arrival=2026-12-01T10:00:00+01:00 "
                "--data-urlencode departure=2026-12-01T13:00:00+01:00",
            ),
        ],
    }
    return render(request, "parking/data.html", page, context)
