"""Which store an address means. The only place that knows both adapters."""

import tempfile
from pathlib import Path

from simos.hub.store.base import Store
from simos.hub.store.postgres import PostgresStore
from simos.hub.store.sqlite import SqliteStore
from simos.kernel.errors import Conflict, NotFound

_SQLITE = "sqlite:///"


def open_store(url: str) -> Store:
    """The store at `sqlite:///path` (a fourth slash begins an absolute path), `sqlite:///:memory:` (thrown away when
    closed) or `postgresql://user:password@host:port/database`. Nothing is read or made yet; ValueError for others.
    """
    return _adapter(url)


def restore(url: str, folder: str, *, overwrite: bool = False) -> None:
    """The store at `url` is the backup in `folder`, in a new epoch. No hub may be running on it.

    Conflict where it holds data, unless `overwrite`; NotFound where there is no backup. If this is broken off, do it
    again before the hub is started.
    """
    store = _adapter(url)
    if not (Path(folder) / store.copy_name).is_file():
        raise NotFound(f"{folder} holds no {store.copy_name}: it is no backup of such a hub")
    try:
        if not overwrite and store.holds_data():
            raise Conflict("the hub's database holds data: restoring would overwrite it. Say so, or name an empty one.")
        store.restore(folder)
        store.migrate()
        store.new_epoch()
    finally:
        store.close()


def _adapter(url: str) -> SqliteStore | PostgresStore:
    if url == f"{_SQLITE}:memory:":
        return _ThrownAway()
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return SqliteStore(Path(url.removeprefix(_SQLITE)))
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresStore(url)
    scheme = url.partition(":")[0]
    raise ValueError(f"a hub's database is sqlite:///path or postgresql://user@host/database, not {scheme!r}:...")


class _ThrownAway(SqliteStore):
    """A file all the same, so that readers and the writer are as apart as they are in earnest."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="simos-hub-")
        super().__init__(Path(self._folder.name) / "hub.sqlite3", durable=False)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()
