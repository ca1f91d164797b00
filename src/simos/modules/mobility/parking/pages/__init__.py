"""Parking's public pages and their addresses: one file each, by concern. `showing` is what they have in common."""

from simos.modules.mobility.parking.pages.facilities import facilities
from simos.modules.mobility.parking.pages.facility import facility
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=facilities, name="facilities"),
    PageRoute(view=facility, name="facility", address="<str:code>"),
)
"""A page below a facility (`<str:code>/...`), or beside the list with one word, stands before `facility`."""
