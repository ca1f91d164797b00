"""Reference numbers such as 354-17/2026: rising by one for each scope, series and year, without gaps."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from simos.kernel.acting import Scope, ScopeKind
from simos.platform.audit.transactions import require_transaction
from simos.platform.procedure.models import NumberSeries
from simos.platform.procedure.workdays import SLOVENIA
from simos.platform.scopes.queries import city_of

LONGEST_SERIES = 40
_SERIES = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_REFERENCE = re.compile(r"(?P<series>.+)-(?P<number>[1-9][0-9]{0,17})/(?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """The `number`-th matter of a series in a year; as text `354-17/2026`. A series is often a classification sign."""

    series: str
    year: int
    number: int

    def __post_init__(self) -> None:
        if not _SERIES.fullmatch(self.series) or len(self.series) > LONGEST_SERIES:
            raise ValueError(f"a series is letters and digits, with dots or dashes between; not {self.series!r}")
        if self.number < 1 or not 1000 <= self.year <= 9999:
            raise ValueError(f"a reference counts from 1 in a year of four digits: {self.number}, {self.year}")

    def __str__(self) -> str:
        return f"{self.series}-{self.number}/{self.year}"

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """The inverse of `str`; ValueError where `text` is none."""
        if not (found := _REFERENCE.fullmatch(text.strip())):
            raise ValueError(f"a reference number looks like 354-17/2026, not {text!r}")
        return cls(found["series"], int(found["year"]), int(found["number"]))


def next_number(scope: Scope, series: str, *, at: datetime) -> Reference:
    """The next number of the series in the year that it is at `at` in `scope`; OutsideTransaction where there is none.

    Others who want one of the same series wait until the caller's transaction ends. If it is undone, so is the number:
    take it late, store it in the same transaction, and keep it unique there.
    """
    require_transaction("next_number")
    year = at.astimezone(_zone_of(scope)).year
    first = Reference(series, year, 1)
    NumberSeries.objects.get_or_create(scope=str(scope), series=first.series, year=year)
    row = NumberSeries.objects.select_for_update().get(scope=str(scope), series=first.series, year=year)
    row.last += 1
    row.save(update_fields=("last",))
    return Reference(series, year, row.last)


def _zone_of(scope: Scope) -> ZoneInfo:
    return ZoneInfo(city_of(scope.code).time_zone) if scope.kind is ScopeKind.CITY else SLOVENIA
