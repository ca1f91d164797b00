"""The table of measured values. Public facts: they stand before the wall. Rows are added, never changed or removed,
but for the time from which another counts in their place."""

from typing import Any

from django.db import models
from django.db.models import Q

from simos.kernel.text import Text


class Measurement(models.Model):
    """A value of an indicator in a scope and period, with what it comes from. `replaced_at` null: it counts.

    Of one period one row counts; `replaces` leads to the one that counted before. `version` 0: entered by hand;
    who did is in the audit log.
    """

    scope = models.CharField(max_length=80)
    module = models.CharField(max_length=120)
    indicator = models.CharField(max_length=120)
    every = models.CharField(max_length=8)
    first = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    value = models.FloatField()
    readings = models.PositiveIntegerField(null=True)
    source_texts: Any = models.JSONField()
    note_texts: Any = models.JSONField(default=dict)
    version = models.PositiveIntegerField()
    software = models.CharField(max_length=40)
    measured_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "module", "indicator", "since"), name="platform_indicators_of"),)
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "module", "indicator", "every", "since"),
                condition=Q(replaced_at=None),
                name="platform_indicators_one_counts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.module}:{self.indicator} in {self.scope}, {self.first}: {self.value}"

    @property
    def source(self) -> Text:
        """What it was computed from, or who had it."""
        return Text(**self.source_texts)

    @property
    def note(self) -> Text | None:
        return Text(**self.note_texts) if self.note_texts else None

    @property
    def manual(self) -> bool:
        return self.version == 0

    def says_as(self, other: "Measurement") -> bool:
        """Whether both say the same of the period, from the same."""
        told = ("value", "readings", "source_texts", "note_texts", "version")
        return all(getattr(self, name) == getattr(other, name) for name in told)
