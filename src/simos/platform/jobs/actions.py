"""Putting work into the queue, restarting what died, clearing away what is done. Runs nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, NotFound
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.audit.transactions import require_transaction
from simos.platform.jobs.models import UNFINISHED, Work, WorkerBeat

ATTEMPTS = 15
"""With the pauses between them, tried for eight minutes."""
KEEP_DONE = timedelta(days=14)
KEEP_BEATS = timedelta(days=1)
_LOCK_FAMILY = 7_401  # keeps our advisory locks apart from those of others in the same database


def enqueue(
    kind: str,
    name: str,
    *,
    scope: Scope,
    by: Actor,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    version: int = 1,
    order_key: str = "",
    dedupe_key: str = "",
    run_at: datetime | None = None,
    deadline_at: datetime | None = None,
    max_attempts: int = ATTEMPTS,
) -> Work:
    """Work that is done once the caller's transaction has committed, not before `run_at`; OutsideTransaction elsewhere.

    `at` is the platform's present, not that of a city whose clock shows another.

    With a `dedupe_key` that an unfinished row bears, that row is returned and nothing added. Rows with one `order_key`
    are numbered, and so run, in the order in which their transactions commit.
    """
    require_transaction("enqueue")
    if order_key:
        _take_turn(order_key)
    fresh = Work(
        kind=kind,
        name=name,
        scope=str(scope),
        actor=by.as_dict(),
        payload=dict(payload or {}),
        version=version,
        order_key=order_key,
        dedupe_key=dedupe_key,
        run_at=run_at or at,
        deadline_at=deadline_at,
        max_attempts=max_attempts,
        created_at=at,
    )
    if not dedupe_key:
        fresh.save(force_insert=True)
        return fresh
    return _insert_once(fresh)


def _take_turn(order_key: str) -> None:
    """On PostgreSQL a number is taken before the commit: whoever has the key's lock, to the commit, comes first.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_FAMILY, order_key])


def _insert_once(fresh: Work) -> Work:
    while True:
        twin = Work.objects.filter(dedupe_key=fresh.dedupe_key, state__in=UNFINISHED).first()
        if twin is not None:
            return twin
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            continue  # another transaction was faster: look again
        return fresh


def restart(work_id: int, *, by: Actor, at: datetime) -> Work:
    """Dead work waits again, with all its attempts and no deadline, audited. Conflict if it is not dead.

    NotFound; Forbidden without `restart-work` in the work's scope.
    """
    with transaction.atomic():
        work = Work.objects.select_for_update().filter(pk=work_id).first()
        if work is None:
            raise NotFound(f"there is no work {work_id}")
        require(by, "restart-work", work.where)
        if work.state != Work.State.DEAD:
            raise Conflict(f"work {work_id} is {work.state}; only dead work is restarted")
        if work.dedupe_key and Work.objects.filter(dedupe_key=work.dedupe_key, state__in=UNFINISHED).exists():
            raise Conflict(f"the same work as {work_id} is in the queue already")
        work.state, work.attempts, work.run_at = Work.State.WAITING, 0, now()
        work.deadline_at = work.finished_at = None
        work.save()
        record("restart-work", obj=work, by=by, scope=work.where, at=at)
    return work


def prune(*, at: datetime, keep: timedelta = KEEP_DONE) -> int:
    """Work that was done longer than `keep` ago is gone, as are the beats of workers long ended; how many rows of work.

    Dead letters stay until somebody restarts them.
    """
    WorkerBeat.objects.filter(beat_at__lt=at - KEEP_BEATS).delete()
    return Work.objects.filter(state=Work.State.DONE, finished_at__lt=at - keep).delete()[0]
