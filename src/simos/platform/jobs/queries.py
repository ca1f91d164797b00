"""How the queue stands: for health, metrics and the desk of dead letters. Changes nothing."""

from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet

from simos.platform.jobs.models import Work, WorkerBeat


def dead_letters() -> QuerySet[Work]:
    """Work that was given up, the newest first."""
    return Work.objects.filter(state=Work.State.DEAD).order_by("-finished_at", "-id")


def counts() -> dict[str, int]:
    """How many rows there are in each state."""
    found = dict(Work.objects.values_list("state").annotate(n=Count("id")).order_by())
    return {state: found.get(state, 0) for state in Work.State.values}


def oldest_due(at: datetime) -> datetime | None:
    """Since when the longest waiting work has been due at `at`; None if nothing is."""
    due = Work.objects.filter(state=Work.State.WAITING, run_at__lte=at)
    first: datetime | None = due.aggregate(first=Min("run_at"))["first"]
    return first


def last_beat() -> datetime | None:
    """When a worker was last known to be alive; None: never."""
    last: datetime | None = WorkerBeat.objects.aggregate(last=Max("beat_at"))["last"]
    return last
