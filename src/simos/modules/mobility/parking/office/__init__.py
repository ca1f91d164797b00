"""Parking's side for officers: registers of facilities, areas and tariffs. Decides nothing: actions do."""

from simos.modules.mobility.parking.office.facilities import AREAS, FACILITIES
from simos.modules.mobility.parking.office.tariffs import TARIFFS

office = (FACILITIES, AREAS, TARIFFS)
