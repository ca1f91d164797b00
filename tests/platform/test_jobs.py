"""The work queue: what is put in runs, in order, once; what fails is tried again, then kept to be looked at."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to, now
from simos.kernel.errors import Conflict, Forbidden, NotFound
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.transactions import OutsideTransaction, in_transaction
from simos.platform.jobs import worker as worker_module
from simos.platform.jobs.actions import enqueue, prune, restart
from simos.platform.jobs.leases import LeaseLost, claim, extend, finish, give_back
from simos.platform.jobs.models import Work
from simos.platform.jobs.queries import counts, dead_letters, oldest_due
from simos.platform.jobs.rules import FIRST_PAUSE
from simos.platform.jobs.values import GiveUp, Runner
from simos.platform.jobs.worker import Worker
from simos.platform.people.models import Party
from simos.testing.acting import SYSTEM, officer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
LEASE = timedelta(seconds=30)
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


def later(**delta: float):
    return clock_set_to(FrozenClock(AT + timedelta(**delta)))


def put(name: str = "count", **more) -> Work:
    with transaction.atomic():
        return enqueue("test", name, scope=CELJE, by=SYSTEM, at=now(), **more)


def write_down(work: Work) -> None:
    """An effect in the register."""
    Party.objects.create(kind=Party.Kind.UNIT, name=work.name)


def written() -> list[str]:
    return list(Party.objects.order_by("created_at", "name").values_list("name", flat=True))


def run_all(run, *, outside: bool = False) -> int:
    """Runs what may run just now; how many attempts that took."""
    worker = Worker({"test": Runner(run, outside=outside)})
    attempts = 0
    while worker.run_once():
        attempts += 1
    return attempts


@database
def test_work_is_put_in_by_a_transaction_or_not_at_all():
    with pytest.raises(OutsideTransaction):
        enqueue("test", "x", scope=CELJE, by=SYSTEM, at=AT)

    @transaction.atomic
    def failing_action():
        enqueue("test", "x", scope=CELJE, by=SYSTEM, at=AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_action()
    assert not Work.objects.exists()


@database
def test_work_runs_once_with_what_it_was_given():
    actor = Actor(account="7", channel="web", on_behalf_of="8")
    with transaction.atomic():
        enqueue("test", "count", scope=CELJE, by=actor, at=AT, payload={"n": 1, "word": "čaj"}, version=3)
    seen = []
    assert run_all(lambda work: seen.append((work.by, work.where, work.payload, work.version))) == 1
    assert seen == [(actor, CELJE, {"n": 1, "word": "čaj"}, 3)]
    assert counts() == {"waiting": 0, "running": 0, "done": 1, "dead": 0}


@database
def test_work_waits_for_its_time():
    put(run_at=AT + timedelta(hours=1))
    assert run_all(write_down) == 0
    with later(hours=1):
        assert run_all(write_down) == 1


@database
def test_effects_and_the_mark_are_one_transaction_and_outside_work_has_none():
    put("inside")
    run_all(lambda work: write_down(work) if in_transaction() else None)
    put("outside")
    run_all(lambda work: None if in_transaction() else write_down(work), outside=True)
    assert written() == ["inside", "outside"]


@database
def test_failing_work_leaves_nothing_is_tried_again_later_and_dies_in_the_end(caplog):
    def fail(work):
        write_down(work)
        raise ValueError("no paper")

    work = put(max_attempts=3)
    at, pauses = AT, []
    while work.state != Work.State.DEAD:
        with clock_set_to(FrozenClock(at)):
            assert run_all(fail) == 1
            assert run_all(fail) == 0
        work.refresh_from_db()
        pauses.append(work.run_at - at)
        at = max(at, work.run_at)
    assert written() == []
    assert (work.attempts, len(pauses)) == (3, 3)
    assert FIRST_PAUSE / 2 <= pauses[0] <= FIRST_PAUSE <= pauses[1] <= FIRST_PAUSE * 2
    assert "ValueError: no paper" in work.last_error
    assert list(dead_letters()) == [work]


@database
def test_work_without_a_limit_is_tried_for_ever(caplog):
    work = put(max_attempts=0)
    at = AT
    for _ in range(30):
        with clock_set_to(FrozenClock(at)):
            assert run_all(lambda work: 1 / 0) == 1
        work.refresh_from_db()
        at = work.run_at
    assert (work.state, work.attempts) == ("waiting", 30)


@database
def test_work_that_gives_up_is_dead_at_once(caplog):
    def give_up(work):
        raise GiveUp("there is no such door")

    work = put()
    run_all(give_up)
    work.refresh_from_db()
    assert (work.state, work.attempts, work.last_error) == ("dead", 1, "there is no such door")


@database
def test_work_past_its_deadline_is_dead_with_that_reason():
    work = put(deadline_at=AT + timedelta(minutes=1))
    with later(minutes=1):
        assert run_all(write_down) == 0
    work.refresh_from_db()
    assert (work.state, written()) == ("dead", [])
    assert "deadline" in work.last_error


@database
def test_dead_work_restarts_with_all_its_attempts():
    work = put(max_attempts=1, deadline_at=AT + timedelta(minutes=1))
    with later(minutes=2):
        run_all(write_down)
        restart(work.pk, by=officer(CELJE, "city-administrator"), at=now())
        assert run_all(write_down) == 1
        with pytest.raises(Conflict):
            restart(work.pk, by=SYSTEM, at=now())
    assert written() == ["count"]
    assert AuditRecord.objects.filter(action="restart-work", object_id=str(work.pk)).count() == 1


@database
def test_only_who_may_restarts_work():
    work = put(deadline_at=AT)
    run_all(write_down)
    for actor in (Actor.nobody(), officer(Scope.city("koper"), "city-administrator")):
        with pytest.raises(Forbidden):
            restart(work.pk, by=actor, at=AT)
    with pytest.raises(NotFound):
        restart(work.pk + 1, by=SYSTEM, at=AT)
    assert dead_letters().count() == 1


@database
def test_one_key_runs_in_order_and_a_failure_holds_up_no_other_key(caplog):
    for name, key in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b"), ("free", "")):
        put(name, order_key=key)

    def fail_first(work):
        if work.name == "a1" and work.attempts == 1:
            raise ValueError
        write_down(work)

    run_all(fail_first)
    assert set(written()) == {"b1", "b2", "free"}
    with later(seconds=1):
        run_all(fail_first)
    assert written()[-2:] == ["a1", "a2"]


@database
def test_what_follows_dead_work_of_the_same_key_goes_on():
    put("first", order_key="a", deadline_at=AT)
    put("second", order_key="a")
    run_all(write_down)
    assert written() == ["second"]


@database
def test_a_row_is_held_by_one_worker_and_its_followers_wait():
    put("first", order_key="a")
    put("second", order_key="a")
    held = claim(["test"], owner="one", lease=LEASE)
    assert (held.name, held.attempts) == ("first", 1)
    assert claim(["test"], owner="two", lease=LEASE) is None
    finish(held, owner="one")
    assert claim(["test"], owner="two", lease=LEASE).name == "second"


@database
def test_work_of_a_worker_that_died_is_taken_when_its_lease_ends():
    put()
    claim(["test"], owner="one", lease=LEASE)
    with later(seconds=29):
        assert claim(["test"], owner="two", lease=LEASE) is None
    with later(seconds=30):
        assert claim(["test"], owner="two", lease=LEASE).attempts == 2


@database
def test_a_heartbeat_keeps_the_lease_but_not_past_the_deadline():
    work = put(deadline_at=AT + timedelta(seconds=40))
    held = claim(["test"], owner="one", lease=LEASE)
    with later(seconds=20):
        extend(held, owner="one", lease=LEASE)
    with later(seconds=39):
        assert claim(["test"], owner="two", lease=LEASE) is None
    with later(seconds=40):
        assert claim(["test"], owner="two", lease=LEASE) is None
    work.refresh_from_db()
    assert work.state == "dead"


@database
def test_who_lost_the_lease_leaves_no_effect_and_no_mark():
    def slow(work):
        write_down(work)
        with later(minutes=5):
            claim(["test"], owner="other", lease=LEASE)

    work = put()
    run_all(slow)
    assert written() == []
    work.refresh_from_db()
    with pytest.raises(LeaseLost):
        finish(work, owner="gone")
    give_back(work, ValueError(), owner="gone")
    extend(work, owner="gone", lease=timedelta(days=1))
    assert Work.objects.filter(pk=work.pk, state=work.state, lease_until=work.lease_until, last_error="").exists()


@database
def test_work_that_kills_its_workers_dies_after_its_last_attempt():
    work = put(max_attempts=2)
    for minute in range(3):
        with later(minutes=minute):
            claim(["test"], owner="mayfly", lease=LEASE)
    work.refresh_from_db()
    assert (work.state, work.attempts) == ("dead", 2)
    assert "died" in work.last_error


@database
def test_the_same_work_is_put_in_once_while_unfinished():
    first = put(dedupe_key="k")
    assert put(dedupe_key="k") == first
    assert put(dedupe_key="other") != first
    claim(["test"], owner="one", lease=LEASE)
    assert put(dedupe_key="k") == first
    finish(first, owner="one")
    assert put(dedupe_key="k") != first


@database
def test_dead_work_whose_twin_is_in_the_queue_is_not_restarted():
    dead = put(dedupe_key="k", deadline_at=AT)
    run_all(write_down)
    put(dedupe_key="k")
    with pytest.raises(Conflict):
        restart(dead.pk, by=SYSTEM, at=AT)


@database
def test_a_worker_takes_only_the_kinds_it_knows():
    put()
    assert not Worker({"other": Runner(write_down)}).run_once()
    assert oldest_due(AT + timedelta(hours=1)) == AT
    assert oldest_due(AT - timedelta(hours=1)) is None


@database
def test_done_work_is_cleared_away_and_dead_work_kept():
    put(max_attempts=1, deadline_at=AT)
    put()
    run_all(write_down)
    assert prune(at=AT + timedelta(days=14)) == 0
    assert prune(at=AT + timedelta(days=14, seconds=1)) == 1
    assert counts()["dead"] == 1


def test_a_database_that_goes_away_is_waited_for(monkeypatch, caplog):
    stop, looks = threading.Event(), []

    def look(*_, **__):
        looks.append(1)
        if len(looks) == 3:
            stop.set()
            return
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(worker_module, "claim", look)
    monkeypatch.setattr(worker_module, "beat", look_away := lambda *_, **__: None)
    monkeypatch.setattr(worker_module, "LOST_DATABASE_PAUSE", 0)
    Worker({"test": Runner(look_away)}).run_forever(stop)
    assert len(looks) == 3
    assert "cannot be reached" in caplog.text
