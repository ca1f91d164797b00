"""The parking register: facilities of a city. Counts are not here: they are the hub's."""

from datetime import datetime

from django.db import models

from simos.kernel.geo import Point
from simos.modules.mobility.parking.values import FacilityFacts, Kind
from simos.platform.scopes.wall import ScopedModel


class Facility(ScopedModel):
    """A car park or garage, by its code in the city. `is_demo`: made up, to try the platform out."""

    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Spaces.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    address = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    TAKEN = ("name", "kind", "capacity", "longitude", "latitude", "address", "is_demo", "changed_at")
    """The fields that `take` sets."""

    class Meta(ScopedModel.Meta):
        ordering = ("name", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_facility_code"),)

    def __str__(self) -> str:
        return self.name

    def take(self, facts: FacilityFacts, *, is_demo: bool, at: datetime) -> None:
        """The row, not yet saved, says the same as `facts`; its code stays."""
        self.name, self.kind, self.capacity, self.address = facts.name, facts.kind, facts.capacity, facts.address
        self.longitude = facts.place.longitude if facts.place else None
        self.latitude = facts.place.latitude if facts.place else None
        self.is_demo, self.changed_at = is_demo, at

    @property
    def facts(self) -> FacilityFacts:
        place = None
        if self.longitude is not None and self.latitude is not None:
            place = Point(self.longitude, self.latitude)
        return FacilityFacts(
            code=self.code,
            name=self.name,
            kind=Kind(self.kind),
            capacity=self.capacity,
            place=place,
            address=self.address,
        )
