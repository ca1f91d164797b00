"""How a panel is, by what it should show, what it says that it shows, and when it was last heard of."""

from datetime import datetime, timedelta

from simos.modules.mobility.guidance.values import Condition, Pages, Report

CONFIRM_WITHIN = timedelta(seconds=15)
"""So long may a panel show something else than it should: it is told, changes, and says so."""
SILENT_AFTER = timedelta(seconds=75)
"""Panels speak every 20 seconds; three times nothing is silence."""


def differing_since(wanted: Pages, wanted_at: datetime, report: Report, before: datetime | None) -> datetime | None:
    """Since when the panel has said that it shows something else than it should; None where it does not.

    `before`: since when at the last look. A panel that never said what it shows does not differ: it is unseen.
    """
    if report.shown is None or report.shown == wanted:
        return None
    return max(before, wanted_at) if before else max(wanted_at, report.heard_at or wanted_at)


def condition_of(report: Report, differs_since: datetime | None, at: datetime) -> Condition:
    """How the panel is at `at` (the real time: panels live in it, whatever a city's clock shows)."""
    if report.heard_at is None:
        return Condition.UNSEEN
    if report.offline:
        return Condition.OFFLINE
    if at - report.heard_at > SILENT_AFTER:
        return Condition.SILENT
    if differs_since is not None and at - differs_since > CONFIRM_WITHIN:
        return Condition.DIFFERS
    return Condition.WORKING
