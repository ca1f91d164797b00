"""What has a status, and the record of its changes: models to derive from, and the one way to change a status.

A module writes, for rows of a city (others derive from `StatusChange`):

    class Permit(WithStatus, ScopedModel):
        statuses = PERMIT_STATUSES

    class PermitChange(ScopedStatusChange):
        subject = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="status_changes")
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, NotFound
from simos.platform.access.queries import require
from simos.platform.audit.append_only import OnlyAdded, OnlyAddedRow
from simos.platform.audit.transactions import require_transaction
from simos.platform.procedure.statuses import LONGEST_STATUS, StatusTable
from simos.platform.procedure.versions import Versioned
from simos.platform.scopes.wall import ScopedManager, ScopedModel, ScopedQuerySet


class WithStatus(models.Model):
    """A row with a status of `statuses`, beginning with the first. Saving it never changes the status."""

    statuses: ClassVar[StatusTable]
    status = models.CharField(max_length=LONGEST_STATUS, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.status = self.status or self.statuses.first
        else:
            kwargs["update_fields"] = self._fields_but_the_status(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def _fields_but_the_status(self, named: Collection[str] | None) -> Collection[str]:
        if named is not None:
            if "status" in named:
                raise ValueError("a status is changed by change_status, which records it")
            return named
        unread = self.get_deferred_fields()
        loaded = (each for each in self._meta.concrete_fields if not each.primary_key and each.attname not in unread)
        return {each.name for each in loaded} - {"status"}


class StatusChanges(OnlyAdded, models.QuerySet[Any]):
    """Reads of changes."""


class StatusChange(OnlyAddedRow):
    """One change: who made it, when, from what to what, and why. Only added; it goes when its subject is deleted."""

    before = models.CharField(max_length=LONGEST_STATUS)
    after = models.CharField(max_length=LONGEST_STATUS)
    at = models.DateTimeField()
    by = models.JSONField()
    reason = models.TextField(blank=True)

    objects = StatusChanges.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"

    @property
    def actor(self) -> Actor:
        return Actor.from_dict(self.by)


class ScopedStatusChanges(OnlyAdded, ScopedQuerySet):
    """Reads of one city's changes."""


class ScopedStatusChange(StatusChange, ScopedModel):
    """The same, of a row that belongs to a city."""

    objects = ScopedManager.from_queryset(ScopedStatusChanges)()  # type: ignore[misc]

    class Meta(ScopedModel.Meta):
        abstract = True
        ordering = ("at", "pk")


def change_status(row: Any, after: str, *, scope: Scope, by: Actor, at: datetime, reason: str = "") -> str:
    """`row` has the status `after` and the change is recorded; the status before. In the caller's transaction.

    Conflict if the table does not allow it or the status is no longer what `row` says; Invalid without a reason where
    one is needed; Forbidden without the permission in `scope`. The calling action adds its own audit record.
    """
    require_transaction("change_status")
    rows = type(row)._base_manager
    present = rows.select_for_update().filter(pk=row.pk).first()
    if present is None:
        raise NotFound("it is no longer there")
    if present.status != row.status:
        raise Conflict(f"meanwhile it has become {present.status!r}", field="status", present=present.status)
    allowed = row.statuses.change_of(present.status, after, reason=reason)
    if allowed.permission is not None:
        require(by, allowed.permission, scope)
    written: dict[str, Any] = {"status": after}
    if isinstance(row, Versioned):
        written["version"] = row.version = present.version + 1
    rows.filter(pk=row.pk).update(**written)
    row.status_changes.create(before=present.status, after=after, at=at, by=by.as_dict(), reason=reason.strip())
    row.status = after
    return str(present.status)
