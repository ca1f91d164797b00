"""Taking work from the queue and giving it back: each step one short transaction, whose row says who holds it.

Nobody who has lost the lease can mark work done: then the effects that share the transaction are undone too.
"""

import os
import secrets
import socket
import traceback
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from simos.kernel.clock import now
from simos.platform.jobs.models import UNFINISHED, Work, WorkerBeat
from simos.platform.jobs.rules import back_off
from simos.platform.jobs.values import GiveUp

_random = secrets.SystemRandom()
_LONGEST_ERROR = 4000


class LeaseLost(Exception):
    """Somebody else has taken the work meanwhile."""


def claim(kinds: Collection[str], *, owner: str, lease: timedelta) -> Work | None:
    """The next work of these kinds that may run, now held by `owner` for `lease`; None if there is none.

    Work that is past its deadline, or whose worker died on its last attempt, goes to the dead letters on the way.
    """
    while _anything_due(kinds):  # an idle look takes no lock
        with transaction.atomic():
            at = now()
            work = next((found for due in _due(kinds, at) if (found := _first_in_turn(due))), None)
            if work is None:
                return None
            if reason := _hopeless(work, at):
                _bury(work, reason, at)
                continue
            work.state, work.lease_owner, work.lease_until = Work.State.RUNNING, owner, _lease_end(work, at, lease)
            work.attempts += 1
            work.save(update_fields=("state", "lease_owner", "lease_until", "attempts"))
            return work
    return None


def _due(kinds: Collection[str], at: datetime) -> tuple[QuerySet[Work], QuerySet[Work]]:
    """What a worker that died let go of, and what is due. Apart, so that each query walks along an index and stops."""
    known = Work.objects.filter(kind__in=kinds)
    let_go = known.filter(state=Work.State.RUNNING, lease_until__lte=at)
    return let_go, known.filter(state=Work.State.WAITING, run_at__lte=at)


def _anything_due(kinds: Collection[str]) -> bool:
    return any(due.exists() for due in _due(kinds, now()))


def _first_in_turn(due: QuerySet[Work]) -> Work | None:
    """The first that is also the first of the unfinished with its order key, locked; others' are left."""
    before = Work.objects.filter(order_key=OuterRef("order_key"), id__lt=OuterRef("id"), state__in=UNFINISHED)
    in_turn = due.filter(Q(order_key="") | ~Exists(before)).order_by("run_at", "id")
    return in_turn.select_for_update(skip_locked=True, of=("self",)).first()


def _hopeless(work: Work, at: datetime) -> str:
    if work.is_late(at):
        return f"its deadline {work.deadline_at} passed"
    if work.max_attempts and work.attempts >= work.max_attempts:
        return f"its worker died in attempt {work.attempts}, the last one"
    return ""


def _lease_end(work: Work, at: datetime, lease: timedelta) -> datetime:
    """Never past the deadline: work that hangs is let go then."""
    return min(at + lease, work.deadline_at) if work.deadline_at else at + lease


def extend(work: Work, *, owner: str, lease: timedelta) -> None:
    """`owner`, if it still holds the work, holds it for another `lease`."""
    Work.objects.filter(pk=work.pk, state=Work.State.RUNNING, lease_owner=owner).update(
        lease_until=_lease_end(work, now(), lease)
    )


def finish(work: Work, *, owner: str) -> None:
    """The work is done; LeaseLost, and nothing changed, if `owner` does not hold it any more."""
    held = Work.objects.filter(pk=work.pk, state=Work.State.RUNNING, lease_owner=owner)
    ended = {"state": Work.State.DONE, "finished_at": now(), "lease_until": None, "lease_owner": "", "last_error": ""}
    if not held.update(**ended):
        raise LeaseLost(f"{work} was taken by another worker")


def give_back(work: Work, error: Exception, *, owner: str) -> None:
    """The work waits for its next attempt, or is dead if this was the last one or it gave up itself."""
    at = now()
    with transaction.atomic():
        held = Work.objects.select_for_update().filter(pk=work.pk, state=Work.State.RUNNING, lease_owner=owner).first()
        if held is None:
            return
        said = "".join(traceback.format_exception(error))[-_LONGEST_ERROR:]
        if isinstance(error, GiveUp) or (held.max_attempts and held.attempts >= held.max_attempts):
            _bury(held, str(error) if isinstance(error, GiveUp) else said, at)
            return
        held.state, held.lease_until, held.lease_owner, held.last_error = Work.State.WAITING, None, "", said
        held.run_at = at + back_off(held.attempts, _random.random())
        held.save(update_fields=("state", "lease_until", "lease_owner", "last_error", "run_at"))


def _bury(work: Work, reason: str, at: datetime) -> None:
    """An earlier error is kept below the reason: it tells more."""
    work.last_error = f"{reason}\n{work.last_error}".strip()
    work.state, work.finished_at, work.lease_until, work.lease_owner = Work.State.DEAD, at, None, ""
    work.save(update_fields=("state", "finished_at", "lease_until", "lease_owner", "last_error"))


def let_go_of_the_dead() -> int:
    """What workers of this host held whose process has ended may be taken at once; how many pieces of work.

    To be called before this process holds any. One that lives after all, behind a wall between processes, finds its
    lease lost.
    """
    held = Work.objects.filter(state=Work.State.RUNNING, lease_owner__startswith=f"{_host()}:")
    owners = set(held.values_list("lease_owner", flat=True))
    ended = [owner for owner in owners if _has_ended(int(owner.split(":")[-2]))]
    return held.filter(lease_owner__in=ended).update(lease_until=now()) if ended else 0


def owner_of(number: str) -> str:
    """The name under which a worker of this process holds work; `number` tells it from the others in the process."""
    return f"{_host()}:{os.getpid()}:{number}"


def _host() -> str:
    return socket.gethostname()[:40]


def _has_ended(pid: int) -> bool:
    """A process with our own number that held work before we did had it before us."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return pid == os.getpid()


def beat(owner: str, *, started_at: datetime) -> None:
    """The worker `owner` is known to be alive now."""
    WorkerBeat.objects.update_or_create(worker=owner, defaults={"started_at": started_at, "beat_at": now()})
