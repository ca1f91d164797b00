"""Scheduled work of this app: forgetting answers that nobody may ask for again."""

from datetime import datetime, timedelta

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import Level
from simos.platform.jobs.values import Job
from simos.platform.procedure.idempotency import forget_answers


def _forget(scope: Scope, *, by: Actor, at: datetime) -> None:
    forget_answers(at=at)


HOUR = timedelta(hours=1)
jobs = (Job(name="forget-answers", handler=_forget, every=HOUR, deadline=HOUR, level=Level.FEDERATION),)
