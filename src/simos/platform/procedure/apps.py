"""Tells Django of this app, and of the check that what has a status also has a place to keep its changes."""

from django.apps import AppConfig
from django.core.checks import register


class ProcedureConfig(AppConfig):
    name = "simos.platform.procedure"
    label = "platform_procedure"

    def ready(self) -> None:
        from simos.platform.procedure.checks import check_statuses  # the models must be loaded first

        register(check_statuses)
