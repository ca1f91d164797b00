"""A table's rows as a file: CSV for spreadsheets and JSON for programs, whole and in the order that is shown.

Streams row by row. Knows no page; what may be exported is decided by who hands in the rows.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet begins a formula."""


class Exportable(Protocol):
    """What of a column is exported: its name, and a row's value."""

    @property
    def name(self) -> str: ...
    @property
    def of(self) -> Callable[[Any], Any]: ...


class ExportableTable(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Iterable[Exportable]: ...


class _Line:
    """What the csv module writes to: hands a line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def _csv(table: ExportableTable, rows: Iterable[Any]) -> Iterator[str]:
    writer = csv.writer(_Line())
    columns = list(table.columns)
    yield "\ufeff" + writer.writerow([column.name for column in columns])  # the mark tells Excel that it is UTF-8
    for row in rows:
        yield writer.writerow([_plain(column.of(row)) for column in columns])


def _plain(value: Any) -> str:
    """The value as text; what a spreadsheet would take for a formula is told from it by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _json(table: ExportableTable, rows: Iterable[Any]) -> Iterator[str]:
    columns = list(table.columns)
    before = "["
    for row in rows:
        yield before + orjson.dumps({column.name: column.of(row) for column in columns}, default=str).decode()
        before = ",\n"
    yield "[]" if before == "[" else "]"


FORMATS: Mapping[str, tuple[str, Callable[[ExportableTable, Iterable[Any]], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
}


def exported(table: ExportableTable, rows: Any, form: str) -> HttpResponse:
    """The rows as an attachment named after the table. `form` is one of FORMATS."""
    media_type, lines = FORMATS[form]
    each = rows.iterator(chunk_size=1000) if isinstance(rows, QuerySet) else rows
    response = StreamingHttpResponse(lines(table, each), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # both are what a view returns
