"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "simos.web.office"
    label = "web_office"
