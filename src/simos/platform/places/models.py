"""The tables of places. Public facts, that stand before the wall between cities. Written by imports only."""

from typing import Any

from django.db import models
from django.db.models import Q

from simos.kernel.geo import Point
from simos.platform.places.values import Kind
from simos.platform.scopes.models import City

AFTER_ALL = "\U0010ffff"


class FoldedField(models.CharField):  # type: ignore[type-arg]
    """Folded text, compared sign by sign on every database, so that a prefix is a range that an index serves."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        return parameters | ({"collation": "C"} if connection.vendor == "postgresql" else {})


def begins(field: str, prefix: str) -> Q:
    """That a folded field begins so."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + AFTER_ALL})


class Place(models.Model):
    """A named place of a register. `register_id` is the register's own; `gone_at`: it is there no more, but was."""

    unit = models.CharField(max_length=2)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    register_id = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    other_name = models.CharField(max_length=120, blank=True)
    folded = FoldedField(max_length=120)
    folded_other = FoldedField(max_length=120, blank=True)
    municipality = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settlement = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    area_km2 = models.FloatField(null=True, blank=True)
    is_city = models.BooleanField(default=False)
    importance = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("kind", "code"), name="platform_places_code"),)

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point | None:
        return None if self.longitude is None or self.latitude is None else Point(self.longitude, self.latitude)


class PlaceWord(models.Model):
    """A word of a place's names, folded: how a search finds it."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = FoldedField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "word"), name="platform_places_word_once"),)
        indexes = (models.Index(fields=("word", "place"), name="platform_places_word"),)

    def __str__(self) -> str:
        return str(self.word)


class Area(models.Model):
    """What a place covers: simplified GeoJSON as text, the box around it, and whose data that is."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True, related_name="area")
    kind = models.CharField(max_length=20)
    geometry = models.TextField()
    source = models.CharField(max_length=200)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        indexes = (models.Index(fields=("west", "east", "south", "north"), name="platform_places_box"),)

    def __str__(self) -> str:
        return f"area of {self.place_id}"


class Address(models.Model):
    """A house number, in a street or, where a settlement has none, in the settlement."""

    register_id = models.CharField(max_length=20, unique=True)
    settlement = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    street = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    postal = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    suffix = models.CharField(max_length=4, blank=True)
    longitude = models.FloatField(help_text="Degrees, WGS 84.")
    latitude = models.FloatField(help_text="Degrees, WGS 84.")
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("street", "number", "suffix"), name="platform_places_in_street"),
            models.Index(fields=("settlement", "number", "suffix"), name="platform_places_in_village"),
        )

    def __str__(self) -> str:
        return f"{self.street or self.settlement} {self.number}{self.suffix}"
