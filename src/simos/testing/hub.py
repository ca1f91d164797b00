"""A hub for a test: the real server on a local socket, in a thread, on a store that is thrown away. Only for tests.

While it runs the platform's own door leads to it, so that what is tested need not know of the test.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import override_settings

from simos.hub.client import HubClient
from simos.hub.faces import hub_app
from simos.hub.grants import open_data, service
from simos.hub.server.running import Server, open_desk, server_config
from simos.hub.server.sockets import unix_socket
from simos.kernel.registry import installed_modules
from simos.platform.things import door

_START_SECONDS = 30


@contextmanager
def hub_in_process(*tenants: str, database_url: str = "") -> Iterator[HubClient]:
    """Within the block a hub runs that has these tenants, and `door.hub()` and `door.reader()` lead to it.

    What is given is a client that may do everything. `database_url`: an empty PostgreSQL database for the store, which
    is the caller's to empty again; by default a SQLite file. Types that the installed modules open are open here too.
    """
    with TemporaryDirectory(prefix="simos-hub-") as folder:
        here = settings.SIMOS.model_copy(update={"home": Path(folder), "database_url": database_url})
        with override_settings(SIMOS=here), _door_opened_anew(), _Serving():
            client = HubClient(f"unix:{here.socket('hub')}", here.secret("service.token"), patience=0)
            for tenant in tenants:
                client.add_tenant(tenant)
            yield client


@contextmanager
def _door_opened_anew() -> Iterator[None]:
    """The door forgets which hub it led to, before and after."""
    ways = (door.hub, door.reader)
    for way in ways:
        way.cache_clear()
    try:
        yield
    finally:
        for way in ways:
            way.cache_clear()


class _Serving:
    """The hub of the present settings, served by a thread of its own."""

    def __init__(self) -> None:
        self._stop: Callable[[], object] = lambda: None
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="hub of a test", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._fault is not None:
            raise RuntimeError("the hub of this test did not start") from self._fault

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as fault:
            self._fault = fault
            raise
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        here = settings.SIMOS
        declared = tuple(installed_modules().entity_types().values())
        authorisers = (service(here.secret("service.token")), open_data(each.name for each in declared if each.open))
        async with open_desk(here.hub_url, authorisers, declared=declared) as desk:
            server = Server(server_config(hub_app(desk)), before_stop=desk.live.close)
            listening, loop = unix_socket(here.socket("hub")), asyncio.get_running_loop()

            def end() -> None:
                desk.live.close()
                server.should_exit = True

            self._stop = lambda: loop.call_soon_threadsafe(end)
            self._ready.set()
            await server.serve(sockets=[listening])
