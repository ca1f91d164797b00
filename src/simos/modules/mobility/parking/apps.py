"""The module as a Django app."""

from django.apps import AppConfig


class ParkingConfig(AppConfig):
    name = "simos.modules.mobility.parking"
    label = "mobility_parking"
