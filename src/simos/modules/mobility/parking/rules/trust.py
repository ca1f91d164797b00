"""Whether a source of counts can be believed, and why not: silent, stuck, leaping, gone astray. Pure.

What is doubted in earnest is kept from drivers; what is only odd is told to the office.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from simos.modules.mobility.parking.rules.counts import FRESH, out_of_reason
from simos.modules.mobility.parking.values import Kind


class CountedBy(StrEnum):
    """What a facility's free spaces are known by."""

    COUNTER = "counter"  # somebody else's system says how many are free
    GATES = "gates"
    SPOTS = "spots"


class Standing(StrEnum):
    """How a source stands."""

    GOOD = "good"
    WATCHED = "watched"  # odd: the office is told, drivers still see the number
    SILENT = "silent"  # nothing has come for too long
    FAULTY = "faulty"  # what comes cannot be true


class Doubt(StrEnum):
    """Why a source is not good."""

    NONE = "none"
    NEVER = "never"
    SILENT = "silent"
    STUCK = "stuck"
    LEAP = "leap"
    NEGATIVE = "negative"
    OVER = "over"
    ASTRAY = "astray"
    RESTARTED = "restarted"
    BLIND = "blind"
    BATTERY = "battery"
    SET_ASIDE = "set-aside"


class Trend(StrEnum):
    """Which way a facility goes."""

    FILLING = "filling"
    EMPTYING = "emptying"
    STEADY = "steady"


SILENT_AFTER = {CountedBy.COUNTER: FRESH, CountedBy.GATES: timedelta(hours=1), CountedBy.SPOTS: timedelta(hours=2)}
"""Gates and sensors of single spaces say what they see at least every quarter of an hour, changed or not."""

STREET_SILENT_AFTER = {CountedBy.SPOTS: timedelta(hours=6)}
"""On the street sensors are in the ground and spare their batteries."""

WATCH = timedelta(hours=3)
"""So long a number has to stand still, while others move, to be called stuck."""

MOVED, MOVING_OTHERS, MOST_OTHERS = 0.1, 2, 0.5
"""A facility has moved by a tenth of its spaces. At least two others have, and at least half of them all."""

LEAP_SHARE, LEAP_SPACES, LEAP_WITHIN = 0.5, 20, timedelta(minutes=5)
"""A leap: half of all spaces, and at least twenty, within five minutes."""

LEAP_DOUBTED = timedelta(minutes=15)
"""After a leap; a source that stays at its new number is then believed."""

ASTRAY_SHARE, ASTRAY_SPACES = 0.05, 3
"""Gates miss a car now and then; by so much a sum may lie outside of what is possible before it is worth nothing."""

BLIND_SHARE = 0.2
"""So many of a facility's spaces may be unknown."""

WEAK_BATTERY = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one source. `lowest`, `highest`: of the counts that held during WATCH, None where that is not
    known. `others`: by what share of their spaces the other facilities moved in that time.

    `astray`, `restarted`: of gates. `spots`, `unknown`, `weak`: single spaces in all, unknown ones, those with a weak
    battery. `set_aside`: the office has said that it is not to be believed. `corrected_at`: last, by the office.
    """

    counted_by: CountedBy
    kind: Kind
    capacity: int | None
    free: int | None = None
    observed_at: datetime | None = None
    lowest: int | None = None
    highest: int | None = None
    others: Sequence[float] = ()
    leapt_at: datetime | None = None
    astray: int = 0
    restarted: bool = False
    spots: int = 0
    unknown: int = 0
    weak: int = 0
    set_aside: bool = False
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a source stands, and why."""

    standing: Standing = Standing.GOOD
    doubt: Doubt = Doubt.NONE

    @property
    def doubted(self) -> bool:
        """Whether its number is kept from drivers."""
        return self.standing in (Standing.SILENT, Standing.FAULTY)


@dataclass(frozen=True, slots=True)
class Known:
    """What was found before, and since when."""

    verdict: Verdict
    since: datetime


def silent_after(counted_by: CountedBy, kind: Kind) -> timedelta:
    """How long a source's last count holds."""
    own = STREET_SILENT_AFTER if kind == "street" else {}
    return own.get(counted_by, SILENT_AFTER[counted_by])


