"""What the shared SQL needs of a database connection. The two adapters differ in this and nothing else.

SQL is written once, in the dialect that both understand, with `?` where a parameter goes.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from simos.hub.store.rows import Row
from simos.hub.values import Key

KIND: dict[str, str] = {
    "series": "bigint",
    "at": "bigint",
    "created_at": "bigint",
    "modified_at": "bigint",
    "expires_at": "bigint",
    "last_seen_at": "bigint",
    "every": "bigint",
    "usual": "bigint",
    "silent_since": "bigint",
    "battery": "double precision",
    "got_at": "bigint",
    "deleted_at": "bigint",
    "seq": "bigint",
    **dict.fromkeys(("file", "day", "series_from", "series_to", "instances", "bytes", "until", "up_to"), "bigint"),
    **dict.fromkeys(("hour", "of_numbers", "others", "numbers"), "bigint"),
    **dict.fromkeys(("total", "least", "most", "sumsq", "squares"), "double precision"),
    "since": "bigint",
    "waiting_from": "bigint",
    "times_sent": "bigint",
    "times_failed": "bigint",
    "last_notification": "bigint",
    "last_success": "bigint",
    "last_failure": "bigint",
    "quiet": "bigint",
    "may_write": "bigint",
    "may_administer": "bigint",
    "number": "double precision",
    "west": "double precision",
    "south": "double precision",
    "east": "double precision",
    "north": "double precision",
    "payload": "bytea",
}
"""What the columns hold, by name; text where nothing is said."""


KEEP = "ON CONFLICT DO NOTHING"


class Session(Protocol):
    """One connection. Not to be used by two threads at once."""

    any_of: str
    """The condition 'is one of the list', with one parameter made by `listed`."""

    snapshot: str
    """Begins a transaction whose reads all see the database as it was at one moment."""

    placed: str
    """The table of entities, called e, where they are to be found by place and no other way."""

    member: str
    """The JSON text of a member of an instance, `{column}` and `{name}` to be put in; null where it has none."""

    overlapping: str
    """The condition that an entity's box touches the box of the parameters west, south, east, north. By index; lets a
    little too much through."""

    def listed(self, values: Sequence[str] | Sequence[int]) -> Any:
        """`values` as the parameter of `any_of`."""
        ...

    def keyed(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, tuple[Any, ...]]:
        """`rows` as something to select from, called k, and its parameters."""
        ...

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Runs one statement; all of its rows."""
        ...

    def each(self, sql: str, rows: Sequence[Row]) -> int:
        """Runs one statement for each row; how many rows of the table were touched."""
        ...

    def insert(self, table: str, rows: Sequence[Row], conflict: str = "") -> int:
        """Inserts rows made for COLUMNS[table] in one go; how many rows of the table were touched."""
        ...

    def add(self, table: str, rows: Sequence[Row]) -> int:
        """As `insert`, with rows that are there already left alone: the fastest way for many that are new."""
        ...

    def lock(self, keys: Iterable[Key]) -> None:
        """Keeps other writers from these entities, there or not yet there, and from their history, until the end of the
        transaction."""
        ...


class Sessions(Protocol):
    """Lends sessions to readers, each to one thread at a time."""

    def lent(self) -> AbstractContextManager[Session]: ...
