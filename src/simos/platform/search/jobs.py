"""Scheduled work of this app: the whole index anew each night."""

from datetime import datetime, timedelta

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import Level
from simos.platform.jobs.values import Job
from simos.platform.search.actions import rebuild_all


def _rebuild(scope: Scope, *, by: Actor, at: datetime) -> None:
    rebuild_all(by=by, at=at)


DAY = timedelta(days=1)
jobs = (Job(name="rebuild-search", handler=_rebuild, every=DAY, deadline=DAY, level=Level.FEDERATION, outside=True),)
