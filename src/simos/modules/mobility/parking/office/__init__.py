"""Parking's side for officers: its registers, and the desk of sources. Decides nothing: actions do."""

from simos.modules.mobility.parking.forms import ASSUMPTIONS
from simos.modules.mobility.parking.office.facilities import AREAS, FACILITIES
from simos.modules.mobility.parking.office.sources import SOURCES
from simos.modules.mobility.parking.office.tariffs import TARIFFS

office = (FACILITIES, AREAS, TARIFFS, ASSUMPTIONS, SOURCES)
