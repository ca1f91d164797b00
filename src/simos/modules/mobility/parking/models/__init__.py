"""Parking's tables."""

from simos.modules.mobility.parking.models.assumptions import CityAssumption
from simos.modules.mobility.parking.models.facilities import Area, Facility
from simos.modules.mobility.parking.models.forecasts import CountedDay, JudgedDay, Lesson, MadeForecast
from simos.modules.mobility.parking.models.sources import Correction, Source
from simos.modules.mobility.parking.models.tariffs import TariffRow

__all__ = [
    "Area",
    "CityAssumption",
    "Correction",
    "CountedDay",
    "Facility",
    "JudgedDay",
    "Lesson",
    "MadeForecast",
    "Source",
    "TariffRow",
]
