"""A program of its own around the queue, for tests that kill it. It says on standard output, as JSON, what it did.

Usage: python -m tests.platform.queue_process (prepare ROWS | work [MOMENT ROW] | report | overtake | floor)
"""

# ruff: noqa: E402 - Django must be set up before any model is imported

import json
import os
import signal
import sys
import threading
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simos.app.django_settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from simos.hub.store.opening import open_store
from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.clock import now
from simos.kernel.registry import installed_modules
from simos.platform.audit.log import record
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.jobs import leases
from simos.platform.jobs import worker as worker_module
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.queries import last_beat
from simos.platform.jobs.values import Runner
from simos.platform.things.working import WorkerFloor

SYSTEM = Actor.system("test")
KEYS = 5


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def put(number: int, order_key: str) -> None:
    enqueue("test", str(number), scope=FEDERATION, by=SYSTEM, at=now(), order_key=order_key, max_attempts=0)


def prepare(rows: str) -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        for number in range(int(rows)):
            put(number, f"key {number % KEYS}" if number % 2 else "")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(moment: str = "", doomed: str = "") -> None:
    """Works until nothing is left; dies at the `moment` of the row named `doomed`."""

    def count(work: Work) -> None:
        for half in ("first", "second"):
            record("count", obj=("half", f"{work.name} {half}"), by=SYSTEM, scope=FEDERATION, at=now())
            if moment == "in the effect" and work.name == doomed:
                die()

    def finish(work: Work, *, owner: str) -> None:
        if moment == "before the mark" and work.name == doomed:
            die()
        leases.finish(work, owner=owner)
        if moment == "before the commit" and work.name == doomed:
            die()

    worker_module.finish = finish
    worker = worker_module.Worker({"test": Runner(count)}, lease=timedelta(seconds=1))
    worker.start()
    while Work.objects.filter(state__in=UNFINISHED).exists():
        time.sleep(0.02)
    worker.stop()


def report() -> None:
    done = list(AuditRecord.objects.order_by("seq").values_list("object_id", flat=True))
    say(done=done, faults=len(verify()), states=sorted(set(Work.objects.values_list("state", flat=True))))


def overtake() -> None:
    """A slow transaction takes its place in a key's order; a fast one that came later must not be numbered before it
    commits. Says in which order the two committed, and what the queue's order is."""
    committed: list[str] = []

    def fast() -> None:
        with transaction.atomic():
            put(2, "the key")
        committed.append("2")
        connections.close_all()

    other = threading.Thread(target=fast)
    with transaction.atomic():
        put(1, "the key")
        other.start()
        while other.is_alive() and not _somebody_waits():
            time.sleep(0.01)
        if not committed:
            committed.append("1")
    other.join()
    say(committed=committed, queued=list(Work.objects.order_by("id").values_list("name", flat=True)))


def floor() -> None:
    """The worker's whole floor starts, schedules, and ends with every thread of its own."""
    store = open_store(settings.SIMOS.hub_url)
    store.migrate()
    before = set(threading.enumerate())
    whole = WorkerFloor(installed_modules(), store.reader, threads=2)
    whole.start()
    while last_beat() is None or not Work.objects.filter(name="platform:prune").exists():
        time.sleep(0.02)
    whole.stop()
    rows = Work.objects.filter(name="platform:prune").count()
    say(left=[thread.name for thread in threading.enumerate() if thread not in before], rows=rows)
    store.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


if __name__ == "__main__":
    commands = {"prepare": prepare, "work": work, "report": report, "overtake": overtake, "floor": floor}
    commands[sys.argv[1]](*sys.argv[2:])
