"""What forecasts are made of and judged by: counts on a grid, what was forecast, how good it was, what was learnt.

All of it follows from the hub's history and can be made anew; no person is in it.
"""

from django.db import models

from simos.platform.scopes.wall import ScopedModel


class CountedDay(ScopedModel):
    """A facility's UTC day, packed by `rules.days`. `until`: the instant up to which it is known."""

    code = models.CharField(max_length=80)
    day = models.DateField()
    free = models.BinaryField()
    ages = models.BinaryField()
    hours = models.BinaryField()
    points = models.PositiveIntegerField()
    arrivals = models.PositiveIntegerField()
    until = models.DateTimeField()

    TAKEN = ("free", "ages", "hours", "points", "arrivals", "until")
    """What another reading of the same day overwrites."""

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=("city", "code", "day"), name="mobility_parking_countedday_key"),)
        indexes = (models.Index(fields=("city", "day"), name="mobility_parking_countedday_at"),)

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class MadeForecast(ScopedModel):
    """What was forecast for a facility at `made_at`, when `now` were free. `expected`: for each horizon minutes, low,
    middle, high and drift's word. `model`: the version that spoke; empty: the baseline."""

    code = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    now = models.IntegerField()
    expected = models.JSONField()
    model = models.CharField(max_length=40, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=("city", "code", "made_at"), name="mobility_parking_madeforecast_key"),
        )
        indexes = (models.Index(fields=("city", "made_at"), name="mobility_parking_made_at"),)

    def __str__(self) -> str:
        return f"{self.code} {self.made_at:%Y-%m-%d %H:%M}"


class JudgedDay(ScopedModel):
    """How good a facility's forecasts of one UTC day were, so many minutes ahead: sums of absolute errors in spaces.

    `live`: forecast at the time; else afterwards, on the record, as if it were then.
    """

    code = models.CharField(max_length=80)
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    live = models.BooleanField()
    capacity = models.FloatField()
    points = models.PositiveIntegerField()
    model = models.FloatField()
    persistence = models.FloatField()
    drift = models.FloatField()
    covered = models.PositiveIntegerField()

    TAKEN = ("live", "capacity", "points", "model", "persistence", "drift", "covered")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=("city", "code", "day", "minutes"), name="mobility_parking_judgedday_key"),
        )
        indexes = (models.Index(fields=("city", "day"), name="mobility_parking_judgedday_at"),)

    def __str__(self) -> str:
        return f"{self.code} {self.day} +{self.minutes}"


class Lesson(ScopedModel):
    """That it was tried to learn a model of the city, from what, and what came of it. `scores`: of the days held out,
    by minutes ahead. `why_not`: why it is not in use. `file`: the model, in the home folder; empty: none."""

    version = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    learnt_from = models.DateTimeField()
    learnt_to = models.DateTimeField()
    facilities = models.PositiveIntegerField()
    scores = models.JSONField()
    in_use = models.BooleanField()
    why_not = models.CharField(max_length=16, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ("-made_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("city", "version"), name="mobility_parking_lesson_version"),)

    def __str__(self) -> str:
        return self.version
