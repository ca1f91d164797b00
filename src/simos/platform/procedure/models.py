"""The tables of numbers, approvals and kept answers. Each is written by the file of its name only."""

from datetime import datetime
from uuid import uuid4

from django.db import models

from simos.kernel.acting import Actor, Scope


class NumberSeries(models.Model):
    """The last number given in a series in a year. Its row is locked while one is taken, so that there is no gap."""

    scope = models.CharField(max_length=80)
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scope", "series", "year"), name="platform_procedure_series_once"),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.year} in {self.scope}"


class Approval(models.Model):
    """`act` on an object, with just this `content`, asked for by one and decided by another.

    `content` is canonical JSON: what is carried out is compared with it.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        USED = "used"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    scope = models.CharField(max_length=80)
    act = models.CharField(max_length=120)
    permission = models.CharField(max_length=120)
    object_type = models.CharField(max_length=120)
    object_id = models.CharField(max_length=200)
    content = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_by = models.JSONField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.JSONField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("scope", "state", "expires_at"), name="platform_procedure_to_decide"),
            models.Index(fields=("object_type", "object_id"), name="platform_procedure_approved"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.object_type} {self.object_id} in {self.scope}: {self.state}"

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)

    @property
    def asker(self) -> Actor:
        return Actor.from_dict(self.asked_by)

    def is_late(self, at: datetime) -> bool:
        """Whether it can be decided or used no more."""
        return self.expires_at <= at


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key. Committed with the request's effect, or not at all.

    `actor` and `route` are digests: they are compared, never read.
    """

    scope = models.CharField(max_length=80)
    actor = models.CharField(max_length=64)
    route = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scope", "actor", "route", "key"), name="platform_procedure_answered_once"),
        )

    def __str__(self) -> str:
        return f"{self.key} in {self.scope}: {self.status}"
