"""The way to the hub: a client that refuses to write inside a transaction, and the store's reader. No state besides."""

from functools import cache
from typing import Any

from django.conf import settings

from simos.hub.client import HubClient
from simos.hub.lake.files import Files
from simos.hub.store.base import Reader
from simos.hub.store.opening import open_store
from simos.platform.audit.transactions import in_transaction

PATIENCE = 10.0
"""Seconds for which an unreachable hub is tried again before the caller hears of it."""


class HubWriteInTransaction(RuntimeError):
    """The hub was to be written to inside a transaction of the register, which could still be undone."""


class GuardedHub(HubClient):
    """A client that asks inside a transaction, but never writes there: that is what `publish` is for."""

    def ask(
        self, method: str, path: str, *, tenant: str = "", content: Any = None, patience: float | None = None
    ) -> tuple[int, Any]:
        if method != "GET" and in_transaction():
            raise HubWriteInTransaction(f"{method} {path}: no transaction spans register and hub; use publish()")
        return super().ask(method, path, tenant=tenant, content=content, patience=patience)


def connect(*, public: bool = False, url: str = "", token: str = "", patience: float = PATIENCE) -> GuardedHub:
    """A client of this platform's hub by its local socket, of its public port, or of the one at `url`."""
    local = f"unix:{settings.SIMOS.socket('hub')}"
    base = url or (f"http://localhost:{settings.SIMOS.port}" if public else local)
    return GuardedHub(base, token or settings.SIMOS.secret("service.token"), patience)


@cache
def hub() -> GuardedHub:
    """The client of this platform's hub that all threads of the process share."""
    return connect()


@cache
def reader() -> Reader:
    """Reads what is committed in the hub's store, past the hub's process: what lies in the database and in the lake."""
    store = open_store(settings.SIMOS.hub_url)
    store.attach(Files(settings.SIMOS.lake_folder))
    return store.reader
