"""What the office knows of sources of counts: how each stands, and what an officer has corrected. Holds no counts."""

from django.db import models

from simos.modules.mobility.parking.rules.trust import CountedBy, Doubt, Known, Standing, Trend, Verdict
from simos.platform.scopes.wall import ScopedModel


class Source(ScopedModel):
    """How the source of a facility's counts was found to stand, a row for each facility that is judged every minute.

    `since`: from when on it stands so. `trend` is empty where half an hour ago nothing was known. `set_aside`: why an
    officer has said that it is not to be believed; empty where nobody has.
    """

    code = models.CharField(max_length=80, help_text="The facility's.")
    kind = models.CharField(max_length=16, help_text="The facility's.")
    counted_by = models.CharField(max_length=16, choices=[(each.value, each.value) for each in CountedBy])
    standing = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Standing])
    doubt = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Doubt])
    since = models.DateTimeField()
    trend = models.CharField(max_length=16, blank=True, choices=[(each.value, each.value) for each in Trend])
    set_aside = models.CharField(max_length=300, blank=True)

    JUDGED = ("kind", "counted_by", "standing", "doubt", "since", "trend")
    """The fields that a judgement sets."""

    class Meta(ScopedModel.Meta):
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_source_code"),)

    def __str__(self) -> str:
        return self.code

    @property
    def verdict(self) -> Verdict:
        return Verdict(Standing(self.standing), Doubt(self.doubt))

    @property
    def known(self) -> Known:
        return Known(self.verdict, self.since)


class Correction(ScopedModel):
    """An officer looked and said how many spaces were free at `holds_from`; what gates count is added from there on.

    Never changed, never deleted: the newest holds. `at` is when it was written down.
    """

    code = models.CharField(max_length=80, help_text="The facility's.")
    free = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    holds_from = models.DateTimeField()
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ("-holds_from", "-id")
        indexes = (models.Index(fields=("city", "code", "-holds_from"), name="mobility_parking_newest"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.free}"
