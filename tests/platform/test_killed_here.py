"""What a worker held that was killed on this machine need not wait for its lease to end."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.clock import now
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.leases import claim, finish, let_go_of_the_dead, owner_of

LEASE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _some_work(transactional_db):
    with transaction.atomic():
        enqueue("test", "held", scope=FEDERATION, by=Actor.system("test"), at=now())


def held_by(pid):
    return claim(["test"], owner=owner_of("former").replace(f":{os.getpid()}:", f":{pid}:"), lease=LEASE)


def ended_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


@pytest.mark.parametrize("whose", [ended_pid, os.getpid], ids=["ended", "our own, before us"])
def test_work_of_the_dead_is_taken_at_once(whose):
    held_by(whose())
    assert claim(["test"], owner=owner_of("new"), lease=LEASE) is None
    assert let_go_of_the_dead() == 1
    taken = claim(["test"], owner=owner_of("new"), lease=LEASE)
    assert taken.attempts == 2
    finish(taken, owner=owner_of("new"))


@pytest.mark.parametrize(
    "owner", [owner_of("living").replace(f":{os.getpid()}:", f":{os.getppid()}:"), f"elsewhere:{ended_pid()}:one"]
)
def test_work_of_the_living_and_of_other_machines_is_left(owner):
    claim(["test"], owner=owner, lease=LEASE)
    assert let_go_of_the_dead() == 0
    assert claim(["test"], owner=owner_of("new"), lease=LEASE) is None
