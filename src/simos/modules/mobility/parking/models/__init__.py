"""Parking's tables."""

from simos.modules.mobility.parking.models.facilities import Area, Facility

__all__ = ["Area", "Facility"]
