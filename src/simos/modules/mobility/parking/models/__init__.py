"""Parking's tables."""

from simos.modules.mobility.parking.models.facilities import Area, Facility
from simos.modules.mobility.parking.models.forecasts import CountedDay, JudgedDay, Lesson, MadeForecast

__all__ = ["Area", "CountedDay", "Facility", "JudgedDay", "Lesson", "MadeForecast"]
