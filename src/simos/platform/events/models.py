"""The table of what happened. Rows are added by `emit` only."""

from django.db import models

from simos.kernel.acting import Actor, Scope


class EventRecord(models.Model):
    """An event as it was emitted: by its key and version, its fields as JSON."""

    key = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    scope = models.CharField(max_length=80)
    actor = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("key", "scope", "at"), name="platform_events_key"),)

    def __str__(self) -> str:
        return f"{self.key} in {self.scope} at {self.at}"

    @property
    def by(self) -> Actor:
        return Actor.from_dict(self.actor)

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)
