"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "simos.modules.mobility.guidance"
    label = "mobility_guidance"
