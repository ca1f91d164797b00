"""The tables of the cities, and what is switched on in them. Public facts: they stand before the wall."""

from typing import Any

from django.db import models

from simos.kernel.acting import Scope
from simos.kernel.text import Text


def default_languages() -> list[str]:
    """Slovenian and English, which every city has."""
    return ["sl", "en"]


class City(models.Model):
    """A city, by its code. Facts bear their source; the clock is the real one while `clock_speed` is null."""

    code = models.CharField(max_length=64, primary_key=True)
    name_sl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_it = models.CharField(max_length=120, blank=True)
    name_hu = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(help_text="Degrees, WGS 84, of the centre.")
    latitude = models.FloatField(help_text="Degrees, WGS 84, of the centre.")
    area_km2 = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_on = models.DateField(null=True, blank=True)
    facts_source = models.TextField(blank=True)
    languages = models.JSONField(default=default_languages)
    is_seed = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="Europe/Ljubljana")
    clock_real_at = models.DateTimeField(null=True, blank=True)
    clock_shown_at = models.DateTimeField(null=True, blank=True)
    clock_speed = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.official_name

    @property
    def name(self) -> Text:
        return Text(sl=self.name_sl, en=self.name_en, it=self.name_it, hu=self.name_hu)

    @property
    def official_name(self) -> str:
        """In all the languages in which it is official: `Koper/Capodistria`."""
        return "/".join(name for name in (self.name_sl, self.name_it, self.name_hu) if name)

    @property
    def scope(self) -> Scope:
        return Scope.city(self.code)


class CityModule(models.Model):
    """A module is switched on in a city. No row: it is off."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="modules")
    module = models.CharField(max_length=120)
    switched_on_at = models.DateTimeField()
    switched_on_by: Any = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("city", "module"), name="platform_scopes_citymodule_once"),)

    def __str__(self) -> str:
        return f"{self.module} in {self.city_id}"
