"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "simos.platform.audit"
    label = "platform_audit"
