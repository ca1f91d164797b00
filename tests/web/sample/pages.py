"""The sample module's pages: one of each part of the design system."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from simos.kernel.errors import Conflict
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import City
from simos.web.charts import chart_of
from simos.web.maps import Feature, MapLayer, MapView, point_geometry, with_map
from simos.web.pages import Crumb, Live, Page, render
from simos.web.parts import Cell, Column, FieldError, LiveNumber, Row, State, Table
from simos.web.routes import PageRoute
from simos.web.series import Point as Value
from simos.web.series import Series
from tests.web.sample.application import every_field, flow

START = datetime(2025, 9, 1, 22, 0, tzinfo=UTC)


def lots(request: HttpRequest, city: City) -> HttpResponse:
    page = Page(title="Parkirišča", city=city, demo=True, live=Live("/hub/live?tenant=celje", "e1:7"))
    return render(request, "sample/lots.html", page, {"number": _free("Glazija", 132), "acting": str(current())})


def lot(request: HttpRequest, city: City, code: str) -> HttpResponse:
    page = Page(
        title="Garažna hiša Glazija",
        city=city,
        demo=True,
        live=Live("/hub/live?tenant=celje"),
        breadcrumbs=(Crumb("Parkirišča", "/celje/parkirisca/"),),
    )
    return render(request, "sample/lot.html", page, _everything(get_language() or "sl"))


def lots_on_map(request: HttpRequest, city: City) -> HttpResponse:
    numbers = (_free("Glazija", 132), _free("Mačka", 12))
    features = tuple(
        Feature(
            point_geometry(Point(15.26 + place / 100, 46.23)), title=each.name, twin=f"lot-{place}", state=each.state
        )
        for place, each in enumerate(numbers)
    )
    view = MapView(title="Parkirišča na zemljevidu", layers=(MapLayer(name="lots", features=features),))
    page = Page(title="Zemljevid", city=city, live=Live("/hub/live?tenant=celje", "e1:7"))
    return with_map(render(request, "sample/map.html", page, {"numbers": numbers, "view": view}))


def busy(request: HttpRequest, city: City) -> HttpResponse:
    raise Conflict("Officer B changed the row at 10:30.")


def broken(request: HttpRequest, city: City) -> HttpResponse:
    raise RuntimeError("planted")


def _free(name: str, value: float) -> LiveNumber:
    return LiveNumber(
        title="Prosta mesta",
        name=name,
        value=value,
        unit="od 240",
        entity=f"urn:ngsi-ld:OffStreetParking:celje:{name.lower()}",
        attribute="availableSpotNumber",
        observed_at=START + timedelta(hours=9),
        full=0,
        few=20,
        words={State.BAD: "Zasedeno", State.LOW: "Skoraj polno", State.GOOD: "Prosto"},
    )


def _everything(language: str) -> dict[str, object]:
    day = [Value(START + timedelta(minutes=5 * n), float(200 - abs(144 - n) * (n % 7 + 1) // 6)) for n in range(288)]
    week = [Value(START + timedelta(hours=n), None if 60 < n < 80 else float((n * 37) % 190)) for n in range(168)]
    other = [Value(point.at, None if point.value is None else point.value / 2) for point in week]
    return {
        "numbers": [_free("Glazija", 1320), _free("Turška mačka", 12), _free("Gledališče", 0)],
        "rows": [Row("Naslov", "Ljubljanska cesta 8"), Row("Mest v vsem", "240", "#spremeni", "Spremeni")],
        "table": Table(
            caption="Parkirišča v Celju",
            columns=(Column("Ime"), Column("Prostih", numeric=True), Column("Vseh", numeric=True)),
            rows=[(Cell("Glazija", "#glazija"), "132", "240"), ("Čopova – šola, žaga", "0", "1.024")],
        ),
        "errors": [FieldError("Vpišite število mest", "seats"), FieldError("Izberite mesto")],
        "charts": [
            chart_of(Series("Prosta mesta", tuple(day)), title="Danes", unit="mest", language=language, y_max=240),
            chart_of(
                [Series("Glazija", tuple(week)), Series("Gledališče", tuple(other))],
                title="Teden",
                unit="mest",
                language=language,
            ),
            chart_of(Series("Prosta mesta", ()), title="Brez podatkov", unit="mest", language=language),
        ],
    }


pages = (
    PageRoute(view=lots, name="lots"),
    PageRoute(view=lots_on_map, name="map", address=Text(sl="zemljevid", en="map")),
    PageRoute(view=busy, name="busy", address=Text(sl="zaseden", en="busy")),
    PageRoute(view=broken, name="broken", address="broken"),
    PageRoute(view=every_field, name="every-field", address=Text(sl="polja", en="fields")),
    *flow.pages("apply", Text(sl="vloga", en="apply")),
    PageRoute(view=lot, name="lot", address=Text(sl="<slug:code>/zgodovina", en="<slug:code>/history")),
)
