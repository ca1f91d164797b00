"""Indicators: measured once a period, with where each value comes from; a new value replaces the old one in sight."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Forbidden, Invalid, NotFound
from simos.kernel.module import Every, Indicator, IndicatorKind, Target
from simos.kernel.registry import Installed, RegistryError, installed_modules, registry_of
from simos.kernel.text import Text
from simos.platform.audit.models import AuditRecord
from simos.platform.indicators import declared
from simos.platform.indicators.actions import LOOKED_BACK, enter, measure, measure_all
from simos.platform.indicators.declared import Declared, declared_in, indicator_in
from simos.platform.indicators.models import Measurement
from simos.platform.indicators.periods import ended_by, period_of
from simos.platform.indicators.queries import counting_of, measurements_of, standing_of
from simos.platform.indicators.values import Measured
from simos.platform.scopes.acting import current
from simos.platform.scopes.actions import set_clock, switch_on
from simos.testing.acting import SYSTEM, officer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
ZONE = ZoneInfo("Europe/Ljubljana")
WORDS = Text(sl="Deleži", en="Shares")
SOURCE = Text(sl="števci", en="counters")
PARKING = installed_modules()["mobility/parking"].module


def indicator(**facts):
    given = {"name": "shares", "title": WORDS, "about": WORDS, "unit": "P1", "kind": IndicatorKind.OUTCOME}
    return Indicator(**(given | facts))


class Counters:
    """What a module's computation reads: readings by first day of the period."""

    def __init__(self):
        self.values, self.asked = {}, []

    def compute(self, scope, period):
        assert current().scope == scope
        self.asked.append((scope, period.first))
        found = self.values.get((scope, period.first), self.values.get(period.first))
        if isinstance(found, Exception):
            raise found
        return None if found is None else Measured(value=found, readings=7, source=SOURCE)


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.fixture
def counters():
    return Counters()


@pytest.fixture
def shares(db, monkeypatch, counters):
    """An indicator of parking, on in Celje and Koper, and nothing else to measure."""
    one = Declared(PARKING, indicator(), counters.compute)
    monkeypatch.setattr(declared, "installed_indicators", lambda: {one.key: one})
    for scope in (CELJE, KOPER):
        switch_on(scope, PARKING.name, by=SYSTEM, at=AT)
    return one


def seen(scope, one):
    return [(row.first.isoformat(), row.value) for row in counting_of(scope, one)]


