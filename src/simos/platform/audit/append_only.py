"""Tables to which rows are only added: what refuses every change through the ORM. Must not know what the rows say."""

from typing import Any, Never

from django.db import models


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete what may only be added to."""


def refuse(*_: Any, **__: Any) -> Never:
    """Raises AppendOnly."""
    raise AppendOnly("these rows are only added, one at a time, and never changed or deleted")


class OnlyAdded:
    """Goes before a queryset's class: every change through it is refused. A row may go with what it belongs to."""

    update = delete = bulk_update = bulk_create = update_or_create = refuse


class OnlyAddedRow(models.Model):
    """A row that is saved once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse()
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        refuse()
