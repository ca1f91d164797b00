"""Tells Django of this app, and of the check that the wall between cities stands."""

from django.apps import AppConfig
from django.core.checks import register


class ScopesConfig(AppConfig):
    name = "simos.platform.scopes"
    label = "platform_scopes"

    def ready(self) -> None:
        from simos.platform.scopes.checks import check_wall  # the models must be loaded first

        register(check_wall)
