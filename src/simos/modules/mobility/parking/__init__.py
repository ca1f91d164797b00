"""Parking: facilities, free spaces as they change, and their history."""
