"""What is left of a person: a search through every table of both stores, as text. Only for tests."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from simos.platform.privacy.parts import parts


@dataclass(frozen=True, slots=True)
class Leftover:
    """`identifier` stands in a row of `table`. `kept`: the table is declared to keep something of an erased person."""

    table: str
    column: str
    identifier: str
    kept: bool


def leftovers(*identifiers: str) -> list[Leftover]:
    """Every place where one of these (names, addresses, numbers, ids) is found, in whatever case, in both stores."""
    keeps = {table for part in parts() for table in part.privacy.keeps}
    forms = {each: _forms(each) for each in identifiers}
    found = {
        Leftover(table, column, each, table in keeps)
        for table, column, text in _all_texts()
        for each, ways in forms.items()
        if any(way in text for way in ways)
    }
    return sorted(found, key=lambda each: (each.table, each.column, each.identifier))


def _forms(identifier: str) -> tuple[str, ...]:
    """An id is written with dashes or without."""
    try:
        return identifier.casefold(), UUID(identifier).hex
    except ValueError:
        return (identifier.casefold(),)


def _all_texts() -> Iterator[tuple[str, str, str]]:
    """Table, column and content of every cell. On PostgreSQL both stores are in the one database."""
    with connection.cursor() as cursor:
        for table in _tables(cursor):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from the database itself
            names = [each[0] for each in cursor.description]
            yield from _cells(table.rpartition(".")[2].strip('"'), names, cursor.fetchall())
    hub = settings.SIMOS.home / "hub.sqlite3"
    if connection.vendor == "sqlite" and hub.exists():
        opened = sqlite3.connect(f"file:{hub}?mode=ro", uri=True)
        try:
            for (table,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = opened.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - as above
                yield from _cells(f"hub {table}", [each[0] for each in rows.description], rows.fetchall())
        finally:
            opened.close()


def _tables(cursor: object) -> list[str]:
    if connection.vendor == "sqlite":
        return [f'"{name}"' for name in connection.introspection.table_names(cursor)]  # type: ignore[arg-type]
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    return [f'"{schema}"."{name}"' for schema, name in cursor.fetchall()]  # type: ignore[attr-defined]


def _cells(table: str, names: list[str], rows: list[tuple[object, ...]]) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        for name, value in zip(names, row, strict=True):
            if value is not None:
                raw = bytes(value) if isinstance(value, bytes | memoryview) else None
                yield table, name, (raw.decode("utf-8", "ignore") if raw is not None else str(value)).casefold()
