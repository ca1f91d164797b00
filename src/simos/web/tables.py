"""Tables that sort, search, filter, page and export by plain links and a GET form: one declared value over any rows.

    PERMITS = DataTable(
        name="permits",
        caption=_("Permits"),
        columns=(
            DataColumn("number", _("Number"), lambda permit: permit.number, sort="number", address=address_of),
            DataColumn("until", _("Valid until"), lambda permit: permit.until, sort="until"),
        ),
        filters=(Filter("state", _("State"), STATES, lambda rows, value: rows.filter(status=value)),),
        search=lambda rows, text: rows.filter(plate__icontains=text),
    )

    listing = listing_of(request, PERMITS, permits_of())
    if listing.file:
        return listing.file
    return render(request, "gates/permits.html", page, {"listing": listing})    # {% listing listing %}

Rows are a QuerySet or a sequence. Who may see a row is decided before: everything handed in may be exported.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.text import folded
from simos.web.exporting import FORMATS, exported
from simos.web.formatting import number_in
from simos.web.parts import Cell, Link, State

PAGES_SHOWN = 2
"""Numbers of pages on each side of the current one."""

Rows = Any
"""A QuerySet or a sequence of rows."""


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column: `of` gives a row's value, and what is exported. `sort`: the field by which a QuerySet is ordered, or
    True where rows are a sequence, ordered by value. `state`: the value is shown as a tag. The first column heads
    its row.
    """

    name: str
    title: Any
    of: Callable[[Any], Any]
    sort: str | bool = False
    numeric: bool = False
    address: Callable[[Any], str] | None = None
    shown: Callable[[Any], str] | None = None
    state: Callable[[Any], State] | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table. `keep` gives the rows that stay for a value; '' is no choice."""

    name: str
    title: Any
    choices: Sequence[tuple[str, Any]]
    keep: Callable[[Rows, str], Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """What a table is. `name` is unique on its page; `order` a column's name, with a dash before it for downwards."""

    name: str
    caption: Any
    columns: tuple[DataColumn, ...]
    filters: tuple[Filter, ...] = ()
    search: Callable[[Rows, str], Rows] | None = None
    order: str = ""
    page_size: int = 25
    exports: bool = True
    empty: Any = ""

    def parameter(self, what: str) -> str:
        """The query parameter; tables of one page do not get into each other's way."""
        return f"{self.name}-{what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A heading; with `address` a link that sorts by it. `sorted` is what aria-sort says."""

    title: str
    name: str
    numeric: bool
    address: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFilter:
    """A filter with what is chosen."""

    name: str
    title: str
    choices: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A step of the pagination; `number` 0 is a gap."""

    number: int
    address: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table as it is shown for one request. `file`: what was asked for is an export, and this is the answer."""

    table: DataTable
    heads: Sequence[Head]
    lines: Sequence[Sequence[tuple[Head, Cell]]]
    count: int
    filters: Sequence[ShownFilter]
    text: str
    kept: Sequence[tuple[str, str]]
    pages: Sequence[PageLink]
    before: str
    after: str
    exports: Sequence[Link]
    reset: str
    file: HttpResponse | None = None
    mark: str = field(default="")


def listing_of(request: HttpRequest, table: DataTable, rows: Rows) -> Listing:
    """The page of `rows` that the request asks for. What it asks wrongly (no such column, page, choice) counts as not
    asked, so that old links keep working."""
    asked = _Asked(request.GET, table)
    rows = asked.kept(rows)
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    rows = asked.ordered(rows)
    form = asked.value("as")
    file = exported(table, rows, form) if table.exports and form in FORMATS else None
    page, last = asked.page(count)
    heads = [asked.head(column) for column in table.columns]
    shown = () if file else rows[(page - 1) * table.page_size : page * table.page_size]
    return Listing(
        table=table,
        heads=heads,
        lines=[list(zip(heads, (_cell(column, row) for column in table.columns), strict=True)) for row in shown],
        count=count,
        filters=asked.filters,
        text=asked.value("q") if table.search else "",
        kept=asked.foreign() + ([(table.parameter("sort"), asked.order)] if asked.order != table.order else []),
        pages=list(asked.pages(page, last)),
        before=asked.address(page=str(page - 1)) if page > 1 else "",
        after=asked.address(page=str(page + 1)) if page < last else "",
        exports=[Link(form.upper(), asked.address(**{"as": form})) for form in FORMATS] if table.exports else [],
        reset=asked.reset() if asked.narrowed else "",
        file=file,
        mark=f"table-{table.name}",
    )


