"""What is done about sources of counts: judged every minute, corrected or set aside by an officer."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.modules.mobility.parking.events import CountCorrected
from simos.modules.mobility.parking.models import Correction, Source
from simos.modules.mobility.parking.queries import facility_of
from simos.modules.mobility.parking.queries.sources import Known
from simos.modules.mobility.parking.rules.trust import CountedBy, Verdict, verdict_of
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting

PERMISSION = "correct-counts"
REASON_LENGTH = 300


def judge_sources(scope: Scope, known: Mapping[str, Known], *, by: Actor, at: datetime) -> Mapping[str, Verdict]:
    """How each source stands at `at` is written down, with since when; the verdicts by code.

    A row whose facility has gone goes too. `at` is the city's own time.
    """
    with acting(by, scope), transaction.atomic():
        there = {source.code: source for source in Source.objects.select_for_update()}
        verdicts = {}
        for code, each in known.items():
            source = there.get(code)
            verdicts[code] = verdict = verdict_of(each.evidence, at, source.known if source else None)
            if source is None:
                source = Source(code=code, since=at)
            was = tuple(getattr(source, name) for name in Source.JUDGED)
            if source._state.adding or verdict != source.verdict:
                source.since = at
            source.kind, source.counted_by = each.evidence.kind, each.evidence.counted_by
            source.standing, source.doubt, source.trend = verdict.standing, verdict.doubt, each.trend or ""
            if source._state.adding or was != tuple(getattr(source, name) for name in Source.JUDGED):
                source.save()
        gone = there.keys() - known.keys()
        if gone:
            Source.objects.filter(code__in=gone).delete()
    return verdicts


def correct_count(
    scope: Scope, code: str, free: int, *, reason: str, holds_from: datetime, by: Actor, at: datetime
) -> Correction:
    """So many spaces were free at `holds_from` (the city's time); what the gates count is added from there on.

    Forbidden without `correct-counts`; Invalid for a number outside of what was built, or without a reason; Conflict
    where the facility has no gates, whose sum alone drifts.
    """
    require(by, PERMISSION, scope)
    reason = _reason(reason)
    with acting(by, scope), transaction.atomic():
        facility = facility_of(code)
        source = _source(code)
        if source.counted_by != CountedBy.GATES:
            raise Conflict(f"{facility.name} is not counted by gates; if its number is wrong, set the source aside")
        if facility.capacity is None or not 0 <= free <= facility.capacity:
            raise Invalid(f"a whole number from 0 to {facility.capacity or 0} is needed", field="free")
        done: Correction = Correction.objects.create(code=code, free=free, reason=reason, holds_from=holds_from, at=at)
        data = {"code": code, "free": free, "reason": reason}
        record("correct-count", obj=done, by=by, scope=scope, at=at, data=data)
        emit(CountCorrected(code=code), scope=scope, by=by, at=at)
    return done


def set_aside(scope: Scope, code: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Drivers are shown no number of this source until it is taken back. Forbidden without `correct-counts`."""
    _set_aside(scope, code, _reason(reason), done="set-source-aside", by=by, at=at)


def take_back(scope: Scope, code: str, *, by: Actor, at: datetime) -> None:
    """The source is judged by what it says again. Forbidden without `correct-counts`."""
    _set_aside(scope, code, "", done="take-source-back", by=by, at=at)


def _set_aside(scope: Scope, code: str, reason: str, *, done: str, by: Actor, at: datetime) -> None:
    require(by, PERMISSION, scope)
    with acting(by, scope), transaction.atomic():
        source = _source(code)
        source.set_aside = reason
        source.save(update_fields=["set_aside"])
        record(done, obj=source, by=by, scope=scope, at=at, data={"code": code, "reason": reason})


def _source(code: str) -> Source:
    source: Source | None = Source.objects.select_for_update().filter(code=code).first()
    if source is None:
        raise NotFound(f"nothing has been heard of a source for {code!r} yet; sources are looked at every minute")
    return source


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= REASON_LENGTH:
        raise Invalid(f"a reason is needed, of at most {REASON_LENGTH} signs", field="reason")
    return text
