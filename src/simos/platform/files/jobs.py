"""Scheduled work of this app: files whose time is over, and contents that belong to none."""

from datetime import datetime, timedelta

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import Level
from simos.platform.files.actions import clear_unused, remove_expired
from simos.platform.jobs.values import Job


def _clear(scope: Scope, *, by: Actor, at: datetime) -> None:
    remove_expired(by=by, at=at)
    clear_unused(at=at)


HOUR = timedelta(hours=1)
jobs = (Job(name="clear-files", handler=_clear, every=HOUR, deadline=HOUR, level=Level.FEDERATION, outside=True),)
