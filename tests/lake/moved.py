"""A store with a lake beside it, and what is asked of it. Nothing is tested here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from simos.hub.lake.files import Files
from simos.hub.lake.moving import Mover
from simos.hub.store.base import Store, Transaction
from simos.hub.store.opening import open_store

T = TypeVar("T")


@contextmanager
def store_with_lake(url: str, folder: Path, **declared: int | None) -> Iterator[tuple[Store, Mover]]:
    """The store at `url`, of which days can be moved into `folder`."""
    store, files = open_store(url), Files(folder)
    store.migrate()
    store.attach(files)
    mover = Mover(store, url, folder, in_transaction(store), declared)
    try:
        yield store, mover
    finally:
        mover.close()
        files.close()
        store.close()


def in_transaction(store: Store) -> Callable[[Callable[[Transaction], Any]], Any]:
    def run(act: Callable[[Transaction], T]) -> T:
        with store.transaction() as transaction:
            return act(transaction)

    return run
