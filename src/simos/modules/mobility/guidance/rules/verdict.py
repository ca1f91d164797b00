"""How a panel is, by what it should show, what it says that it shows, and when it was last heard of.

Nobody is called failed for a time in which nobody listened: every limit runs from when the platform began to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simos.modules.mobility.guidance.values import Condition, Earlier, Pages, Report

RIGHT_FOR = timedelta(seconds=15)
"""So long after it was wanted a text may still be confirmed: the panel is told another, changes, and says so."""
CONFIRM_WITHIN = timedelta(seconds=15)
"""So long may a panel say that it shows something that it should not."""
BACK_WITHIN = timedelta(seconds=15)
"""A connection that breaks off and is there again so soon has not failed."""
SILENT_AFTER = timedelta(seconds=75)
"""Panels speak every 20 seconds; three times nothing is silence."""
LISTENS_EVERY = timedelta(seconds=10)
"""Who has not looked for longer was not listening: the machine slept, or had no time."""


def listening_since(since: datetime, last_look: datetime, at: datetime) -> datetime:
    """Since when the platform has listened without a break, where it did `since` and looks again at `at`."""
    return at if at - last_look > LISTENS_EVERY else since


def wanted_before(earlier: Sequence[Earlier], was: Pages, at: datetime) -> tuple[Earlier, ...]:
    """The texts that may still be confirmed when `was` is wanted no more from `at` on."""
    return (*(each for each in earlier if at - each.until <= RIGHT_FOR), Earlier(pages=was, until=at))


def is_right(shown: Pages, wanted: Pages, earlier: Sequence[Earlier], at: datetime) -> bool:
    """Whether a panel may say at `at` that it shows this: it is wanted, or was until a moment ago."""
    return shown == wanted or any(each.pages == shown and at - each.until <= RIGHT_FOR for each in earlier)


def differing_since(
    wanted: Pages,
    earlier: Sequence[Earlier],
    report: Report,
    before: datetime | None,
    at: datetime,
    *,
    listening: datetime,
) -> datetime | None:
    """Since when the panel has said that it shows what it should not; None where it does not.

    `before`: since when at the last look; it stays so however often what is wanted changes. `listening`: since when
    the platform does; a panel that has said nothing since, or never said what it shows, does not differ.
    """
    if report.shown is None or report.heard_at is None or report.heard_at < listening:
        return None
    if is_right(report.shown, wanted, earlier, at):
        return None
    return before or at


def condition_of(
    report: Report, differs_since: datetime | None, at: datetime, *, listening: datetime, before: Condition | None
) -> Condition:
    """How the panel is at `at` (the real time: panels live in it, whatever a city's clock shows).

    `listening`: since when the platform does. `before`: how it was found at the last look; a fault that was known
    stays one until the panel itself shows otherwise.
    """
    heard = report.heard_at
    if heard is None:
        return Condition.UNSEEN
    is_silent = at - heard > SILENT_AFTER
    was_gone = before in (Condition.OFFLINE, Condition.SILENT)
    if report.offline and (was_gone or at - max(heard, listening) > BACK_WITHIN):
        return Condition.OFFLINE
    if is_silent and (was_gone or at - listening > SILENT_AFTER):
        return Condition.SILENT
    if before is Condition.DIFFERS and (differs_since is not None or heard < listening):
        return Condition.DIFFERS
    if differs_since is not None and at - max(differs_since, listening) > CONFIRM_WITHIN:
        return Condition.DIFFERS
    return Condition.WORKING
