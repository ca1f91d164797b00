"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "simos.platform.messages"
    label = "platform_messages"
