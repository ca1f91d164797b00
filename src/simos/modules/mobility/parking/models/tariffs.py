"""What parking costs: the tariffs of a city, which its facilities name."""

from datetime import datetime

from django.db import models

from simos.kernel.text import Text
from simos.modules.mobility.parking.rules.tariff_text import period_of, written
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.tariffs import CountedFrom, Relief, Rounding, Tariff
from simos.platform.procedure.versions import Versioned
from simos.platform.scopes.wall import ScopedModel


class TariffRow(Versioned, ScopedModel):
    """A tariff by its code in the city. English and Italian names fall back to Slovenian."""

    code = models.CharField(max_length=80)
    name_sl = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name_it = models.CharField(max_length=200, blank=True)
    periods = models.JSONField(default=list, blank=True, help_text="As `rules.tariff_text` writes them.")
    free_minutes = models.PositiveIntegerField(default=0)
    cap_cents = models.PositiveIntegerField(null=True, blank=True)
    counted_from = models.CharField(max_length=16, default=CountedFrom.MIDNIGHT)
    round_to = models.PositiveIntegerField(default=1, help_text="Cents.")
    rounding = models.CharField(max_length=16, default=Rounding.NEAREST)
    max_stay = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes.")
    reliefs = models.JSONField(default=dict, blank=True, help_text="[percent, free minutes] by exemption.")
    changed_at = models.DateTimeField()

    ALIKE = ("free_minutes", "cap_cents", "round_to", "max_stay")
    """The fields that hold a value as it is."""

    class Meta(ScopedModel.Meta):
        ordering = ("name_sl", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_parking_tariff_code"),)

    def __str__(self) -> str:
        return self.name_sl

    def take(self, tariff: Tariff, *, at: datetime) -> None:
        """The row, not yet saved, says the same as `tariff`; its code stays."""
        name = tariff.name
        self.name_sl, self.name_en, self.name_it = name.sl, "" if name.en == name.sl else name.en, name.it
        for field in self.ALIKE:
            setattr(self, field, getattr(tariff, field))
        self.periods = [written(period) for period in tariff.periods]
        self.counted_from, self.rounding = tariff.counted_from.value, tariff.rounding.value
        self.reliefs = {str(each): [relief.percent, relief.free_minutes] for each, relief in tariff.reliefs.items()}
        self.changed_at = at

    @property
    def tariff(self) -> Tariff:
        return Tariff(
            code=self.code,
            name=Text(sl=self.name_sl, en=self.name_en or self.name_sl, it=self.name_it),
            periods=tuple(map(period_of, self.periods)),
            free_minutes=self.free_minutes,
            cap_cents=self.cap_cents,
            counted_from=CountedFrom(self.counted_from),
            round_to=self.round_to,
            rounding=Rounding(self.rounding),
            max_stay=self.max_stay,
            reliefs={
                Exemption(name): Relief(percent=percent, free_minutes=free)
                for name, (percent, free) in self.reliefs.items()
            },
        )
