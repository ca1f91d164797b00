"""The module as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "simos.modules.portal.home"
    label = "portal_home"
