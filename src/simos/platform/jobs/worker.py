"""Runs the queue: takes work, does it, marks it done in the transaction of its effects. Knows no kind of work itself.

Killed at any moment it loses nothing: what was not committed is taken by another worker when the lease ends.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic

from django.db import Error, connections, transaction

from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.ids import new_id
from simos.platform.jobs.leases import LeaseLost, beat, claim, extend, finish, give_back, owner_of
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import GiveUp, Runner

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
BEAT_SECONDS = 5.0
TICK_SECONDS = 1.0
SHORTEST_PAUSE = 0.01
LONGEST_PAUSE = 0.15
"""Seconds between looks into an empty queue: each look that finds nothing doubles the pause."""
LOST_DATABASE_PAUSE = 1.0


class Worker:
    """One thread's worth of work of the kinds in `runners`. `tick` is called about every second, to schedule jobs."""

    def __init__(
        self, runners: Mapping[str, Runner], *, tick: Callable[[], None] | None = None, lease: timedelta = LEASE
    ) -> None:
        self.owner = owner_of(new_id()[:8])
        self._runners = runners
        self._tick = tick
        self._next_tick = 0.0
        self._lease = lease
        self._held: Work | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Works in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self.run_forever, args=(self._stop,), name=self.owner, daemon=True)
        self._thread.start()

    def tell_to_stop(self) -> None:
        """Nothing new is begun; returns at once."""
        self._stop.set()

    def stop(self) -> None:
        """Returns when the work in hand is finished; nothing new is begun."""
        self.tell_to_stop()
        if self._thread is not None:
            self._thread.join()

    def run_forever(self, stop: threading.Event) -> None:
        """Works until `stop` is set. A database that goes away is waited for."""
        ended = threading.Event()
        beats = threading.Thread(target=self._beat_until, args=(ended,), name=f"{self.owner}:beat", daemon=True)
        beats.start()
        pause = SHORTEST_PAUSE
        try:
            while not stop.is_set():
                try:
                    self._tick_now_and_then()
                    found = self.run_once()
                except Error:
                    log.exception("the register cannot be reached; trying again")
                    connections.close_all()
                    stop.wait(LOST_DATABASE_PAUSE)
                    continue
                pause = SHORTEST_PAUSE if found else min(pause * 2, LONGEST_PAUSE)
                if not found:
                    stop.wait(pause)
        finally:
            ended.set()
            beats.join()
            connections.close_all()

    def run_once(self) -> bool:
        """The next work, if there is any, was tried once; whether there was."""
        work = claim(tuple(self._runners), owner=self.owner, lease=self._lease)
        if work is None:
            return False
        self._held = work
        try:
            self._do(work, self._runners[work.kind])
        except LeaseLost:
            log.warning("%s took longer than its lease and was taken by another worker", work)
        except (GiveUp, Problem) as refusal:
            log.warning("%s failed in attempt %s: %s", work, work.attempts, refusal)
            give_back(work, refusal, owner=self.owner)
        except Exception as error:  # whatever one piece of work does wrong, the others go on
            log.exception("%s failed in attempt %s", work, work.attempts)
            give_back(work, error, owner=self.owner)
        finally:
            self._held = None
        return True

    def _do(self, work: Work, runner: Runner) -> None:
        if runner.outside:
            runner.run(work)
            finish(work, owner=self.owner)
        else:
            with transaction.atomic():
                runner.run(work)
                finish(work, owner=self.owner)

    def _tick_now_and_then(self) -> None:
        if self._tick is not None and monotonic() >= self._next_tick:
            self._tick()
            self._next_tick = monotonic() + TICK_SECONDS

    def _beat_until(self, ended: threading.Event) -> None:
        """Says that the worker lives, and keeps what it holds. On SQLite it waits while the work itself is writing."""
        started_at = now()
        pause = min(BEAT_SECONDS, self._lease.total_seconds() / 3)
        while True:
            try:
                beat(self.owner, started_at=started_at)
                if (held := self._held) is not None:
                    extend(held, owner=self.owner, lease=self._lease)
            except Error as error:
                log.warning("no heartbeat: %s", error)
                connections.close_all()
            if ended.wait(pause):
                break
        connections.close_all()
