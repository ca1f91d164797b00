"""Tasks of libraries (Wagtail's index updates, thumbnails, files to delete) in our own queue, by django-tasks' door.

Knows no task by name. What a library puts in runs once its transaction has committed, is tried again, and is seen on
the desk of background work like everything else.
"""

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import normalize_json

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import now
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import GiveUp, Runner
from simos.platform.scopes.acting import acting, current
from simos.platform.scopes.errors import NobodyActs

KIND = "task"


class QueueBackend(BaseTaskBackend):
    """Puts a task into the work queue, by the actor and in the scope in force; by the platform where nobody acts."""

    supports_defer = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        actor, scope = _whose()
        payload = {"task": task.module_path, "args": normalize_json(list(args)), "kwargs": normalize_json(dict(kwargs))}
        with transaction.atomic():
            work = enqueue(
                KIND, task.module_path[-300:], scope=scope, by=actor, at=now(), payload=payload, run_at=task.run_after
            )
        return TaskResult(
            task=task,
            id=str(work.pk),
            status=TaskResultStatus.READY,
            enqueued_at=work.created_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=payload["args"],
            kwargs=payload["kwargs"],
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _whose() -> tuple[Actor, Scope]:
    try:
        found = current()
    except NobodyActs:
        return Actor.system("task"), FEDERATION
    return found.actor, found.scope


def _run(work: Work) -> None:
    try:
        task = import_string(work.payload["task"])
    except ImportError as error:
        raise GiveUp(f"no installed package has the task {work.payload['task']}") from error
    if not isinstance(task, Task) or task.takes_context:
        raise GiveUp(f"{work.payload['task']} is no task that this queue runs")
    with acting(work.by, work.where):
        task.call(*work.payload["args"], **work.payload["kwargs"])


runner = Runner(_run)
