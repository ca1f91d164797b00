"""What Django's system check adds: what has a status names its table, and has a place to record changes."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from simos.platform.procedure.status_changes import StatusChange, WithStatus
from simos.platform.procedure.statuses import StatusTable


def check_statuses(**_: Any) -> list[CheckMessage]:
    """One error for each model with a status whose changes would be refused or not be recorded."""
    return [fault for model in apps.get_models() if issubclass(model, WithStatus) for fault in faults_of(model)]


def faults_of(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What keeps the statuses of `model` from being changed and recorded."""
    if not isinstance(getattr(model, "statuses", None), StatusTable):
        hint = "Set `statuses = StatusTable(...)` on it."
        yield Error(f"{model._meta.label} has a status but no table of statuses", hint=hint, obj=model, id="simos.E002")
    kept = {each.related_model for each in model._meta.related_objects if each.get_accessor_name() == "status_changes"}
    if not any(isinstance(each, type) and issubclass(each, StatusChange) for each in kept):
        hint = 'Derive a model from StatusChange with `subject = ForeignKey(..., related_name="status_changes")`.'
        yield Error(f"changes of {model._meta.label} are recorded nowhere", hint=hint, obj=model, id="simos.E003")