@given(
    st.sampled_from(Every),
    st.integers(0, 60 * 365 * 24).map(lambda hours: datetime(1975, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.integers(1, 40),
)
def test_periods_lie_end_to_end_and_are_over(every, present, count):
    periods = ended_by(every, present, ZONE, count)
    assert periods[0].until <= present < period_of(every, periods[0].until.astimezone(ZONE).date(), ZONE).until
    for later, earlier in pairwise(periods):
        assert earlier.until == later.since
    for period in periods:
        assert period.since < period.until
        assert period.since.astimezone(ZONE).replace(tzinfo=None) == datetime.combine(period.first, datetime.min.time())
        assert period_of(every, period.first, ZONE) == period


def test_a_day_of_the_change_to_summer_time_has_23_hours():
    day = period_of(Every.DAY, date(2026, 3, 29), ZONE)
    assert day.until - day.since == timedelta(hours=23)


def test_whole_periods_are_measured_once_where_the_module_is_on(shares, counters):
    counters.values = {date(2026, 2, 1): 40.0, date(2026, 1, 1): 41.0, date(2026, 3, 1): 99.0}
    assert measure_all(by=SYSTEM, at=AT) == 4
    assert seen(CELJE, shares) == seen(KOPER, shares) == [("2026-02-01", 40.0), ("2026-01-01", 41.0)]
    assert {scope for scope, _ in counters.asked} == {CELJE, KOPER}
    assert measure_all(by=SYSTEM, at=AT + timedelta(hours=1)) == 0
    row = counting_of(CELJE, shares).first()
    assert (row.readings, row.source, row.version, row.measured_at, row.manual) == (7, SOURCE, 1, AT, False)
    assert (row.since, row.until) == (
        datetime(2026, 1, 31, 23, tzinfo=UTC),
        datetime(2026, 2, 28, 23, tzinfo=UTC),
    )


def test_readings_that_come_late_give_a_new_row_and_the_old_one_stays_in_sight(shares, counters):
    counters.values = {date(2026, 2, 1): 40.0}
    measure_all(by=SYSTEM, at=AT)
    counters.values = {date(2026, 2, 1): 44.0, date(2025, 10, 1): 30.0}
    later = AT + timedelta(hours=1)
    assert measure_all(by=SYSTEM, at=later) == 4
    assert seen(CELJE, shares) == [("2026-02-01", 44.0), ("2025-10-01", 30.0)]
    newest, replaced = measurements_of(CELJE, shares).filter(first=date(2026, 2, 1))
    assert newest.replaces == replaced
    assert (replaced.value, replaced.replaced_at, newest.replaced_at) == (40.0, later, None)


def test_what_is_known_is_not_asked_again_but_for_the_newest(shares, counters):
    counters.values = {period.first: 1.0 for period in ended_by(Every.MONTH, AT, ZONE, 25)}
    measure_all(by=SYSTEM, at=AT)
    counters.asked.clear()
    measure_all(by=SYSTEM, at=AT)
    assert [first for scope, first in counters.asked if scope == CELJE] == [date(2026, 2, 1), date(2026, 1, 1)]


def test_another_version_measures_the_past_anew(shares, counters, monkeypatch):
    counters.values = {period.first: 1.0 for period in ended_by(Every.MONTH, AT, ZONE, LOOKED_BACK[Every.MONTH])}
    measure_all(by=SYSTEM, at=AT)
    other = Declared(PARKING, indicator(version=2), counters.compute)
    monkeypatch.setattr(declared, "installed_indicators", lambda: {other.key: other})
    assert measure_all(by=SYSTEM, at=AT) == 2 * LOOKED_BACK[Every.MONTH]
    assert set(counting_of(CELJE, other).values_list("version", flat=True)) == {2}


def test_a_city_is_measured_by_its_own_clock(shares, counters):
    set_clock(CELJE, at=AT, shown_at=datetime(2024, 6, 15, tzinfo=UTC), speed=1.0, by=SYSTEM)
    counters.values = {date(2024, 5, 1): 5.0, date(2026, 2, 1): 6.0}
    measure_all(by=SYSTEM, at=AT)
    assert seen(CELJE, shares) == [("2024-05-01", 5.0)]
    assert seen(KOPER, shares)[0] == ("2026-02-01", 6.0)


def test_one_that_fails_keeps_no_other_from_its_values(shares, counters):
    counters.values = {(CELJE, date(2026, 2, 1)): RuntimeError("no hub"), (KOPER, date(2026, 2, 1)): 6.0}
    with pytest.raises(RuntimeError, match="mobility/parking:shares in city:celje"):
        measure_all(by=SYSTEM, at=AT)
    assert seen(KOPER, shares) == [("2026-02-01", 6.0)]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_value(value):
    with pytest.raises(ValueError, match="return None"):
        Measured(value=value, readings=1, source=SOURCE)


@pytest.fixture
def asked(shares, monkeypatch):
    """An indicator that an officer enters."""
    one = Declared(PARKING, indicator(name="content", manual=True, every=Every.YEAR), None)
    monkeypatch.setattr(declared, "installed_indicators", lambda: {one.key: one})
    return one


def test_an_officer_enters_what_nothing_can_compute(asked):
    by, year = officer(CELJE, "indicator-officer"), period_of(Every.YEAR, date(2025, 1, 1), ZONE)
    enter(CELJE, asked, year, 3.5, note="Survey of May", by=by, at=AT)
    enter(CELJE, asked, year, 3.6, note="Counted again", by=by, at=AT + timedelta(hours=1))
    first, second = AuditRecord.objects.filter(action="enter-indicator").order_by("seq")
    assert (first.purpose, second.purpose) == ("Survey of May", "Counted again")
    assert '"before":3.5' in second.data.replace(" ", "")
    assert second.actor["account"] == by.account
    row = counting_of(CELJE, asked).get()
    assert (row.value, row.manual, row.readings) == (3.6, True, None)
    assert row.note.sl == "Counted again"
    assert measurements_of(CELJE, asked).count() == 2
    assert not counting_of(KOPER, asked).exists()


@pytest.mark.parametrize("scope", [KOPER, FEDERATION])
def test_an_officer_of_another_place_enters_nothing(asked, scope):
    by, year = officer(CELJE, "indicator-officer"), period_of(Every.YEAR, date(2025, 1, 1), ZONE)
    with pytest.raises(Forbidden):
        enter(scope, asked, year, 3.5, by=by, at=AT)
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("by", [Actor.nobody(), None])
def test_who_has_not_the_role_enters_nothing(asked, by):
    year = period_of(Every.YEAR, date(2025, 1, 1), ZONE)
    with pytest.raises(Forbidden):
        enter(CELJE, asked, year, 3.5, by=by or officer(CELJE, "city-administrator"), at=AT)


def test_what_is_computed_nobody_enters_and_the_future_neither(asked, shares):
    month = period_of(Every.MONTH, date(2026, 2, 1), ZONE)
    with pytest.raises(Invalid, match="computed"):
        enter(CELJE, shares, month, 1.0, by=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="not begun"):
        enter(CELJE, asked, period_of(Every.YEAR, date(2027, 1, 1), ZONE), 1.0, by=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="number"):
        enter(CELJE, asked, period_of(Every.YEAR, date(2025, 1, 1), ZONE), float("nan"), by=SYSTEM, at=AT)
    with pytest.raises(ValueError, match="by hand"):
        measure(CELJE, asked, [], by=SYSTEM, at=AT)


def test_an_indicator_is_there_where_its_module_is_on(shares):
    assert indicator_in(CELJE, "mobility/parking", "shares") == shares
    for scope in (Scope.city("ptuj"), FEDERATION):
        with pytest.raises(NotFound):
            indicator_in(scope, "mobility/parking", "shares")
    with pytest.raises(NotFound):
        indicator_in(CELJE, "mobility/parking", "others")


@pytest.mark.parametrize(
    ("falling", "value", "reached"), [(False, 10.0, True), (False, 9.9, False), (True, 10.1, False), (True, 10.0, True)]
)
def test_a_target_is_reached_from_the_right_side(falling, value, reached):
    path = (Target(year=2026, value=10.0, source=WORDS), Target(year=2026, value=99.0, source=WORDS, city="koper"))
    one = Declared(PARKING, indicator(targets=path, falling=falling), None)
    row = Measurement(value=value, first=date(2026, 2, 1))
    assert standing_of(CELJE, one, row).reached is reached
    assert standing_of(KOPER, one, row).target.value == 99.0
    row.first = date(2027, 2, 1)
    assert standing_of(CELJE, one, row).reached is None


def test_manifest_and_computations_have_the_same_indicators(monkeypatch):
    registry = registry_of([Installed(PARKING, "simos.modules.mobility.parking")])
    monkeypatch.setattr(Installed, "load", lambda self, file: {"undeclared": None} if file == "indicators" else None)
    with pytest.raises(RegistryError, match=r"mobility/parking.*undeclared"):
        declared_in(registry)


def test_those_of_the_installed_modules_hold_together():
    declared_in(installed_modules())
