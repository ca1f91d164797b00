"""The tables of the audit log. Rows are added by `audit.record` only, and never changed or deleted."""

from datetime import UTC

from django.db import models

from simos.platform.audit.append_only import OnlyAdded, OnlyAddedRow, refuse
from simos.platform.audit.chain import Link, canonical


class AuditRecords(OnlyAdded, models.QuerySet["AuditRecord"]):
    """Reads; every change through it is refused, and a cascade too."""

    _raw_delete = refuse


class AuditHead(models.Model):
    """The end of one scope's chain. Its row is locked while a record is added, so that the chain never forks."""

    scope = models.CharField(max_length=80, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class AuditRecord(OnlyAddedRow):
    """Who did what to what, when, why. Sealed to the record before it in the same scope.

    `data` is kept as the canonical JSON text that was sealed: a database's own JSON type may write numbers otherwise.
    """

    scope = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=120)
    actor = models.JSONField()
    object_type = models.CharField(max_length=120)
    object_id = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500, blank=True)
    data = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditRecords.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ("scope", "seq")
        constraints = (models.UniqueConstraint(fields=("scope", "seq"), name="platform_audit_place"),)
        indexes = (
            models.Index(fields=("object_type", "object_id"), name="platform_audit_object"),
            models.Index(fields=("at",), name="platform_audit_at"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.seq}: {self.action} {self.object_type} {self.object_id}"

    @property
    def content(self) -> str:
        """What is sealed: everything but the number, so that a moved row is told from a changed one."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = (self.action, self.actor, self.object_type, self.object_id, self.purpose, self.data)
        return canonical([self.scope, at, *said])

    @property
    def link(self) -> Link:
        return Link(self.seq, self.content, self.prev_hash, self.hash)
