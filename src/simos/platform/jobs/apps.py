"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "simos.platform.jobs"
    label = "platform_jobs"
