"""A program of its own around numbers, kept answers and files, for tests of threads and kills on both databases.

Usage: python -m tests.platform.procedure_process. It says on standard output, as JSON, what it found. Django is set up
once; who is to die is a fork.
"""

# ruff: noqa: E402 - Django must be set up before any model is imported

import json
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simos.app.django_settings")

import django

django.setup()

from django.db import connection, connections, transaction

from simos.kernel.acting import Actor, Scope
from simos.platform.files.actions import attach, clear_unused
from simos.platform.files.disk import path_of
from simos.platform.files.kinds import TXT
from simos.platform.files.models import StoredFile
from simos.platform.files.receiving import receive
from simos.platform.files.values import Owner, Purpose
from simos.platform.people.models import Party
from simos.platform.procedure.idempotency import Answer, answered_once, request_key
from simos.platform.procedure.models import KeptAnswer
from simos.platform.procedure.numbers import next_number
from tests.platform.forking import die, ended, forked

SYSTEM = Actor.system("test")
CELJE = Scope.city("celje")
MOMENTS = ("in the effect", "before the commit", "before the reply")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Undone(Exception):
    """An action that fails after it has taken its number."""


def in_threads(count: int, run) -> None:
    """`run(n)` for n below `count`, at once; an exception of one ends the program with a fault."""
    faults = []
    start = threading.Barrier(count)

    def go(n: int) -> None:
        try:
            start.wait()
            run(n)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if faults:
        raise faults[0]


def numbers(threads: int, each: int) -> list[int]:
    """Each thread takes so many numbers; every third action fails. Those that were taken."""
    taken: list[int] = []

    def take(n: int) -> None:
        for turn in range(each):
            try:
                with transaction.atomic():
                    reference = next_number(CELJE, "354", at=AT)
                    if (n + turn) % 3 == 0:
                        raise Undone
            except Undone:
                continue
            taken.append(reference.number)

    in_threads(threads, take)
    return sorted(taken)


def key_of(text: str):
    return request_key(text, scope=CELJE, by=SYSTEM, route="POST /permits")


def effect_of(key: str) -> Answer:
    made = Party.objects.create(kind=Party.Kind.UNIT, name=key)
    return Answer(201, str(made.pk).encode(), {"Location": f"/{made.pk}"})


def answers(threads: int, key: str) -> dict[str, object]:
    """The same request from so many threads at once, and once more."""
    given: list[Answer] = []

    def send(_: int) -> None:
        given.append(answered_once(key_of(key), "digest", lambda: effect_of(key), at=AT))

    in_threads(threads, send)
    bodies = sorted({each.body.decode() for each in given})
    return {"bodies": bodies, "again": sum(each.again for each in given), "afterwards": asked_again(key)}


def killed(key: str, moment: str) -> dict[str, object]:
    """The process of a request dies `in the effect`, `before the commit` (the answer is written by then) or `before the
    reply`; the request is sent once more."""
    code = ended(forked(partial(answer_and_die, key, moment)))
    return {"died": code == -signal.SIGKILL, "afterwards": asked_again(key)}


def answer_and_die(key: str, moment: str) -> None:
    def make() -> Answer:
        made = effect_of(key)
        if moment == "in the effect":
            die()
        return made

    def save(row: KeptAnswer, **kwargs: object) -> None:
        super(KeptAnswer, row).save(**kwargs)
        if moment == "before the commit" and kwargs.get("update_fields"):
            die()

    KeptAnswer.save = save  # type: ignore[method-assign]
    answered_once(key_of(key), "digest", make, at=AT)
    die()


def asked_again(key: str) -> dict[str, object]:
    """The request is sent once more."""
    given = answered_once(key_of(key), "digest", lambda: effect_of(key), at=AT)
    found = Party.objects.filter(name=key).values_list("pk", flat=True)
    effects = [str(each) for each in found]
    return {"effects": effects, "body": given.body.decode(), "status": given.status, "again": given.again}


def clear_unused_meanwhile() -> dict[str, object]:
    """What belongs to nothing is cleared away while an action attaches an old content and has not committed."""
    later = AT + timedelta(days=1)
    purpose = Purpose(name="test", kinds=(TXT,), most_bytes=100)
    received = receive([b"words"], name="x.txt", purpose=purpose, at=AT)
    cleared: list[int] = []

    def clear() -> None:
        cleared.append(clear_unused(at=later))
        connections.close_all()

    other = threading.Thread(target=clear)
    with transaction.atomic():
        attach(CELJE, received, owner=Owner("test", "1"), by=SYSTEM, at=later)
        other.start()
        while other.is_alive() and not _somebody_waits():
            time.sleep(0.01)
    other.join()
    return {"cleared": cleared, "there": path_of(received.sha256).is_file(), "files": StoredFile.objects.count()}


def _somebody_waits() -> bool:
    if connection.vendor != "postgresql":
        return True  # whoever wants to write does, from its first statement to the end of our transaction
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def main() -> None:
    key = "8e03978e-40d5-43dd-bc93-6894a57f9324"
    found = {
        "numbers": numbers(4, 12),
        "answers": answers(4, key),
        "killed": {moment: killed(moment.replace(" ", "-") + key, moment) for moment in MOMENTS},
        "clearing": clear_unused_meanwhile(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
