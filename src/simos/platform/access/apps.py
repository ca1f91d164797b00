"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "simos.platform.access"
    label = "platform_access"
