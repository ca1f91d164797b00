"""The platform's present, and instants as they are stored."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.clock import FrozenClock, ReplayClock, at_micros, clock_set_to, micros_of, now

NOON = datetime(2025, 9, 1, 12, tzinfo=UTC)
LAST_YEAR = NOON - timedelta(days=365)

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=offsets)  # noqa: DTZ001 - zones are added


@given(instants)
def test_a_stored_instant_comes_back_whole(at: datetime) -> None:
    back = at_micros(micros_of(at))
    assert back == at
    assert back.utcoffset() == timedelta(0)


@given(instants, instants)
def test_stored_instants_keep_their_order(one: datetime, other: datetime) -> None:
    assert (micros_of(one) < micros_of(other)) == (one < other)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        micros_of(datetime(2025, 9, 1))  # noqa: DTZ001 - that it is naive is the point


def test_the_clock_is_set_for_a_block_and_then_as_before() -> None:
    with clock_set_to(FrozenClock(NOON)):
        with suppress(RuntimeError):
            _fail_at(LAST_YEAR)
        assert now() == NOON
    assert now() > NOON
    assert now().utcoffset() == timedelta(0)


def _fail_at(at: datetime) -> None:
    with clock_set_to(FrozenClock(at)):
        assert now() == at
        raise RuntimeError


@given(st.floats(0, 3600), st.timedeltas(timedelta(0), timedelta(days=7)))
def test_a_replay_shows_the_past_at_its_own_speed(speed: float, gone: timedelta) -> None:
    with clock_set_to(FrozenClock(NOON + gone)):
        shown = ReplayClock(real_at=NOON, shown_at=LAST_YEAR, speed=speed).now()
    assert abs((shown - LAST_YEAR).total_seconds() - gone.total_seconds() * speed) < 0.01
