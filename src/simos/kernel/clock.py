"""The one place that reads the time of day. Everything else asks a `Clock`.

A test freezes it, a replay drives it. Measuring how long something took is not telling the time:
`time.monotonic` is free for all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells an aware time in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FrozenClock:
    """Always the same instant: for tests and for a replay at full speed."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayClock:
    """Shows `shown_at` when the platform's clock shows `real_at`, and goes on `speed` times as fast (0: stands still).

    One city's clock, beside the platform's: it reads the platform's present, so it can never be set in its place.
    """

    real_at: datetime
    shown_at: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        gone = now() - self.real_at
        return self.shown_at + timedelta(seconds=gone.total_seconds() * self.speed)


_clock: Clock = SystemClock()


def now() -> datetime:
    """The platform's present, aware, UTC."""
    return _clock.now()


class PlatformClock:
    """Shows the platform's present, whatever drives that: the clock of whoever has none of their own."""

    def now(self) -> datetime:
        return now()


@contextmanager
def clock_set_to(clock: Clock) -> Iterator[Clock]:
    """Within the block the platform's present comes from `clock`. For tests and command-line tools."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros_of(at: datetime) -> int:
    """Microseconds since 1970 (UTC) of an aware time: how instants are stored and compared."""
    return (at - EPOCH) // _MICROSECOND


def at_micros(micros: int) -> datetime:
    """The aware UTC time of microseconds since 1970."""
    return EPOCH + micros * _MICROSECOND
