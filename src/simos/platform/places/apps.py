"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "simos.platform.places"
    label = "platform_places"
