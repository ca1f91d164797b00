"""Parking's side for officers: registers of facilities, areas, tariffs and assumptions. Decides nothing: actions do."""

from simos.modules.mobility.parking.forms import ASSUMPTIONS
from simos.modules.mobility.parking.office.facilities import AREAS, FACILITIES
from simos.modules.mobility.parking.office.tariffs import TARIFFS

office = (FACILITIES, AREAS, TARIFFS, ASSUMPTIONS)
