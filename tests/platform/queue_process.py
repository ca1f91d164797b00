"""A program of its own around the queue, whose workers are killed. It says as JSON what it found.

Usage: python -m tests.platform.queue_process (killed | overtake | floor)...

Django is set up once; each worker is a fork, which dies by SIGKILL, or works to the end and leaves.
"""

# ruff: noqa: E402 - Django must be set up before any model is imported

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simos.app.django_settings")

import django

django.setup()

from django.conf import settings
from django.db import connection, connections, transaction

from simos.hub.store.opening import open_store
from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.clock import EPOCH, now
from simos.kernel.events import Event
from simos.kernel.module import Level
from simos.kernel.registry import installed_modules
from simos.platform.audit.log import record
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.events import outbox
from simos.platform.events.reactions import Reaction
from simos.platform.events.runner import event_runner
from simos.platform.jobs import leases
from simos.platform.jobs import worker as worker_module
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.queries import last_beat
from simos.platform.jobs.schedule import INSIDE, OUTSIDE, Scheduled, enqueue_due, job_runners
from simos.platform.jobs.values import Job, Runner
from simos.platform.things.working import WorkerFloor
from tests.platform.forking import die, ended, forked

SYSTEM = Actor.system("test")
ROWS, KEYS = 40, 5
LEASE = timedelta(milliseconds=300)
MOMENTS = ("in the effect", "before the mark", "before the commit")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class LampBroke(Event):
    code: str
    part: int

    def subject(self) -> str:
        return self.code


class Doomed:
    """The moment of the work of a kind at which this process dies, when it has met `due` of them."""

    def __init__(self, kind: str = "", moment: str = "", due: int = 1) -> None:
        self.kind, self.moment, self.due = kind, moment, due

    def meets(self, kind: str) -> None:
        self.due -= kind == self.kind

    def dies(self, moment: str, kind: str) -> None:
        if (kind, moment) == (self.kind, self.moment) and self.due <= 0:
            die()


doomed = Doomed()


def effect(kind: str, name: str) -> None:
    """Two rows in the register, between which one may die."""
    doomed.meets(kind)
    for half in ("first", "second"):
        record("count", obj=("half", f"{name} {half}"), by=SYSTEM, scope=FEDERATION, at=now())
        doomed.dies("in the effect", kind)


def react(event: LampBroke, **_: object) -> None:
    effect(outbox.KIND, f"{event.code}.{event.part}")


def sweep(*_: object, **__: object) -> None:
    effect(INSIDE, "sweep")


def sweep_outside(*_: object, **__: object) -> None:
    """May be called twice, and is idempotent, as work in no transaction has to be."""
    with transaction.atomic():
        if AuditRecord.objects.filter(object_id="outside second").exists():
            doomed.meets(OUTSIDE)
        else:
            effect(OUTSIDE, "outside")


REACTIONS = (Reaction(installed_modules()["portal/home"].module, LampBroke, react),)
SCHEDULED = tuple(
    Scheduled(Job(name=handler.__name__, handler=handler, every=SECOND, deadline=HOUR, level=Level.FEDERATION, **more))
    for handler, more in ((sweep, {}), (sweep_outside, {"outside": True}))
)


RUNNERS: Mapping[str, Runner] = {
    "test": Runner(lambda work: effect("test", work.name)),
    outbox.KIND: event_runner(REACTIONS),
    **job_runners(SCHEDULED),
}


def put(name: str, order_key: str = "", **more: object) -> None:
    enqueue("test", name, scope=FEDERATION, by=SYSTEM, at=now(), order_key=order_key, max_attempts=0, **more)


def prepare() -> None:
    """Rows with and without an order, and events of three lamps."""
    with transaction.atomic():
        for number in range(ROWS):
            put(str(number), f"key {number % KEYS}" if number % 2 else "")
        for part in range(4):
            for lamp in "abc":
                event = LampBroke(code=lamp, part=part)
                outbox.emit(event, scope=FEDERATION, by=SYSTEM, at=now(), reactions=REACTIONS)


