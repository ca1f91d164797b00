"""The worker process: runs events, jobs and reactions to the hub's changes, and says on a local socket how it fares."""

import asyncio
import socket
from collections.abc import Sequence

from a2wsgi import WSGIMiddleware

from simos.app.django_ready import make_django_ready
from simos.app.settings import Settings
from simos.hub.server.running import Server, server_config
from simos.kernel.registry import installed_modules


def run_worker(settings: Settings, sockets: Sequence[socket.socket]) -> None:
    """Work is done until told to stop; what is in hand is then finished."""
    make_django_ready()
    from django.core.wsgi import get_wsgi_application

    from simos.platform.things.door import reader
    from simos.platform.things.working import WorkerFloor

    floor = WorkerFloor(installed_modules(), reader(), threads=settings.worker_threads)
    floor.start()
    # The same inside addresses as the web process has; nobody passes it anything else.
    inside = WSGIMiddleware(get_wsgi_application(), workers=2)  # type: ignore[arg-type]  # its types
    try:
        asyncio.run(Server(server_config(inside), before_stop=lambda: None).serve(sockets=list(sockets)))
    finally:
        floor.stop()
