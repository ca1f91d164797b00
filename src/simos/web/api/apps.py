"""Tells Django of this app: it has templates and texts. No start-up work here."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "simos.web.api"
    label = "web_api"
