"""What was given up is shown at the desk, tried again by its button, and has its effect once: an event, and a job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from simos.kernel.clock import FrozenClock, clock_set_to, now
from simos.kernel.events import Event
from simos.kernel.registry import installed_modules
from simos.platform.audit.models import AuditRecord
from simos.platform.events.outbox import emit
from simos.platform.events.reactions import Reaction
from simos.platform.events.runner import event_runner
from simos.platform.jobs.models import Work
from simos.platform.jobs.schedule import Scheduled, enqueue_due, job_runners
from simos.platform.jobs.values import GiveUp, Job, Runner
from simos.platform.jobs.worker import Worker
from simos.platform.people.models import Party
from simos.testing.acting import SYSTEM
from tests.office.conftest import CELJE, Content, signed

PARKING = "mobility/parking"
HOUR = timedelta(hours=1)
Runners = Mapping[str, Runner]


@dataclass(frozen=True, kw_only=True)
class LampBroke(Event):
    code: str


class Doing:
    """An effect in the register that fails until it is mended."""

    broken = True

    def mend_lamp(self, *what: object, **where: object) -> None:
        Party.objects.create(kind=Party.Kind.UNIT, name="effect")
        if self.broken:
            raise GiveUp("no paper in the printer")


def by_event(doing: Doing) -> Runners:
    module = installed_modules()[PARKING].module
    to = [Reaction(module, LampBroke, doing.mend_lamp)]
    with transaction.atomic():
        emit(LampBroke(code="lamp-7"), scope=CELJE, by=SYSTEM, at=now(), reactions=to)
    return {"event": event_runner(to)}


def by_job(doing: Doing) -> Runners:
    scheduled = [Scheduled(Job(name="mend-lamps", handler=doing.mend_lamp, every=HOUR, deadline=HOUR), PARKING)]
    enqueue_due(scheduled, at=now())
    Work.objects.exclude(scope=str(CELJE)).delete()
    return job_runners(scheduled)


def work_off(runners: Runners) -> int:
    """How many attempts it took until nothing may run an hour from now, which is past every job's time."""
    with clock_set_to(FrozenClock(now() + HOUR)):
        worker = Worker(runners)
        return sum(1 for _ in iter(worker.run_once, False))


@pytest.mark.parametrize(
    ("queue", "name"), [(by_event, f"{__name__}.Doing.mend_lamp"), (by_job, f"{PARKING}:mend-lamps")]
)
def test_it_is_restarted_by_the_button_and_has_its_effect_once(
    cities: dict[str, Content], queue: Callable[[Doing], Runners], name: str
) -> None:
    chief, doing = signed((CELJE, "city-administrator")), Doing()
    runners = queue(doing)
    assert work_off(runners) == 1
    assert not Party.objects.filter(name="effect").exists()
    shown = chief.client.get("/office/platform-work/").content.decode()
    (given_up,) = Work.objects.filter(state=Work.State.DEAD)
    button = f"/office/platform-work/{given_up.pk}/restart/"
    for said in (name, "no paper in the printer", button):
        assert said in shown

    doing.broken = False
    for _ in range(2):  # the second click finds it waiting already
        assert chief.client.post(button).status_code == 302
    assert work_off(runners) == 1
    assert chief.client.post(button).status_code == 302
    assert work_off(runners) == 0
    assert Party.objects.filter(name="effect").count() == 1
    assert button not in chief.client.get("/office/platform-work/").content.decode()
    assert AuditRecord.objects.filter(scope=str(CELJE), action="restart-work").count() == 1
