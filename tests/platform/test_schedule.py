"""Scheduled jobs run in their scopes, on time, once; and the rules of pauses and times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import EPOCH, FrozenClock, clock_set_to, now
from simos.kernel.module import Level
from simos.platform.audit.transactions import in_transaction
from simos.platform.jobs import worker as worker_module
from simos.platform.jobs.queries import dead_letters, last_beat
from simos.platform.jobs.rules import FIRST_PAUSE, LONGEST_PAUSE, back_off, next_run
from simos.platform.jobs.schedule import Scheduled, enqueue_due, job_runners
from simos.platform.jobs.values import Job
from simos.platform.jobs.worker import Worker
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import CityModule

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEAR_1971, YEAR_2100 = datetime(1971, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 hypothesis adds the time zone
CELJE = Scope.city("celje")
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


def later(**delta: float):
    return clock_set_to(FrozenClock(AT + timedelta(**delta)))


def scheduled(handler, **more) -> Scheduled:
    hour = timedelta(hours=1)
    return Scheduled(
        Job(**({"name": "sweep", "handler": handler, "every": hour, "deadline": hour} | more)), "city/sweep"
    )


def switch_on(*codes: str) -> None:
    for code in codes:
        CityModule.objects.create(city_id=code, module="city/sweep", switched_on_at=AT, switched_on_by={})


def run_jobs(each: Scheduled) -> None:
    worker = Worker(job_runners([each]))
    while worker.run_once():
        pass


@database
def test_a_job_runs_in_each_city_where_its_module_is_on():
    seen = []
    sweep = scheduled(lambda scope, *, by, at: seen.append((str(scope), current().scope, by.program, at)))
    switch_on("celje", "koper")
    assert enqueue_due([sweep], at=AT) == 2
    assert enqueue_due([sweep], at=AT) == 0
    with later(minutes=59):
        run_jobs(sweep)
    assert seen == []
    with later(hours=1):
        CityModule.objects.filter(city="koper").delete()
        run_jobs(sweep)
        assert seen == [("city:celje", CELJE, "city/sweep:sweep", AT + timedelta(hours=1))]
        assert enqueue_due([sweep], at=now()) == 1


@database
def test_a_job_of_the_federation_runs_once_there():
    seen = []
    sweep = scheduled(lambda scope, *, by, at: seen.append(scope), level=Level.FEDERATION)
    enqueue_due([sweep], at=AT)
    with later(hours=1):
        run_jobs(sweep)
    assert seen == [FEDERATION]


@database
def test_a_job_is_told_the_time_of_its_city():
    seen, shown = [], datetime(2025, 9, 1, tzinfo=UTC)
    switch_on("celje")
    city = CityModule.objects.get().city
    city.clock_real_at, city.clock_shown_at, city.clock_speed = AT, shown, 1
    city.save()
    sweep = scheduled(lambda scope, *, by, at: seen.append(at))
    enqueue_due([sweep], at=AT)
    with later(hours=1):
        run_jobs(sweep)
    assert seen == [shown + timedelta(hours=1)]


@database
def test_a_job_that_missed_its_deadline_is_kept_and_the_next_run_comes():
    switch_on("celje")
    sweep = scheduled(lambda scope, *, by, at: None)
    enqueue_due([sweep], at=AT)
    with later(days=1):
        run_jobs(sweep)
        assert dead_letters().count() == 1
        assert enqueue_due([sweep], at=now()) == 1


@database
def test_an_outside_job_has_no_transaction():
    seen = []
    switch_on("celje")
    sweep = scheduled(lambda scope, *, by, at: seen.append(in_transaction()), outside=True)
    enqueue_due([sweep], at=AT)
    with later(hours=1):
        run_jobs(sweep)
    assert seen == [False]


@database
def test_a_job_of_a_module_that_is_gone_gives_up(caplog):
    switch_on("celje")
    enqueue_due([scheduled(print)], at=AT)
    with later(hours=1):
        Worker(job_runners([])).run_once()
    assert "city/sweep:sweep" in dead_letters().get().last_error


def test_a_job_has_a_period_and_a_deadline():
    with pytest.raises(ValueError, match="sweep"):
        scheduled(print, every=timedelta())


@database
def test_a_worker_says_that_it_lives():
    assert last_beat() is None
    worker_module.beat("one", started_at=AT)
    with later(seconds=5):
        worker_module.beat("one", started_at=AT)
    assert last_beat() == AT + timedelta(seconds=5)


jitters = st.floats(0, 1)


@given(st.integers(1, 10_000), jitters)
def test_pauses_stay_within_bounds(attempts, jitter):
    assert FIRST_PAUSE / 2 <= back_off(attempts, jitter) <= LONGEST_PAUSE


@given(st.integers(1, 60), jitters, jitters)
def test_a_later_pause_is_never_shorter_than_half_of_an_earlier(attempts, one, other):
    assert back_off(attempts + 1, one) >= back_off(attempts, other) / 2
    assert back_off(attempts + 1, one) >= back_off(attempts, one)


@given(
    st.timedeltas(timedelta(seconds=1), timedelta(days=400)),
    st.datetimes(YEAR_1971, YEAR_2100, timezones=st.just(UTC)),
)
def test_the_next_run_is_the_first_multiple_after_now(every, after):
    found = next_run(every, after)
    assert after < found <= after + every
    assert (found - EPOCH) % every == timedelta()
    assert next_run(every, found) == found + every
