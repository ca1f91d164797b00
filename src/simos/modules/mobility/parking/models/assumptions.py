"""What a city assumes where nobody has measured: it replaces the platform's own assumption of that name."""

from django.db import models

from simos.modules.mobility.parking.rules.avoided import Assumption, Name
from simos.platform.scopes.wall import ScopedModel


class CityAssumption(ScopedModel):
    """An assumption about searching for a space, by the city's office, with its source."""

    name = models.CharField(max_length=16, choices=[(name.value, name.value) for name in Name])
    low = models.FloatField()
    high = models.FloatField()
    source = models.CharField(max_length=300)
    changed_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("city", "name"), name="mobility_parking_assumption_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def facts(self) -> Assumption:
        return Assumption(name=Name(self.name), low=self.low, high=self.high, source=self.source)
