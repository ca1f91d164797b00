"""Running the work queue in a test, as a worker process would, in the test's own thread. Only for tests."""

from collections.abc import Iterable, Mapping

from simos.platform.events.reactions import Reaction
from simos.platform.events.runner import event_runner
from simos.platform.jobs.values import Runner
from simos.platform.jobs.worker import Worker


def run_all(runners: Mapping[str, Runner]) -> int:
    """All work of these kinds that is due was tried, what it led to as well; how many attempts that took."""
    worker = Worker(runners)
    attempts = 0
    while worker.run_once():
        attempts += 1
    return attempts


def react(reactions: Iterable[Reaction]) -> int:
    """All events that wait were given to `reactions`; how many calls that took."""
    return run_all({"event": event_runner(reactions)})
