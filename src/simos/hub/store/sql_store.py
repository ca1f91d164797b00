"""What both adapters do in the same way: transactions, migration, epochs. Opens no connection itself."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import ClassVar

from simos.hub.store.base import Reader
from simos.hub.store.reading import SqlReader
from simos.hub.store.session import Session, Sessions
from simos.hub.store.shelves import Lake, Shelves
from simos.hub.store.writing import SERIES_REMEMBERED, SeriesKey, SqlTransaction
from simos.kernel.clock import now
from simos.kernel.errors import Conflict

Steps = Sequence[Sequence[str]]

_HOLDS_DATA = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table})"
    for table in ("entity", "series", "change", "tenant", "token", "device", "rejection")
)


class SqlStore(ABC):
    """Implements `Store` but for what differs: connections, and copies of the whole."""

    steps: ClassVar[Steps]
    copy_name: ClassVar[str]
    """The file that a backup consists of."""
    at_hand: ClassVar[bool]
    """Whether the database is in this process."""

    def __init__(self, sessions: Sessions) -> None:
        self.shelves = Shelves()
        self._sessions = sessions
        self.reader: Reader = SqlReader(sessions, self.shelves, at_hand=self.at_hand)
        self._writing = threading.Lock()
        self._series: dict[SeriesKey, int] = {}

    @abstractmethod
    def _begun(self) -> AbstractContextManager[Session]:
        """A database transaction on the writer's connection: committed on leaving, rolled back on any exception."""

    @abstractmethod
    def _prepare(self, session: Session) -> None:
        """Keeps other processes from migrating until the end of the transaction."""

    @abstractmethod
    def _has_tables(self, session: Session) -> bool:
        """Whether a hub lives here."""

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Commits durably on leaving, rolls back on any exception. A second thread waits its turn.

        On PostgreSQL another process may hold what this one wants while it wants what this one holds: one of the two
        gets an exception and nothing of it is stored.
        """
        with self._writing:
            try:
                with self._begun() as session:
                    self.shelves.know(session)
                    transaction = SqlTransaction(session, self._series, self.shelves)
                    yield transaction
            except BaseException:
                self.shelves.rolled = None  # what was summed up in it is not: it is read anew
                raise
            if len(self._series) + len(transaction.learnt) > SERIES_REMEMBERED:
                self._series.clear()
            self._series |= transaction.learnt

    def migrate(self) -> None:
        """The tables have this release's shape, also where two processes start together. Idempotent.

        Conflict where a later release has been here.
        """
        with self._writing, self._begun() as session:
            self._prepare(session)
            session.rows("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            found = session.rows("SELECT value FROM meta WHERE name = ?", ("schema_version",))
            version = int(found[0][0]) if found else 0
            if version > len(self.steps):
                raise Conflict(
                    f"the hub's database has the shape {version} of a later release; this one knows {len(self.steps)}. "
                    "Start the later release, or restore a backup made by this one."
                )
            for step in self.steps[version:]:
                for statement in step:
                    session.rows(statement)
            session.rows(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                ("schema_version", str(len(self.steps))),
            )
            first = "INSERT INTO log_head (one, seq, epoch, epoch_start) VALUES (1, 0, ?, 0) ON CONFLICT DO NOTHING"
            session.rows(first, (_epoch(),))

    def attach(self, lake: Lake) -> None:
        """From now on days that lie in `lake` are read from there."""
        self.shelves.lake = lake

    def new_epoch(self) -> None:
        """To be called after a restore: consumers know that numbers may be given a second time."""
        with self.transaction() as transaction:
            transaction.start_epoch(_epoch())

    def holds_data(self) -> bool:
        """Whether anything at all was ever stored here."""
        with self._writing, self._begun() as session:
            return self._has_tables(session) and bool(session.rows(f"SELECT {_HOLDS_DATA}")[0][0])


def _epoch() -> str:
    """A name that no other epoch has; later ones sort behind earlier ones."""
    return f"{now():%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(2)}"
