"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "simos.platform.search"
    label = "platform_search"
