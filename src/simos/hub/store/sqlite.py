"""The hub's store in one SQLite file (WAL): one writing connection, readers beside it. No meaning of writes here.

Throughout, a commit is on disk when it returns (synchronous=FULL), and the file may be read by other processes.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from simos.hub.store.lending import Lender
from simos.hub.store.rows import COLUMNS, Row, json_text
from simos.hub.store.session import KEEP, Session
from simos.hub.store.sql_store import SqlStore
from simos.hub.store.sqlite_tables import STEPS
from simos.hub.values import Key
from simos.kernel.errors import Unavailable

OLDEST = (3, 37)
"""Release of SQLite that has STRICT tables (November 2021)."""

PATIENCE_S = 10.0
"""How long to wait for another process that writes."""


class SqliteSession:
    """Implements `Session`."""

    any_of = "IN (SELECT value FROM json_each(?))"
    snapshot = "BEGIN"
    member = "{column} -> '$.{name}'"
    placed = "entity e NOT INDEXED"  # or else it goes through every id of the city
    overlapping = (
        "e.number IN (SELECT number FROM entity_box WHERE east >= ? AND north >= ? AND west <= ? AND south <= ?)"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def listed(self, values: Sequence[str] | Sequence[int]) -> str:
        return json_text(values)

    def keyed(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, tuple[Any, ...]]:
        parts = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
        return f"(SELECT {parts} FROM json_each(?)) k", (json_text(rows),)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()

    def each(self, sql: str, rows: Sequence[Row]) -> int:
        return self.connection.executemany(sql, rows).rowcount

    def insert(self, table: str, rows: Sequence[Row], conflict: str = "") -> int:
        columns = COLUMNS[table]
        places = ", ".join("?" * len(columns))
        return self.each(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {conflict}", rows)

    def add(self, table: str, rows: Sequence[Row]) -> int:
        return self.insert(table, rows, KEEP)

    def lock(self, keys: Iterable[Key]) -> None:
        """BEGIN IMMEDIATE has locked the whole file."""

    def close(self) -> None:
        self.connection.close()


class SqliteStore(SqlStore):
    """Implements `Store`. The file and its folder are made by `migrate`; until then there is nothing to read."""

    steps = STEPS
    copy_name = "hub.sqlite3"
    at_hand = True

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        """`durable` False: for databases that are thrown away."""
        if sqlite3.sqlite_version_info < OLDEST:
            raise Unavailable(
                f"SQLite {sqlite3.sqlite_version} is too old: {'.'.join(map(str, OLDEST))} or later is needed"
            )
        self.path = path
        self._durable = durable
        self._readers = Lender(lambda: SqliteSession(self._connect("rw", "PRAGMA query_only = 1")))
        self._writer: SqliteSession | None = None
        super().__init__(self._readers)

    def _connect(self, mode: str, *pragmas: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.path.absolute()))}?mode={mode}",
            uri=True,
            timeout=PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        for pragma in ("PRAGMA cache_size = -16000", "PRAGMA temp_store = MEMORY", *pragmas):
            connection.execute(pragma)
        return connection

    def _writing_session(self) -> SqliteSession:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            safety = "PRAGMA synchronous = FULL" if self._durable else "PRAGMA synchronous = OFF"
            limit = "PRAGMA journal_size_limit = 67108864"
            self._writer = SqliteSession(self._connect("rwc", _BE_WAL, safety, limit))
        return self._writer

    @contextmanager
    def _begun(self) -> Iterator[Session]:
        session = self._writing_session()
        session.rows("BEGIN IMMEDIATE")
        try:
            yield session
            session.rows("COMMIT")
        except BaseException:
            if session.connection.in_transaction:  # a full disk has ended it already
                session.rows("ROLLBACK")
            raise

    def _prepare(self, session: Session) -> None:
        """BEGIN IMMEDIATE has done it."""

    def _has_tables(self, session: Session) -> bool:
        return bool(session.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"))

    def backup(self, folder: str) -> None:
        """`hub.sqlite3` in `folder` is the hub as it was at one moment; an earlier one is replaced at the end."""
        wanted = Path(folder) / self.copy_name
        wanted.parent.mkdir(parents=True, exist_ok=True)
        part = wanted.with_suffix(".part")
        part.unlink(missing_ok=True)
        with self._readers.lent() as session, closing(sqlite3.connect(part)) as copy:
            session.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from anywhere
        part.replace(wanted)

    def restore(self, folder: str) -> None:
        """The database is the copy in `folder`, in one transaction; Unavailable where that is damaged. No hub may be
        running."""
        source = Path(folder) / self.copy_name
        with self._writing, closing(sqlite3.connect(source)) as copy:
            try:
                sound = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            except sqlite3.DatabaseError:
                sound = False
            if not sound:
                raise Unavailable(f"{source} is damaged; nothing was changed. Use an earlier backup.")
            connection = self._writing_session().connection
            copy.backup(connection)
            connection.execute(_BE_WAL)
            self._series.clear()

    def close(self) -> None:
        self._readers.close()
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None


_BE_WAL = "PRAGMA journal_mode = WAL"