class _Asked:
    """What a query says of one table."""

    def __init__(self, query: QueryDict, table: DataTable) -> None:
        self.query, self.table = query, table
        self.filters = [
            ShownFilter(
                name=table.parameter(each.name),
                title=str(each.title),
                choices=[("", _("All")), *((value, str(title)) for value, title in each.choices)],
                chosen=chosen if (chosen := self.value(each.name)) in dict(each.choices) else "",
            )
            for each in table.filters
        ]
        sortable = {column.name for column in table.columns if column.sort}
        order = self.value("sort")
        self.order = order if order.lstrip("-") in sortable else table.order

    def value(self, what: str) -> str:
        return str(self.query.get(self.table.parameter(what), "")).strip()[:200]

    @property
    def narrowed(self) -> bool:
        return any(each.chosen for each in self.filters) or bool(self.table.search and self.value("q"))

    def kept(self, rows: Rows) -> Rows:
        for each, shown in zip(self.table.filters, self.filters, strict=True):
            if shown.chosen:
                rows = each.keep(rows, shown.chosen)
        text = self.value("q")
        return self.table.search(rows, text) if self.table.search and text else rows

    def ordered(self, rows: Rows) -> Rows:
        column = next((each for each in self.table.columns if each.name == self.order.lstrip("-")), None)
        if column is None or not column.sort:
            return rows
        down = self.order.startswith("-")
        if isinstance(rows, QuerySet):
            by = column.sort if isinstance(column.sort, str) else column.name
            return rows.order_by(f"-{by}" if down else by, "pk")
        known = [row for row in rows if column.of(row) is not None]
        unknown = [row for row in rows if column.of(row) is None]
        return [*sorted(known, key=lambda row: _rank(column.of(row)), reverse=down), *unknown]

    def page(self, count: int) -> tuple[int, int]:
        """The page asked for and the last one; the nearest there is."""
        last = max(1, ceil(count / self.table.page_size))
        asked = self.value("page")
        return min(last, max(1, int(asked) if asked.isascii() and asked.isdigit() else 1)), last

    def address(self, **changed: str) -> str:
        """A link to the same page with that changed; a change of order or filter begins on the first page."""
        query = self.query.copy()
        for gone in ("page", "as"):
            query.pop(self.table.parameter(gone), None)
        for name, value in changed.items():
            query[self.table.parameter(name)] = value
        return f"?{query.urlencode()}"

    def head(self, column: DataColumn) -> Head:
        title = str(column.title)
        if not column.sort:
            return Head(title=title, name=column.name, numeric=column.numeric)
        now = "ascending" if self.order == column.name else "descending" if self.order == f"-{column.name}" else ""
        way = self.address(sort=f"-{column.name}" if now == "ascending" else column.name)
        return Head(title=title, name=column.name, numeric=column.numeric, address=way, sorted=now or "none")

    def pages(self, page: int, last: int) -> Iterator[PageLink]:
        near = {1, last, *range(page - PAGES_SHOWN, page + PAGES_SHOWN + 1)} & set(range(1, last + 1))
        before = 0
        for number in sorted(near) if last > 1 else ():
            if number > before + 1:
                yield PageLink(number=0)
            yield PageLink(number=number, address=self.address(page=str(number)), current=number == page)
            before = number

    def foreign(self) -> list[tuple[str, str]]:
        """What the query says of other things than this table; the form hands it on."""
        return [
            (name, value)
            for name, values in self.query.lists()
            if not name.startswith(f"{self.table.name}-")
            for value in values
        ]

    def reset(self) -> str:
        query = QueryDict(mutable=True)
        for name, value in self.foreign():
            query.appendlist(name, value)
        return f"?{query.urlencode()}"


def _rank(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value


def _cell(column: DataColumn, row: Any) -> Cell:
    text = column.shown(row) if column.shown else written(column.of(row))
    state = column.state(row) if column.state else None
    return Cell(text, column.address(row) if column.address else "", state)


def written(value: Any) -> str:
    """A value as the page's language writes it."""
    language = get_language() or "sl"
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return number_in(value, language)
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)
