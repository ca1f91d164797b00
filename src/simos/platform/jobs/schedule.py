"""Scheduled jobs: which there are, in which scopes, and the runner that calls them. The queue does the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor, Scope, ScopeKind
from simos.kernel.clock import now
from simos.kernel.module import Level
from simos.kernel.registry import Registry
from simos.platform.jobs.actions import enqueue, prune
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.rules import next_run
from simos.platform.jobs.values import GiveUp, Job, Runner
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import cities_with, city_of, is_on, now_in

INSIDE, OUTSIDE = "job", "outside-job"
"""Kinds of work: a job in the queue's transaction, and one in none."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job and the module that it belongs to; none: the platform's own."""

    job: Job
    module: str = ""

    @property
    def name(self) -> str:
        return f"{self.module or 'platform'}:{self.job.name}"

    def scopes(self) -> Sequence[Scope]:
        """Where it runs: in the federation, or in each city where its module is on."""
        if self.job.level is Level.FEDERATION:
            return (FEDERATION,)
        return [city.scope for city in cities_with(self.module)]


def _prune(scope: Scope, *, by: Actor, at: datetime) -> None:
    prune(at=at)


OWN = Scheduled(
    Job(name="prune", handler=_prune, every=timedelta(hours=1), deadline=timedelta(hours=1), level=Level.FEDERATION)
)


def scheduled_in(registry: Registry, own: Iterable[Job] = ()) -> tuple[Scheduled, ...]:
    """The jobs of the installed modules, and the platform's: this floor's, and `own` from the floors above it."""
    found = [Scheduled(job, module.name) for module, jobs in registry.exports("jobs") for job in jobs]
    return (OWN, *(Scheduled(job) for job in own), *found)


def enqueue_due(scheduled: Iterable[Scheduled], *, at: datetime) -> int:
    """Each job has one run in the queue in each of its scopes; how many were added. Several workers may call it."""
    unfinished = Work.objects.filter(kind__in=(INSIDE, OUTSIDE), state__in=UNFINISHED)
    there = set(unfinished.values_list("dedupe_key", flat=True))
    missing = [
        (each, scope, key)
        for each in scheduled
        for scope in each.scopes()
        if (key := f"{INSIDE}:{each.name}:{scope}") not in there
    ]
    for each, scope, key in missing:
        run_at = next_run(each.job.every, at)
        with transaction.atomic():
            enqueue(
                OUTSIDE if each.job.outside else INSIDE,
                each.name,
                scope=scope,
                by=Actor.system(each.name),
                at=at,
                run_at=run_at,
                deadline_at=run_at + each.job.deadline,
                dedupe_key=key,
            )
    return len(missing)


def job_runners(scheduled: Iterable[Scheduled]) -> Mapping[str, Runner]:
    """Runners for both kinds of jobs. A handler is told its scope's present: that of a replay where one is running."""
    by_name = {each.name: each for each in scheduled}

    def run(work: Work) -> None:
        if (each := by_name.get(work.name)) is None:
            raise GiveUp(f"no installed module has a job {work.name!r}")
        scope, by = work.where, work.by
        if scope.kind is ScopeKind.CITY and not is_on(scope.code, each.module):
            return  # it was switched off since
        at = now_in(city_of(scope.code)) if scope.kind is ScopeKind.CITY else now()
        with acting(by, scope):
            each.job.handler(scope, by=by, at=at)

    return {INSIDE: Runner(run), OUTSIDE: Runner(run, outside=True)}
