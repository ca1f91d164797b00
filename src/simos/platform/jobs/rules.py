"""When work is tried again, and when a job runs next. Pure."""

from datetime import datetime, timedelta

from simos.kernel.clock import EPOCH

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(minutes=1)
_DOUBLINGS = 20  # more would overflow long after the longest pause is reached


def back_off(attempts: int, jitter: float) -> timedelta:
    """The pause after so many failures (from 1): doubles up to the longest, less up to half of it by `jitter` (0 to 1).

    Jitter keeps work that failed together from coming back together.
    """
    full: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, _DOUBLINGS), LONGEST_PAUSE)
    return full * (1 - jitter / 2)


def next_run(every: timedelta, after: datetime) -> datetime:
    """The first full multiple of `every` since 1970 (UTC) that is later than `after`."""
    return EPOCH + ((after - EPOCH) // every + 1) * every
