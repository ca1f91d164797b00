"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "simos.platform.indicators"
    label = "platform_indicators"
