"""The worker process: runs events, jobs and reactions to the hub's changes, and says on a local socket how it fares."""

import socket
from collections.abc import Sequence

from simos.app.django_ready import make_django_ready
from simos.app.settings import Settings
from simos.app.web_process import serve_django
from simos.kernel.registry import installed_modules


def run_worker(settings: Settings, sockets: Sequence[socket.socket]) -> None:
    """Work is done until told to stop; what is in hand is then finished."""
    make_django_ready()
    from simos.platform.things.door import reader
    from simos.platform.things.working import WorkerFloor

    floor = WorkerFloor(installed_modules(), reader(), threads=settings.worker_threads)
    floor.start()
    # The same inside addresses as the web process has; nobody passes it anything else.
    try:
        serve_django(sockets, threads=2)
    finally:
        floor.stop()
