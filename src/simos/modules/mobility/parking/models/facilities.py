"""The parking register: facilities of a city and its areas. Counts are not here: they are the hub's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.models.tariffs import TariffRow
from simos.modules.mobility.parking.rules.hours import hours_of, written
from simos.modules.mobility.parking.values import (
    AreaFacts,
    Closure,
    Entrance,
    Exemption,
    FacilityFacts,
    Kind,
    Outline,
    Payment,
    Way,
)
from simos.platform.procedure.versions import Versioned
from simos.platform.scopes.wall import ScopedModel


class Area(Versioned, ScopedModel):
    """A part of the city for whose facilities together a sign may stand. English and Italian fall back to Slovenian."""

    code = models.CharField(max_length=80)
    name_sl = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name_it = models.CharField(max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ("name_sl", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_area_code"),)

    def __str__(self) -> str:
        return self.name_sl

    def take(self, facts: AreaFacts) -> None:
        """The row, not yet saved, says the same as `facts`; its code stays."""
        name = facts.name
        self.name_sl, self.name_en, self.name_it = name.sl, "" if name.en == name.sl else name.en, name.it

    @property
    def facts(self) -> AreaFacts:
        return AreaFacts(code=self.code, name=Text(sl=self.name_sl, en=self.name_en or self.name_sl, it=self.name_it))


class Facility(Versioned, ScopedModel):
    """A garage, a car park or a zone on the street, by its code in the city. `is_demo`: made up, to try things out.

    `closed_reason_sl` is empty where the office has not closed it.
    """

    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Spaces.")
    disabled = models.PositiveIntegerField(null=True, blank=True, help_text="Spaces.")
    charging = models.PositiveIntegerField(null=True, blank=True, help_text="Spaces.")
    permit = models.PositiveIntegerField(null=True, blank=True, help_text="Spaces.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    outline = models.JSONField(default=list, blank=True, help_text="[longitude, latitude] of each point.")
    address = models.CharField(max_length=300, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="facilities")
    tariff = models.ForeignKey(TariffRow, on_delete=models.PROTECT, null=True, blank=True, related_name="facilities")
    entrances = models.JSONField(default=list, blank=True, help_text="[longitude, latitude, way, street] of each.")
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    hours = models.CharField(max_length=2000, blank=True, help_text="As `rules.hours` writes them.")
    operator = models.CharField(max_length=200, blank=True)
    payments = models.JSONField(default=list, blank=True)
    exemptions = models.JSONField(default=list, blank=True)
    closed_reason_sl = models.CharField(max_length=300, blank=True)
    closed_reason_en = models.CharField(max_length=300, blank=True)
    closed_reason_it = models.CharField(max_length=300, blank=True)
    closed_from = models.DateTimeField(null=True, blank=True)
    closed_until = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    ALIKE = (
        *("name", "kind", "capacity", "disabled", "charging", "permit", "address", "height_cm", "operator"),
        *("payments", "exemptions"),
    )
    """The fields that hold a fact as it is."""

    TAKEN = (
        *ALIKE,
        *("longitude", "latitude", "outline", "area", "tariff", "entrances", "hours"),
        *("closed_reason_sl", "closed_reason_en", "closed_reason_it", "closed_from", "closed_until"),
        *("is_demo", "changed_at", "version"),
    )
    """The fields that `take` sets."""

    class Meta(ScopedModel.Meta):
        ordering = ("name", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_facility_code"),)

    def __str__(self) -> str:
        return self.name

    def take(
        self, facts: FacilityFacts, *, area: Area | None, tariff: TariffRow | None, is_demo: bool, at: datetime
    ) -> None:
        """The row, not yet saved, says the same as `facts` in a newer version; its code stays."""
        for name in self.ALIKE:
            value = getattr(facts, name)
            setattr(self, name, list(value) if isinstance(value, tuple) else value)
        self.longitude = facts.place.longitude if facts.place else None
        self.latitude = facts.place.latitude if facts.place else None
        self.outline = [[each.longitude, each.latitude] for each in facts.outline.points] if facts.outline else []
        self.area, self.tariff = area, tariff
        self.entrances = [[e.place.longitude, e.place.latitude, e.way.value, e.street] for e in facts.entrances]
        self.hours = written(facts.hours) if facts.hours else ""
        self._take_closure(facts.closure)
        self.is_demo, self.changed_at = is_demo, at
        if not self._state.adding:
            self.version += 1

    def _take_closure(self, closure: Closure | None) -> None:
        reason = closure.reason if closure else None
        self.closed_reason_sl, self.closed_reason_it = (reason.sl, reason.it) if reason else ("", "")
        self.closed_reason_en = reason.en if reason and reason.en != reason.sl else ""
        self.closed_from = closure.since if closure else None
        self.closed_until = closure.until if closure else None

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
            disabled=self.disabled,
            charging=self.charging,
            permit=self.permit,
            place=place,
            outline=Outline(tuple(_points(self.outline))) if self.outline else None,
            address=self.address,
            area=self.area.code if self.area else "",
            tariff=self.tariff.code if self.tariff else "",
            entrances=tuple(
                Entrance(place=Point(longitude, latitude), way=Way(way), street=street)
                for longitude, latitude, way, street in self.entrances
            ),
            height_cm=self.height_cm,
            hours=hours_of(self.hours) if self.hours else None,
            operator=self.operator,
            payments=tuple(map(Payment, self.payments)),
            exemptions=tuple(map(Exemption, self.exemptions)),
            closure=self._closure(),
        )

    def _closure(self) -> Closure | None:
        if not self.closed_reason_sl:
            return None
        sl, en, it = self.closed_reason_sl, self.closed_reason_en, self.closed_reason_it
        return Closure(reason=Text(sl=sl, en=en or sl, it=it), since=self.closed_from, until=self.closed_until)


def _points(pairs: Sequence[Any]) -> Sequence[Point]:
    return [Point(longitude, latitude) for longitude, latitude in pairs]
