"""Parking's tables."""

from simos.modules.mobility.parking.models.facilities import Facility

__all__ = ["Facility"]
