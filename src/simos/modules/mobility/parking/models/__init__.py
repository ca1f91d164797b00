"""Parking's tables."""

from simos.modules.mobility.parking.models.facilities import Area, Facility
from simos.modules.mobility.parking.models.tariffs import TariffRow

__all__ = ["Area", "Facility", "TariffRow"]
