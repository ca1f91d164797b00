"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class ThingsConfig(AppConfig):
    name = "simos.platform.things"
    label = "platform_things"
