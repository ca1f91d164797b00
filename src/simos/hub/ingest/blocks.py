"""Records as they come, a block at a time: rows of a table by column, or JSON objects. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from simos.hub.ingest.expressions import Expression
from simos.kernel.errors import Invalid, RowError


class Trouble(str):
    """Stands for a value that could not be looked up, and says why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`numbers`: of each record, its row in the file (from 1, a header being row 1) or its place in the message.

    `columns` by name for a table, else `records`. `faults`: rows that could not even be read. `until`: how much of the
    file is read with it, to go on from there; `share`: that as a part of the whole, None where it is not known.
    """

    numbers: Sequence[int]
    columns: Mapping[str, list[Any]] | None = None
    records: Sequence[Any] = ()
    faults: tuple[RowError, ...] = ()
    until: int = 0
    share: float | None = None
    _rows: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """The rows of a table as objects, once an expression has asked for them."""

    def __len__(self) -> int:
        return len(self.numbers)

    def of(self, expression: Expression) -> list[Any]:
        """What `expression` finds in each record; a `Trouble` where it cannot be asked. Invalid where it names a column
        that is not there."""
        if self.columns is None:
            return [_found(expression, record) for record in self.records]
        if expression.text in self.columns:
            return self.columns[expression.text]
        if expression.is_column:
            name = expression.path[0] if expression.path else expression.text
            if name in self.columns:
                return self.columns[name]
            raise Invalid(_no_column(name, list(self.columns)))
        if not self._rows:
            names = list(self.columns)
            cells = zip(*self.columns.values(), strict=True)
            self._rows.extend(dict(zip(names, row, strict=True)) for row in cells)
        return [_found(expression, row) for row in self._rows]


def _found(expression: Expression, record: Any) -> Any:
    try:
        return expression.of(record)
    except ValueError as error:
        return Trouble(error)


def _no_column(name: str, there: list[str]) -> str:
    near = get_close_matches(name, there, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else "Is the delimiter right?" if len(there) == 1 else ""
    return f"There is no column {name!r}; there are {', '.join(map(repr, there[:30]))}. {hint}".strip()
