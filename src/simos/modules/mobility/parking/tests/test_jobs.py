"""The scheduled work: forecasts in the register and in the hub, a model that is learnt, used and replaced, verdicts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.text import Text
from simos.modules.mobility.parking import jobs
from simos.modules.mobility.parking.actions import forecasts as actions
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.actions.days import keep_days, mend_days
from simos.modules.mobility.parking.models import CountedDay, JudgedDay, Lesson, MadeForecast
from simos.modules.mobility.parking.queries.days import first_kept, kept_until
from simos.modules.mobility.parking.queries.forecasts import forecast_of, forecasts_of
from simos.modules.mobility.parking.rules.hours import hours_of
from simos.modules.mobility.parking.simulators.tide import free_at
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW, counted
from simos.modules.mobility.parking.tests.test_operating import few_trees
from simos.modules.mobility.parking.values import FREE, TYPE, Closure, id_of
from simos.platform.scopes.acting import acting
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


@pytest.fixture
def town(switched_on, hub, monkeypatch):
    """Two facilities with counts each quarter of an hour for two days before NOW; the jobs speak to this hub."""
    monkeypatch.setattr(jobs, "hub", lambda: hub)
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    record(hub, "glazija", 1320, days=2)
    record(hub, "knezji-dvor", 140, days=2)
    return hub


def work(handler, at):
    """A job as the worker runs it."""
    with acting(SYSTEM, CELJE):
        handler(CELJE, by=SYSTEM, at=at)


def record(hub, code, capacity, *, days, until=timedelta()):
    steps = range(days * 96, -1, -1)
    values = [
        {
            "type": "Property",
            "value": free_at(code, capacity, NOW - until - step * QUARTER, 1),
            "observedAt": (NOW - until - step * QUARTER).isoformat().replace("+00:00", "Z"),
        }
        for step in steps
    ]
    hub.record("celje", {"id": id_of("celje", code), "type": TYPE, FREE: values})


def test_forecasts_are_kept_for_pages_and_told_to_the_hub(town):
    work(jobs.forecast, NOW)
    with acting(SYSTEM, CELJE):
        found = forecasts_of(CELJE, at=NOW + timedelta(minutes=5))
        assert set(found) == {"glazija", "knezji-dvor"}
        one = forecast_of(CELJE, "knezji-dvor", at=NOW)
        assert one is not None
        assert not one.learnt
        assert one.made_at == NOW
        assert [each.minutes for each in one.expected] == [30, 60, 120]
        assert all(0 <= each.low <= each.middle <= each.high <= 140 for each in one.expected)
        assert one.now == free_at("knezji-dvor", 140, NOW, 1)
        assert forecast_of(CELJE, "knezji-dvor", at=NOW + timedelta(minutes=46)) is None
        assert forecast_of(CELJE, "knezji-dvor", at=NOW - timedelta(minutes=1)) is None
        assert (first_kept(), kept_until()) == ((NOW - timedelta(days=2)).date(), NOW)
    entity = town.entity("celje", "urn:ngsi-ld:ParkingForecast:celje:knezji-dvor")
    assert entity["method"]["value"] == "baseline"
    assert [each["minutes"] for each in entity["expected"]["value"]] == [30, 60, 120]
    assert entity["refParkingSite"]["object"] == id_of("celje", "knezji-dvor")
    with acting(SYSTEM, KOPER):
        assert forecasts_of(KOPER, at=NOW) == {}


def test_a_quarter_of_an_hour_is_forecast_once_and_a_stale_count_not_at_all(town):
    work(jobs.forecast, NOW)
    work(jobs.forecast, NOW + timedelta(minutes=5))
    counted(town, "glazija", 30, -timedelta(hours=5))
    later = NOW + timedelta(hours=7)
    work(jobs.forecast, later)
    with acting(SYSTEM, CELJE):
        assert MadeForecast.objects.filter(made_at__lt=later).count() == 2
        assert set(forecasts_of(CELJE, at=later)) == {"glazija"}


def test_forecasts_are_judged_by_what_came_and_forgotten_after_days(town):
    work(jobs.forecast, NOW)
    for step in range(1, 9):
        counted(town, "glazija", 500, -step * QUARTER)
    with clock_set_to(FrozenClock(NOW + 9 * QUARTER)):
        keep_days(CELJE, reader(), by=SYSTEM, at=NOW + 9 * QUARTER)
        work(jobs.judge, NOW + 9 * QUARTER)
    with acting(SYSTEM, CELJE):
        made = MadeForecast.objects.get(code="glazija")
        for minutes, low, middle, high, drift in made.expected:
            verdict = JudgedDay.objects.get(code="glazija", minutes=minutes)
            assert verdict.live
            assert verdict.points == 1
            assert verdict.model == pytest.approx(abs(middle - 500), abs=0.01)
            assert verdict.persistence == pytest.approx(abs(made.now - 500), abs=0.01)
            assert verdict.drift == pytest.approx(abs(drift - 500), abs=0.01)
            assert verdict.covered == (low <= 500 <= high)
        work(jobs.judge, NOW + timedelta(days=10))
        assert not MadeForecast.objects.exists()
        assert JudgedDay.objects.exists()


def test_counts_that_come_late_are_taken_into_their_day(town):
    keep_days(CELJE, reader(), by=SYSTEM, at=NOW)
    record(town, "knezji-dvor", 140, days=1, until=timedelta(days=30))
    with acting(SYSTEM, CELJE):
        before = CountedDay.objects.count()
    assert mend_days(CELJE, reader(), by=SYSTEM, at=NOW) == 2
    assert mend_days(CELJE, reader(), by=SYSTEM, at=NOW) == 0
    with acting(SYSTEM, CELJE):
        assert CountedDay.objects.count() == before + 2
        assert CountedDay.objects.order_by("day").first().points == 56


def test_a_model_is_learnt_used_and_kept_only_while_it_is_not_worse(town, monkeypatch, settings):
    few_trees(monkeypatch)
    record(town, "glazija", 1320, days=40, until=timedelta(days=2))
    record(town, "knezji-dvor", 140, days=40, until=timedelta(days=2))
    work(jobs.learn, NOW)
    with acting(SYSTEM, CELJE):
        assert not Lesson.objects.exists()  # nothing is kept as days yet
    work(jobs.forecast, NOW)
    work(jobs.learn, NOW)
    with acting(SYSTEM, CELJE):
        first = Lesson.objects.get()
        assert first.in_use
        assert (settings.SIMOS.home / first.file).exists()
        assert first.facilities == 2
        assert set(first.scores) <= {"30", "60", "120"}
        assert JudgedDay.objects.filter(live=False).exists()
    work(jobs.learn, NOW + timedelta(hours=1))  # not due
    work(jobs.forecast, NOW + QUARTER)
    with acting(SYSTEM, CELJE):
        assert Lesson.objects.count() == 1
        assert forecast_of(CELJE, "glazija", at=NOW + QUARTER).model == first.version
    monkeypatch.setattr(actions.Learnt, "better", property(lambda _self: False))
    work(jobs.learn, NOW + timedelta(days=1))
    with acting(SYSTEM, CELJE):
        worse = Lesson.objects.exclude(pk=first.pk).get()
        assert (worse.in_use, worse.why_not, worse.file) == (False, "worse", "")
        assert Lesson.objects.get(in_use=True) == first
    (settings.SIMOS.home / first.file).write_bytes(b"damaged")
    work(jobs.forecast, NOW + 2 * QUARTER)
    with acting(SYSTEM, CELJE):
        assert forecast_of(CELJE, "glazija", at=NOW + 2 * QUARTER).model == ""


def test_a_facility_that_is_closed_is_not_forecast_and_one_that_closes_only_until_then(town):
    closed = Closure(reason=Text(sl="Dela", en="Works"))
    save_facilities(
        CELJE,
        [replace(GLAZIJA, closure=closed), replace(DVOR, hours=hours_of("Mo-Su 06:00-13:15"))],  # NOW is noon
        by=SYSTEM,
        at=NOW,
    )
    work(jobs.forecast, NOW)
    with acting(SYSTEM, CELJE):
        found = forecasts_of(CELJE, at=NOW)
        assert set(found) == {"knezji-dvor"}
        assert [each.minutes for each in found["knezji-dvor"].expected] == [30, 60]
