"""The parking register: facilities of a city. Counts are not here: they are the hub's."""

from django.db import models

from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.values import FacilityFacts, Kind
from simos.platform.scopes.wall import ScopedModel

KIND_NAMES = {
    Kind.LOT: Text(sl="parkirišče", en="car park", it="parcheggio"),
    Kind.GARAGE: Text(sl="garaža", en="garage", it="autorimessa"),
}


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

    class Meta(ScopedModel.Meta):
        ordering = ("name", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_facility_code"),)

    def __str__(self) -> str:
        return self.name

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
