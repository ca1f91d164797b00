"""ISO 8601 durations, as `aggrPeriodDuration` has them (ETSI GS CIM 009, 4.5.19), and the periods they make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simos.hub.problems import BadRequestData
from simos.kernel.clock import at_micros, micros_of

_DURATION = re.compile(
    r"P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
_SECONDS = (7 * 86_400, 86_400, 3_600, 60)


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole months, and microseconds beside them; never both. Nothing at all means all time in one."""

    months: int = 0
    micros: int = 0

    def periods(self, origin: int, until: int) -> Iterator[tuple[int, int]]:
        """The periods of whole months from `origin` on that begin before `until`, as start and end."""
        first, number = at_micros(origin), 0
        start = origin
        while start < until:
            number += 1
            end = micros_of(_months_later(first, number * self.months))
            yield start, end
            start = end


ALL_TIME = Duration()


def parse_duration(text: str) -> Duration:
    """BadRequestData where `text` is no duration, or one of months and days at once."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise BadRequestData(f"aggrPeriodDuration: a duration looks like PT1H, P1D or P1M, not {text[:40]!r}")
    years, months, *parts = found.groups()
    whole_months = int(years or 0) * 12 + int(months or 0)
    *units, seconds = parts
    micros = sum(int(part or 0) * size * 1_000_000 for part, size in zip(units, _SECONDS, strict=True))
    micros += round(float((seconds or "0").replace(",", ".")) * 1_000_000)
    if whole_months and micros:
        raise BadRequestData("aggrPeriodDuration: months or years do not go with shorter units")
    if max(whole_months * 30 * 86_400_000_000, micros) > 2**62:
        raise BadRequestData("aggrPeriodDuration: longer than anything lasts")
    return Duration(whole_months, micros)


def _months_later(at: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day where it has no such day."""
    place = at.year * 12 + at.month - 1 + months
    year, month = divmod(place, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise BadRequestData("aggrPeriodDuration: reaches past the year 9999")
