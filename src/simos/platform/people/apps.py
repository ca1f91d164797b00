"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "simos.platform.people"
    label = "platform_people"
