"""The contract of a module's `indicators.py`: what its indicators come to in a period. Pure: no Django.

    def free_share(scope: Scope, period: Period) -> Measured | None:
        counts = counts_between(scope.code, period.since, period.until)
        return Measured(value=..., readings=len(counts), source=Text(sl="števci parkirišč", en="car-park counters"))

    compute = {"free-share": free_share}

Called while acting in the scope, for whole periods that are over. None: nothing can be told of the period.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from simos.kernel.acting import Scope
from simos.kernel.module import Every
from simos.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """A whole day, month or year of a place, from `since` to before `until` (aware); its `first` and `last` day."""

    every: Every
    first: date
    last: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an indicator comes to: its value, from how many readings, of what. `note`: what one must know to read it."""

    value: float
    readings: int
    source: Text
    note: Text | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"{self.value} is no value of an indicator: return None where nothing can be told")
        if self.readings < 0:
            raise ValueError(f"a value comes from no fewer than no readings, not {self.readings}")


Compute = Callable[[Scope, Period], Measured | None]
