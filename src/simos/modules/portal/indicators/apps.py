"""The module as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "simos.modules.portal.indicators"
    label = "portal_indicators"
