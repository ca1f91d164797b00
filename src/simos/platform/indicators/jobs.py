"""Scheduled work of this app: what can be measured is measured, every hour."""

from datetime import datetime, timedelta

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import Level
from simos.platform.indicators.actions import measure_all
from simos.platform.jobs.values import Job


def _measure(scope: Scope, *, by: Actor, at: datetime) -> None:
    measure_all(by=by, at=at)


HOUR = timedelta(hours=1)
jobs = (
    Job(name="measure-indicators", handler=_measure, every=HOUR, deadline=HOUR, level=Level.FEDERATION, outside=True),
)
