"""Work of this part: copies and erasures that people asked for, and what ends by itself each night."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.kernel.clock import now
from simos.kernel.module import Level
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import GiveUp, Job, Runner
from simos.platform.privacy.actions import ERASE, EXPORT, KIND, TELL
from simos.platform.privacy.erasing import erase
from simos.platform.privacy.exporting import export
from simos.platform.privacy.parts import in_step, steps
from simos.platform.privacy.telling import tell
from simos.platform.scopes.queries import city_of, now_in

__all__ = ("KIND", "jobs", "runner")
log = logging.getLogger(__name__)
_DOES = {EXPORT: export, ERASE: erase, TELL: tell}


def run(work: Work) -> None:
    """The copy or the erasure that is asked for is done, or goes on where it was; whom we erased is told."""
    if (does := _DOES.get(work.name)) is None:
        raise GiveUp(f"nobody knows how to {work.name!r} a person's data")
    does(work.payload["task"])


runner = Runner(run, outside=True)


def end_what_is_past(scope: Scope, *, by: Actor, at: datetime) -> None:
    """In every part and scope what is past its time is gone. One part that fails does not keep the others from it."""
    failed = []
    for step in steps():
        there = now_in(city_of(step.scope.code)) if step.scope.kind is ScopeKind.CITY else now()
        try:
            with transaction.atomic(), in_step(step, by) as privacy:
                if ended := privacy.retention(step.scope, by=by, at=there):
                    log.info("%s rows past their time are gone", ended, extra={"part": str(step)})
        except Exception:  # whatever goes wrong in one part
            log.exception("what is past its time stays: %s", step)
            failed.append(str(step))
    if failed:
        raise RuntimeError(f"what is past its time could not be ended in: {', '.join(failed)}")


DAY = timedelta(days=1)
jobs = (
    Job(
        name="end-personal-data",
        handler=end_what_is_past,
        every=DAY,
        deadline=DAY,
        level=Level.FEDERATION,
        outside=True,
    ),
)
