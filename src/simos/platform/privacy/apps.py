"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "simos.platform.privacy"
    label = "platform_privacy"
