"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "simos.web"
    label = "web"
