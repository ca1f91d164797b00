"""The worker process's parts, put together: who runs which work, and who follows the hub. Starts and stops threads."""

import logging
import threading
from collections.abc import Mapping

from django.db import Error, connection

from simos.hub.store.base import Reader
from simos.kernel.clock import now
from simos.kernel.registry import Registry
from simos.platform.events import outbox
from simos.platform.events.reactions import reactions_in
from simos.platform.events.runner import event_runner
from simos.platform.files import jobs as of_files
from simos.platform.indicators import jobs as of_indicators
from simos.platform.jobs import tasks
from simos.platform.jobs.leases import let_go_of_the_dead
from simos.platform.jobs.schedule import OUTSIDE, enqueue_due, job_runners, scheduled_in
from simos.platform.jobs.values import Runner
from simos.platform.jobs.worker import Worker
from simos.platform.messages import actions as messages
from simos.platform.messages import delivering
from simos.platform.privacy import jobs as of_privacy
from simos.platform.procedure import jobs as of_procedure
from simos.platform.search import jobs as of_search
from simos.platform.things import door, following, gateways, publishing

log = logging.getLogger(__name__)

OWN_JOBS = (*of_procedure.jobs, *of_files.jobs, *of_search.jobs, *of_privacy.jobs, *of_indicators.jobs)
"""What the parts of the platform have scheduled."""


def runners_for(registry: Registry) -> Mapping[str, Runner]:
    """A runner for every kind of work that the platform and these modules know."""
    reactions = reactions_in(registry)
    return {
        outbox.KIND: event_runner(reactions),
        following.KIND: following.change_runner(reactions),
        publishing.KIND: publishing.hub_runner(door.hub),
        messages.KIND: delivering.runner,
        tasks.KIND: tasks.runner,
        of_privacy.KIND: of_privacy.runner,
        **job_runners(scheduled_in(registry, OWN_JOBS)),
    }


class WorkerFloor:
    """All that a worker process runs. What waits for the hub or for the world has threads of its own."""

    def __init__(self, registry: Registry, reader: Reader, *, threads: int) -> None:
        """`threads`: how many run events and jobs; five more follow the hub, write to it, tell of
        messages, export and erase, and run outside jobs; each gateway of a module has one."""
        self._scheduled = scheduled_in(registry, OWN_JOBS)
        runners = runners_for(registry)
        slow = {kind: runners[kind] for kind in (publishing.KIND, messages.KIND, of_privacy.KIND, OUTSIDE)}
        quick = {kind: runner for kind, runner in runners.items() if kind not in slow}
        self._workers = [Worker({kind: runner}) for kind, runner in slow.items()]
        self._workers += [Worker(quick, tick=None if number else self._schedule) for number in range(threads)]
        self._stop = threading.Event()
        following_all = (reactions_in(registry), reader, self._stop)
        self._following = threading.Thread(target=following.follow, args=following_all, name="following", daemon=True)
        self._gateways = [
            threading.Thread(target=gateways.keep_up, args=(each, self._stop), name=each.name, daemon=True)
            for _, exported in registry.exports("gateways")
            for each in exported
        ]

    def _schedule(self) -> None:
        enqueue_due(self._scheduled, at=now())

    def start(self) -> None:
        """Everything runs; what workers held that were killed here is taken at once."""
        try:
            let_go_of_the_dead()
        except Error:
            log.exception("what killed workers held waits for the end of its lease")
        finally:
            connection.close()  # this thread needs none
        self._following.start()
        for worker in self._workers:
            worker.start()
        for gateway in self._gateways:
            gateway.start()

    def stop(self) -> None:
        """Returns when what was in hand is finished; nothing new is begun meanwhile."""
        self._stop.set()
        for worker in self._workers:
            worker.tell_to_stop()
        for worker in self._workers:
            worker.stop()
        self._following.join()
        for gateway in self._gateways:
            gateway.join()
