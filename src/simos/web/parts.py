"""The parts of a page as values: what the component tags of `{% load web %}` take. Pure: no request, no lookup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How a thing stands, shown by a word and, beside it, a colour."""

    PLAIN = "plain"
    GOOD = "good"
    LOW = "low"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What everybody is to know who comes to a page: a flood, a closed bridge, work on the platform."""

    title: str
    text: str = ""
    address: str = ""
    state: State = State.LOW


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of a summary list; with `address` a link that does `action` about it."""

    key: str
    value: str
    address: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers are set to the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell that is a link, or a word on how a thing stands. `verbatim`: the same in all languages."""

    text: str
    address: str = ""
    state: State | None = None
    verbatim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is shown: texts (or cells with a link), one for each column. The first column heads its row."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str | Cell]] = ()

    def lines(self) -> Sequence[Sequence[tuple[Column, Cell]]]:
        """Each row's cells with their columns. ValueError where a row has too few or too many."""
        return [
            [
                (column, cell if isinstance(cell, Cell) else Cell(cell))
                for column, cell in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with the field whose element has the id `field` ('' for the whole form)."""

    message: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNumber:
    """A number that changes while one looks. `full` and `few`: at or below these the state is bad, or low.

    `most`: above it, or below none, a number cannot be and is not shown.

    `entity` and `attribute` name it in the hub; `observed_at` is an aware time; `words` are those of the states.
    """

    title: str
    value: float | None
    unit: str = ""
    entity: str
    attribute: str
    name: str = ""
    observed_at: datetime | None = None
    full: float | None = None
    few: float | None = None
    most: float | None = None
    words: Mapping[State, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """As live.js works it out: of a number with thresholds only."""
        if self.value is None or (self.full is None and self.few is None):
            return State.PLAIN
        if self.full is not None and self.value <= self.full:
            return State.BAD
        return State.LOW if self.few is not None and self.value <= self.few else State.GOOD

    @property
    def word(self) -> str:
        return self.words.get(self.state, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A way to something, in a grid of its like. `tag`: a word on how it stands."""

    title: str
    text: str = ""
    address: str = ""
    tag: str = ""
    state: State = State.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """A number that matters, written out, and how it has changed: `trend` in words, `better` None where that is neither
    good nor bad."""

    title: str
    value: str
    unit: str = ""
    trend: str = ""
    rising: bool = True
    better: bool | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a few views of the same thing, each with its own address."""

    title: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part that is folded up until it is wanted."""

    title: str
    text: str
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One of several things to do, in any order; without an address it cannot be begun yet."""

    title: str
    status: str
    address: str = ""
    hint: str = ""
    done: bool = False


class Reached(StrEnum):
    """Where a matter is with a step of its way."""

    DONE = "done"
    NOW = "now"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A step on a matter's way, with the time at which it was, or is to be, reached."""

    title: str
    at: datetime | None = None
    text: str = ""
    reached: Reached = Reached.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands where there is nothing yet: why, and what one can do."""

    title: str
    text: str = ""
    link: Link | None = None
