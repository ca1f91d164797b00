"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "simos.platform.files"
    label = "platform_files"
