"""Parking's public pages and their addresses: one file each, by concern. `showing` is what they have in common."""

from simos.kernel.text import Text
from simos.modules.mobility.parking.pages.accuracy import accuracy, facility_accuracy
from simos.modules.mobility.parking.pages.choice import choice, suggestions
from simos.modules.mobility.parking.pages.data import data
from simos.modules.mobility.parking.pages.facilities import facilities, on_map
from simos.modules.mobility.parking.pages.facility import facility
from simos.modules.mobility.parking.pages.fee import fee
from simos.modules.mobility.parking.pages.insight import facility_insight, insight, insight_file
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=facilities, name="facilities", kept_for=1.0),
    PageRoute(view=data, name="data", address=Text(sl="podatki", en="data", it="dati")),
    PageRoute(view=fee, name="fee", address=Text(sl="<str:code>/cena", en="<str:code>/price", it="<str:code>/prezzo")),
    PageRoute(view=accuracy, name="accuracy", address=Text(sl="napovedi", en="forecasts", it="previsioni")),
    PageRoute(view=insight, name="insight", address=Text(sl="uporaba", en="insight", it="uso")),
    PageRoute(
        view=insight_file,
        name="insight-file",
        address=Text(sl="uporaba/<str:form>", en="insight/<str:form>", it="uso/<str:form>"),
    ),
    PageRoute(
        view=facility_accuracy,
        name="facility-accuracy",
        address=Text(sl="<str:code>/napovedi", en="<str:code>/forecasts", it="<str:code>/previsioni"),
    ),
    PageRoute(
        view=facility_insight,
        name="facility-insight",
        address=Text(sl="<str:code>/uporaba", en="<str:code>/insight", it="<str:code>/uso"),
    ),
    PageRoute(view=on_map, name="map", address=Text(sl="zemljevid", en="map", it="mappa"), kept_for=1.0),
    PageRoute(view=choice, name="choice", address=Text(sl="kje-parkirati", en="where-to-park", it="dove-parcheggiare")),
    PageRoute(view=suggestions, name="suggestions", address=Text(sl="predlogi", en="suggestions", it="suggerimenti")),
    PageRoute(view=facility, name="facility", address="<str:code>", kept_for=1.0),
)
"""A page below a facility (`<str:code>/...`), or beside the list with one word, stands before `facility`."""
