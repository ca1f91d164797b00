"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "simos.platform.events"
    label = "platform_events"