def work(kind: str = "", moment: str = "", due: int = 1) -> None:
    """Works until nothing is left, or dies at the `moment` of the work of the `kind` that is the `due`th it meets."""
    global doomed
    doomed = Doomed(kind, moment, due)

    def finish(work: Work, *, owner: str) -> None:
        doomed.dies("before the mark", work.kind)
        leases.finish(work, owner=owner)
        doomed.dies("before the commit", work.kind)

    worker_module.finish = finish
    worker = worker_module.Worker(RUNNERS, lease=LEASE)
    worker.start()
    while Work.objects.filter(state__in=UNFINISHED).exists():
        time.sleep(0.02)
    worker.stop()


def killed_at_each_moment(kind: str, due: int = 1) -> Iterator[str]:
    """A worker each dies there; yields those that did not."""
    for moment in MOMENTS:
        code = ended(forked(partial(work, kind, moment, due)))
        if code != -signal.SIGKILL:
            yield f"{kind} {moment}: {code}"


def killed() -> dict[str, object]:
    """Workers die with work of each kind in hand, and two work off the rest, side by side. Then one dies with work in
    hand whose deadline passes before another comes."""
    prepare()
    alive = [*killed_at_each_moment("test", 3), *killed_at_each_moment(outbox.KIND, 3)]
    for each, kind in zip(SCHEDULED, (INSIDE, OUTSIDE), strict=True):
        enqueue_due([each], at=now())
        alive += killed_at_each_moment(kind)
    left = [ended(child) for child in (forked(work), forked(work))]
    with transaction.atomic():
        put("late", deadline_at=now() + HOUR)
    alive += [] if ended(forked(partial(work, "test", MOMENTS[0]))) == -signal.SIGKILL else ["late"]
    Work.objects.filter(name="late").update(deadline_at=now())
    left.append(ended(forked(work)))
    return {
        "alive": alive,
        "left": left,
        "effects": list(AuditRecord.objects.order_by("seq").values_list("object_id", flat=True)),
        "states": sorted(Work.objects.exclude(name="late").values_list("state", flat=True).distinct().order_by()),
        "late": Work.objects.get(name="late").state,
        "jobs": sorted(Work.objects.filter(kind__in=(INSIDE, OUTSIDE)).values_list("name", "attempts")),
        "faults": len(verify()),
    }


def overtake() -> dict[str, object]:
    """A slow transaction takes its place in a key's order; a fast one that came later must not be numbered before it
    commits. Says in which order the two committed, and what the queue's order is."""
    committed: list[str] = []

    def fast() -> None:
        with transaction.atomic():
            put("2", "the key")
        committed.append("2")
        connections.close_all()

    other = threading.Thread(target=fast)
    with transaction.atomic():
        put("1", "the key")
        other.start()
        while other.is_alive() and not _somebody_waits():
            time.sleep(0.01)
        if not committed:
            committed.append("1")
    other.join()
    ours = Work.objects.filter(order_key="the key").order_by("id")
    return {"committed": committed, "queued": list(ours.values_list("name", flat=True))}


def floor() -> dict[str, object]:
    """The worker's whole floor starts, schedules, and ends with every thread of its own."""
    store = open_store(settings.SIMOS.hub_url)
    store.migrate()
    before, began = set(threading.enumerate()), now()
    whole = WorkerFloor(installed_modules(), store.reader, threads=2)
    whole.start()
    while (last_beat() or EPOCH) < began or not Work.objects.filter(name="platform:prune").exists():
        time.sleep(0.02)
    whole.stop()
    rows = Work.objects.filter(name="platform:prune").count()
    store.close()
    return {"left": [thread.name for thread in threading.enumerate() if thread not in before], "rows": rows}


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


def main(asked: Sequence[str]) -> None:
    """`overtake` says nothing of SQLite, which has one writer at a time."""
    found = {}
    for each in asked:
        if each != "overtake" or connection.vendor == "postgresql":
            found[each] = {"killed": killed, "overtake": overtake, "floor": floor}[each]()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
