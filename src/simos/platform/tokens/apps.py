"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "simos.platform.tokens"
    label = "platform_tokens"
