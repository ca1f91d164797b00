"""Whether a facility is open, why not, and when that changes. Pure; who is a holiday is handed in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from simos.kernel.text import Text
from simos.modules.mobility.parking.rules.hours import IsHoliday, is_open, next_change
from simos.modules.mobility.parking.values import FacilityFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """`reason`: why the office has closed it, None where it is only outside its hours. `changes_at`: when it opens or
    closes next (UTC), None where nobody knows."""

    open: bool
    reason: Text | None = None
    changes_at: datetime | None = None


def openness_of(facts: FacilityFacts, at: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> Openness:
    """A facility whose hours nobody has said counts as open; one that the office has closed is closed at all hours."""
    closure, hours = facts.closure, facts.hours
    if closure is not None and closure.holds_at(at):
        return Openness(open=False, reason=closure.reason, changes_at=closure.until)
    coming = closure.since if closure is not None and closure.since is not None and closure.since > at else None
    if hours is None:
        return Openness(open=True, changes_at=coming)
    changes = next_change(hours, at, zone=zone, is_holiday=is_holiday)
    return Openness(
        open=is_open(hours, at, zone=zone, is_holiday=is_holiday),
        changes_at=min((each for each in (changes, coming) if each is not None), default=None),
    )
