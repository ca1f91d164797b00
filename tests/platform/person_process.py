"""A program of its own around messages, copies and erasures, for tests that kill it. Says as JSON what it found.

Usage: python -m tests.platform.person_process PORT, with the port of a push service on this machine.

Django is set up once; each worker is a fork of its own, which dies by SIGKILL, or works to the end and leaves.
"""

# ruff: noqa: E402 - Django must be set up before any model is imported

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simos.app.django_settings")

import django

django.setup()

from django.conf import settings
from django.db import transaction

from simos.hub.addresses import Reach
from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel
from simos.kernel.clock import now
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.events.models import EventRecord
from simos.platform.files.models import StoredFile
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.worker import Worker
from simos.platform.messages import actions as messages
from simos.platform.messages import delivering
from simos.platform.messages.models import Delivery, Message
from simos.platform.people.models import Account, Party
from simos.platform.privacy import erasing, exporting, telling
from simos.platform.privacy import jobs as of_privacy
from simos.platform.privacy.actions import ask_erasure, ask_export
from simos.platform.privacy.models import DataExport, Erasure
from simos.testing.leftovers import leftovers
from tests.platform.forking import die, ended, forked
from tests.platform.push_receiver import BrowserKeys, unpadded

SYSTEM = Actor.system("test")
NAME, EMAIL = "Brunhilda Žitnik", "brunhilda@example.si"


def prepare(port: str) -> None:
    """One person with a browser that shows push, three messages to be told of, and a copy that is asked for."""
    party = Party.objects.create(kind=Party.Kind.NATURAL, name=NAME, language="en", created_at=now())
    account = Account.objects.create_user(EMAIL, party=party)
    keys = BrowserKeys()
    messages.subscribe(
        account,
        endpoint=f"http://127.0.0.1:{port}/push",
        p256dh=unpadded(keys.point),
        auth=unpadded(keys.auth),
        browser="Firefox",
        reach=Reach(hosts=frozenset({"127.0.0.1"})),
        at=now(),
    )
    with transaction.atomic():
        for number in range(3):
            context = {"until": f"day {number}"}
            messages.send(
                FEDERATION, to=party, template="platform:data-ready", context=context, by=SYSTEM, at=now(),
                key=f"message {number}",
            )  # fmt: skip
    ask_export(party, language="en", by=_themselves(), at=now())


def _themselves() -> Actor:
    account = Account.objects.get()
    return Actor(account=str(account.pk), party=str(account.party_id), channel=Channel.WEB, assurance=Assurance.ACCOUNT)


def _dying(call: Callable[..., Any], *, after: bool, at_call: int = 1) -> Callable[..., Any]:
    """`call`, that kills this process before or after it does its work for the `at_call`th time."""
    calls = 0

    def doomed(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call and not after:
            die()
        done = call(*given, **named)
        if calls == at_call and after:
            die()
        return done

    return doomed


MOMENTS: dict[str, tuple[Any, str, bool, int]] = {
    "letter not sent": (delivering, "post", False, 1),
    "letter sent, not noted": (delivering, "_note", False, 1),
    "push sent, not noted": (delivering, "_note", False, 2),
    "a part gathered": (exporting, "held_in", True, 1),
    "copy written": (exporting, "keep_made", True, 1),
    "copy attached, not committed": (exporting, "attach", True, 1),
    "told of the copy, not committed": (exporting, "_tell", True, 1),
    "a part erased": (erasing, "_erase_step", True, 1),
    "erased, not committed": (erasing, "emit", True, 1),
    "last letter sent, not noted": (telling, "post", True, 1),
}
"""At which call of what the process dies, and whether after it."""
BEFORE = tuple(MOMENTS)[:7]
ERASING = tuple(MOMENTS)[7:]


def work(moment: str = "") -> None:
    """Works until nothing is left, or dies at the moment. What a dead worker held is free after the lease."""
    if moment:
        module, name, after, at_call = MOMENTS[moment]
        setattr(module, name, _dying(getattr(module, name), after=after, at_call=at_call))
    runners = {messages.KIND: delivering.runner, of_privacy.KIND: of_privacy.runner}
    worker = Worker(runners, lease=timedelta(milliseconds=300))
    worker.start()
    while Work.objects.filter(state__in=UNFINISHED, kind__in=runners).exists():
        time.sleep(0.02)
    worker.stop()


def killed_at(moments: Sequence[str]) -> None:
    """A worker dies at each of the moments in turn; the last one works to the end."""
    for moment in moments:
        died = ended(forked(partial(work, moment)))
        assert died == -signal.SIGKILL, f"the worker did not die when it had: {moment} ({died})"
    assert ended(forked(work)) == 0


def report() -> dict[str, object]:
    mails = [file.read_text() for file in sorted((settings.SIMOS.home / "mail").glob("*.log"))]
    ids = [line for text in mails for line in text.splitlines() if line.startswith("Message-ID")]
    return {
        "messages": Message.objects.count(),
        "deliveries": sorted(set(Delivery.objects.values_list("state", flat=True))),
        "letters": len(ids),
        "different letters": len(set(ids)),
        "copies": DataExport.objects.exclude(ended_at=None).count(),
        "files": StoredFile.objects.count(),
        "told of the copy": Message.objects.filter(key__startswith="export ").count(),
        "erased": AuditRecord.objects.filter(action="erase-person").count(),
        "events": EventRecord.objects.filter(key__endswith="PersonErased").count(),
        "addresses": [each for tell in Erasure.objects.values_list("tell", flat=True) for each in tell],
        "left": [each.table for each in leftovers(NAME, EMAIL)],
        "undeclared": [each.table for each in leftovers(str(Party.objects.get().pk)) if not each.kept],
        "faults": len(verify()),
    }


def main(port: str) -> None:
    prepare(port)
    killed_at(BEFORE)
    before = report()
    ask_erasure(Party.objects.get(), by=_themselves(), at=now())
    killed_at(ERASING)
    sys.stdout.write(json.dumps({"before": before, "after": report()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
