"""Tasks of libraries go through the work queue: after the commit, as who caused them, with dead letters."""

import pytest
from django.db import transaction
from django_tasks import task

from simos.app import django_office
from simos.kernel.acting import FEDERATION
from simos.platform.jobs import tasks
from simos.platform.jobs.models import Work
from simos.platform.jobs.tasks import QueueBackend
from simos.platform.scopes.acting import current
from simos.testing.acting import in_city, officer
from simos.testing.work import run_all

done: list[tuple[str, str]] = []


@task()
def note(word: str) -> None:
    done.append((word, str(current().scope)))


@task()
def fail() -> None:
    raise RuntimeError("it does not work")


@pytest.fixture(autouse=True)
def _nothing_done(transactional_db: None) -> None:
    done.clear()


def put(each: object, *args: object) -> None:
    QueueBackend("default", {}).enqueue(each, args, {})  # type: ignore[arg-type]


def test_a_task_runs_in_a_worker_as_who_caused_it_where_it_was_caused() -> None:
    with in_city("celje", officer(FEDERATION)):
        put(note, "živjo")
    assert done == []
    assert Work.objects.get(kind="task").scope == "city:celje"
    run_all({tasks.KIND: tasks.runner})
    assert done == [("živjo", "city:celje")]


def test_what_is_rolled_back_never_runs() -> None:
    with transaction.atomic():
        put(note, "nikoli")
        transaction.set_rollback(True)
    run_all({tasks.KIND: tasks.runner})
    assert done == []


def test_nobody_acting_is_the_platform_itself() -> None:
    put(note, "samo")
    run_all({tasks.KIND: tasks.runner})
    assert done == [("samo", "federation")]


def test_a_task_that_is_gone_is_a_dead_letter_and_one_that_fails_is_tried_again() -> None:
    put(note, "x")
    Work.objects.update(payload={"task": "simos.platform.jobs.values.GiveUp", "args": [], "kwargs": {}})
    put(fail)
    run_all({tasks.KIND: tasks.runner})
    states = dict(Work.objects.values_list("payload__task", "state"))
    assert states["simos.platform.jobs.values.GiveUp"] == "dead"
    assert states[fail.module_path] == "waiting"


def test_the_product_sends_wagtails_tasks_here() -> None:
    backend = django_office.TASKS["default"]["BACKEND"]
    assert backend == f"{QueueBackend.__module__}.{QueueBackend.__name__}"
