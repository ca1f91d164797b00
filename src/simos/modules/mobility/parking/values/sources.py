"""What the sources of counts are called in the hub: gates and single spaces, by Smart Data Models."""

GATE_TYPE, ENTERED, LEFT, GATE_OF = "ParkingAccess", "vehicleEntranceCount", "vehicleExitCount", "refOffStreetParking"
"""A gate, its running totals of cars, and the facility to which it leads."""

SPOT_TYPE, STATUS, SPOT_OF, BATTERY = "ParkingSpot", "status", "refParkingSite", "batteryLevel"
"""A single space, what its sensor says, its facility, and how full the sensor's battery is (0 to 1)."""

UNKNOWN_SPACES, QUALITY = "unknownSpotNumber", "quality"
"""Spaces of which nobody knows; and, of a count, whether it was `counted` or had to be `clamped` to what can be."""
