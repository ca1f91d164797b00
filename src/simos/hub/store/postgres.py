"""The hub's store on PostgreSQL, in a schema of its own. No meaning of writes here.

Every transaction is READ COMMITTED: it sees what was committed before each of its statements, and locks the entities
that it is going to change.  Connections that break are opened anew, a writer's by the next transaction.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from simos.hub.store import postgres_copies
from simos.hub.store.lending import Lender
from simos.hub.store.postgres_tables import STEPS
from simos.hub.store.rows import COLUMNS, Row
from simos.hub.store.session import KEEP, KIND, Session
from simos.hub.store.sql_store import SqlStore
from simos.hub.values import Key
from simos.kernel.errors import Unavailable

_MIGRATING = 7_300_001
_WRITING = 7_300_002
"""Our own numbers among the database's advisory locks."""

STRIPES = 128
"""Locks for all the names of entities: few enough that a transaction of any size cannot overflow the lock table."""


COPIED = 1000
"""Rows from which on COPY is worth its savepoint."""


class PostgresSession:
    """Implements `Session`."""

    any_of = "= ANY(?)"
    snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    placed = "entity e"
    member = "(({column}::json -> '{name}')::text COLLATE \"C\")"
    overlapping = (
        "e.west IS NOT NULL AND box(point(e.west, e.south), point(e.east, e.north)) && box(point(?, ?), point(?, ?))"
    )

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    def listed(self, values: Sequence[str] | Sequence[int]) -> list[Any]:
        return list(values)

    def keyed(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, tuple[Any, ...]]:
        arrays = ", ".join(f"?::{KIND.get(column, 'text')}[]" for column in columns)
        return f"unnest({arrays}) k ({', '.join(columns)})", tuple(map(list, zip(*rows, strict=True)))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        cursor = self.connection.execute(_placed(sql), parameters)
        return cursor.fetchall() if cursor.description else []

    def each(self, sql: str, rows: Sequence[Row]) -> int:
        with self.connection.cursor() as cursor:
            cursor.executemany(_placed(sql), rows)
            return cursor.rowcount

    def insert(self, table: str, rows: Sequence[Row], conflict: str = "") -> int:
        columns = COLUMNS[table]
        source, arrays = self.keyed(columns, rows)
        sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM {source} {conflict}"
        return self.connection.execute(_placed(sql), arrays).rowcount

    def add(self, table: str, rows: Sequence[Row]) -> int:
        """COPY writes three times as fast as INSERT, but stops at the first row that is there."""
        if len(rows) >= COPIED:
            try:
                with self.connection.transaction():
                    self._copy(table, rows)
                return len(rows)
            except psycopg.errors.UniqueViolation:
                pass
        return self.insert(table, rows, KEEP)

    def _copy(self, table: str, rows: Sequence[Row]) -> None:
        texts = ("\t".join(map(_copied, row)) for row in rows)
        sql = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(sql.encode()) as copy:
            copy.write(("\n".join(texts) + "\n").encode())

    def lock(self, keys: Iterable[Key]) -> None:
        """Names are locked, not rows: a row that is not there yet cannot be, and with rows for some and names for the
        others two writers met in deadlock. In one order, so that they cannot wait for each other; the statements that
        follow see all that the one before has committed."""
        stripes = sorted({zlib.crc32("\0".join(key).encode()) % STRIPES for key in keys})
        self.rows("SELECT pg_advisory_xact_lock(?::integer, s) FROM unnest(?::integer[]) s", (_WRITING, stripes))

    def close(self) -> None:
        self.connection.close()


class _ReadingSession(PostgresSession):
    """Asks again, once, over a new connection where the one it had is broken (the server was restarted)."""

    def __init__(self, store: "PostgresStore") -> None:
        self._store = store
        super().__init__(store.connected(read_only=True))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        try:
            return super().rows(sql, parameters)
        except psycopg.OperationalError:
            if not self.connection.closed:
                raise
            self.connection = self._store.connected(read_only=True)
            return super().rows(sql, parameters)


def _copied(cell: Any) -> str:
    """A cell in COPY's text form."""
    if type(cell) is not str:
        return "\\N" if cell is None else str(cell)
    text = cell
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text


@cache
def _placed(sql: str) -> str:
    return sql.replace("?", "%b")


class PostgresStore(SqlStore):
    """Implements `Store`. `url` as libpq has it: `postgresql://user:password@host:port/database`."""

    steps = STEPS
    copy_name = "hub.dump"
    at_hand = False

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo_to_dict(url)
        self._readers = Lender(lambda: _ReadingSession(self))
        self._writer: PostgresSession | None = None
        super().__init__(self._readers)

    def connected(self, *, read_only: bool) -> psycopg.Connection[Row]:
        """A new connection that sees the hub's tables by their bare names."""
        settings = ["-c search_path=hub", *(["-c default_transaction_read_only=on"] if read_only else [])]
        options = " ".join([str(self._conninfo.get("options") or ""), *settings]).strip()
        wanted = {"connect_timeout": 10} | self._conninfo
        wanted |= {"options": options, "application_name": "simos-hub", "client_encoding": "utf8"}
        return psycopg.connect(make_conninfo("", **wanted), autocommit=True)

    @contextmanager
    def _begun(self) -> Iterator[Session]:
        session = self._begin()
        try:
            yield session
            session.rows("COMMIT")
        except BaseException:
            self._roll_back(session)
            raise

    def _begin(self) -> PostgresSession:
        begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        if self._writer is not None:
            try:
                self._writer.rows(begin)
                return self._writer
            except psycopg.OperationalError:
                self._writer.close()
        self._writer = PostgresSession(self.connected(read_only=False))
        self._writer.rows(begin)
        return self._writer

    def _roll_back(self, session: PostgresSession) -> None:
        """A connection that cannot do even that is given up; the server rolls back by itself."""
        try:
            session.rows("ROLLBACK")
        except psycopg.Error:
            session.close()
            self._writer = None

    def _prepare(self, session: Session) -> None:
        session.rows("SELECT pg_advisory_xact_lock(?::bigint)", (_MIGRATING,))
        if (encoding := session.rows("SHOW server_encoding")[0][0]) != "UTF8":
            raise Unavailable(f"the database is encoded in {encoding}; make one with: createdb --encoding=UTF8 NAME")
        if not session.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'hub'"):
            session.rows("CREATE SCHEMA hub")

    def _has_tables(self, session: Session) -> bool:
        return bool(session.rows("SELECT to_regclass('hub.meta') IS NOT NULL")[0][0])

    def backup(self, folder: str) -> None:
        """`hub.dump` in `folder` is the hub as it was at one moment; an earlier one is replaced at the end."""
        postgres_copies.dump(self._conninfo, Path(folder) / self.copy_name)

    def restore(self, folder: str) -> None:
        """The schema is the copy in `folder`, in one transaction; Unavailable with the server's words where it cannot
        be. No hub may be running."""
        with self._writing:
            postgres_copies.restore(self._conninfo, Path(folder) / self.copy_name)
            self._series.clear()

    def close(self) -> None:
        self._readers.close()
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
