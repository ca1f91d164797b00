"""What Django's system check adds: every model behind the wall still has the wall's managers."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from simos.platform.scopes.wall import ScopedManager, ScopedModel


def check_wall(**_: Any) -> list[CheckMessage]:
    """One error for each scoped model whose default or base manager would see every city's rows."""
    return [
        Error(
            f"{model._meta.label}'s {name} manager sees the rows of every city",
            hint="Let its Meta derive from ScopedModel.Meta, and its managers from ScopedManager.",
            obj=model,
            id="simos.E001",
        )
        for model in apps.get_models()
        if issubclass(model, ScopedModel)
        for name, manager in (("default", model._meta.default_manager), ("base", model._meta.base_manager))
        if not isinstance(manager, ScopedManager)
    ]