def verdict_of(evidence: Evidence, now: datetime, before: Known | None = None) -> Verdict:
    """How the source stands at `now`. Of several reasons the one that says most.

    What gates have lost stays lost until somebody corrects the count: such a doubt is kept from `before`.
    """
    if evidence.set_aside:
        return Verdict(Standing.FAULTY, Doubt.SET_ASIDE)
    if evidence.free is None or evidence.observed_at is None:
        if evidence.restarted:
            return Verdict(Standing.FAULTY, Doubt.RESTARTED)
        # On the street mostly nobody counts: that is no fault.
        nobody_counts = evidence.kind is Kind.STREET and evidence.counted_by is CountedBy.COUNTER
        return Verdict(Standing.GOOD if nobody_counts else Standing.SILENT, Doubt.NEVER)
    found = _found(evidence, evidence.free, evidence.observed_at, now)
    kept = _kept(evidence, before)
    return max(found, kept, key=lambda each: _GRAVITY[each.standing])


_GRAVITY = {Standing.GOOD: 0, Standing.WATCHED: 1, Standing.SILENT: 2, Standing.FAULTY: 3}


def _found(it: Evidence, free: int, observed_at: datetime, now: datetime) -> Verdict:
    capacity = it.capacity
    tests = (
        (free < 0, Standing.FAULTY, Doubt.NEGATIVE),
        (out_of_reason(free, capacity), Standing.FAULTY, Doubt.OVER),
        (it.restarted, Standing.FAULTY, Doubt.RESTARTED),
        (abs(it.astray) > _astray_limit(capacity), Standing.FAULTY, Doubt.ASTRAY),
        (abs(now - observed_at) > silent_after(it.counted_by, it.kind), Standing.SILENT, Doubt.SILENT),
        (_stuck(it), Standing.FAULTY, Doubt.STUCK),
        (it.leapt_at is not None and now - it.leapt_at < LEAP_DOUBTED, Standing.FAULTY, Doubt.LEAP),
        (it.spots > 0 and it.unknown > BLIND_SHARE * it.spots, Standing.FAULTY, Doubt.BLIND),
        (capacity is not None and free > capacity, Standing.WATCHED, Doubt.OVER),
        (it.astray != 0, Standing.WATCHED, Doubt.ASTRAY),
        (it.unknown > 0, Standing.WATCHED, Doubt.BLIND),
        (it.weak > 0, Standing.WATCHED, Doubt.BATTERY),
    )
    return next((Verdict(standing, doubt) for holds, standing, doubt in tests if holds), Verdict())


def _kept(it: Evidence, before: Known | None) -> Verdict:
    """What gates have lost, as long as it is gates that count and nobody has corrected them since."""
    if before is None or it.counted_by is not CountedBy.GATES:
        return Verdict()
    lasting = before.verdict.doubt in (Doubt.ASTRAY, Doubt.RESTARTED)
    corrected = it.corrected_at is not None and it.corrected_at >= before.since
    return before.verdict if lasting and not corrected else Verdict()


def _astray_limit(capacity: int | None) -> float:
    return max(ASTRAY_SPACES, ASTRAY_SHARE * (capacity or 0))


def _stuck(it: Evidence) -> bool:
    """A number that stands still is no fault by itself: a full car park is full, an empty one empty."""
    if it.lowest is None or it.lowest != it.highest:
        return False
    if it.lowest <= 0 or (it.capacity is not None and it.lowest >= it.capacity):
        return False
    moving = sum(share >= MOVED for share in it.others)
    return moving >= MOVING_OTHERS and moving >= MOST_OTHERS * len(it.others)


def leap_in(counts: Sequence[tuple[datetime, int]], capacity: int | None) -> datetime | None:
    """When the last leap was in these counts (in order of time); None without one, or without a capacity."""
    if capacity is None:
        return None
    least = max(LEAP_SPACES, LEAP_SHARE * capacity)
    pairs = pairwise(counts)
    leaps = [at for (then, free), (at, later) in pairs if abs(later - free) >= least and at - then <= LEAP_WITHIN]
    return leaps[-1] if leaps else None


def trend_of(free: int, earlier: int, capacity: int | None) -> Trend:
    """Which way it went from `earlier` to `free`: by two spaces at least, and a fiftieth of all."""
    least = max(2.0, (capacity or 0) / 50)
    if abs(free - earlier) < least:
        return Trend.STEADY
    return Trend.FILLING if free < earlier else Trend.EMPTYING
