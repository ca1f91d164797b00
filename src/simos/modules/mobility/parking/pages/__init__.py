"""Parking's public pages and their addresses: one file each, by concern. `showing` is what they have in common."""

from simos.kernel.text import Text
from simos.modules.mobility.parking.pages.data import data
from simos.modules.mobility.parking.pages.facilities import facilities
from simos.modules.mobility.parking.pages.facility import facility
from simos.modules.mobility.parking.pages.fee import fee
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=facilities, name="facilities"),
    PageRoute(view=data, name="data", address=Text(sl="podatki", en="data", it="dati")),
    PageRoute(view=fee, name="fee", address=Text(sl="<str:code>/cena", en="<str:code>/price", it="<str:code>/prezzo")),
    PageRoute(view=facility, name="facility", address="<str:code>"),
)
"""A page below a facility (`<str:code>/...`), or beside the list with one word, stands before `facility`."""
