"""The tables of consents, exports and erasures. Rows are written by this part's actions only."""

import uuid

from django.db import models
from django.db.models import Q

from simos.kernel.acting import Actor, Scope
from simos.platform.people.models import Party


class Consent(models.Model):
    """A person agreed to something: to which text, in which language, when and by which channel; and until when.

    Kept after it was withdrawn, as proof (GDPR, art. 7(1)).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    consent = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=2)
    text = models.TextField()
    scope = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    given_by = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("party", "consent"), condition=Q(withdrawn_at=None), name="platform_privacy_consent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.consent} version {self.version}"


class Task(models.Model):
    """Something done for a person by a job, part by part, each part once. `done`: the parts that are, as texts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.JSONField()
    parts = models.PositiveIntegerField(default=0)
    done = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} asked for at {self.asked_at}"

    @property
    def by(self) -> Actor:
        return Actor.from_dict(self.asked_by)

    @property
    def percent(self) -> int:
        return 100 if self.ended_at else min(99, 100 * len(self.done) // self.parts) if self.parts else 0


class DataExport(Task):
    """The person's data as a file that they asked for. The file belongs to this row."""

    language = models.CharField(max_length=2)
    keep_until = models.DateTimeField(null=True, blank=True)

    @property
    def where(self) -> Scope:
        return Scope.parse("federation")


class Erasure(Task):
    """The person was erased, or is being so. `counts`: rows that went, by table.

    `tell`: the addresses to which the result goes; emptied when it is told.
    """

    counts = models.JSONField(default=dict)
    tell = models.JSONField(default=list)
