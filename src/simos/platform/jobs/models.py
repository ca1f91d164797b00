"""The tables of the work queue. Rows are made by `enqueue` and moved on by a worker; nobody else writes them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from simos.kernel.acting import Actor, Scope


class Work(models.Model):
    """Something to be done: of which kind, by whom and where it was asked for, when, and how far it has got.

    Rows with the same `order_key` run one after the other in order of id. `dedupe_key` is unique among unfinished rows.
    `max_attempts` 0: is tried for ever.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=300)
    scope = models.CharField(max_length=80)
    actor = models.JSONField()
    payload = models.JSONField()
    version = models.PositiveSmallIntegerField(default=1)
    order_key = models.CharField(max_length=600, blank=True)
    dedupe_key = models.CharField(max_length=400, blank=True)
    run_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Whole indexes: SQLite does not see that a query with parameters fits a partial one.
        indexes = (
            models.Index(fields=("state", "run_at", "id"), name="platform_jobs_due"),
            models.Index(fields=("order_key", "state", "id"), name="platform_jobs_order"),
            models.Index(fields=("dedupe_key",), name="platform_jobs_same"),
            models.Index(fields=("state", "finished_at"), name="platform_jobs_finished"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("dedupe_key",),
                condition=Q(state__in=("waiting", "running")) & ~Q(dedupe_key=""),
                name="platform_jobs_dedupe",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.name} in {self.scope}"

    @property
    def by(self) -> Actor:
        return Actor.from_dict(self.actor)

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)

    def is_late(self, at: datetime) -> bool:
        """Whether its deadline has passed."""
        return self.deadline_at is not None and self.deadline_at <= at


UNFINISHED = (Work.State.WAITING, Work.State.RUNNING)


class WorkerBeat(models.Model):
    """A worker was alive at `beat_at`."""

    worker = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker
