"""What a query asks of an entity, as values: the meaning of NGSI-LD's `q` (ETSI GS CIM 009, 4.9) without its text.

A store may turn a condition into its own language; where it cannot, `holds` of this package is the meaning.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What kind of thing a literal of the query is."""

    NUMBER = "number"  # value: int or float
    STRING = "string"
    BOOLEAN = "boolean"
    INSTANT = "instant"  # value: int, microseconds since 1970, UTC
    DATE = "date"  # value: YYYY-MM-DD
    TIME = "time"  # value: HH:MM:SS[.ffffff]Z
    URI = "uri"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the query names."""

    sort: Sort
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Range:
    """Everything from `low` to `high`, both included; both of one sort."""

    low: Literal
    high: Literal


Operand = Literal | Range


class Op(StrEnum):
    """How an element is compared."""

    EQUAL = "=="
    UNEQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    MORE = ">"
    MORE_OR_EQUAL = ">="
    LIKE = "~="
    UNLIKE = "!~="


@dataclass(frozen=True, slots=True)
class Path:
    """Which element is meant: an attribute, its sub-attributes or members, then keys inside its value.

    `names`: expanded names as the hub keeps them; a member of an instance (`observedAt`, `unitCode`, ...) keeps its
    short name. A first name `createdAt` or `modifiedAt` is the entity's own. `keys`: those in brackets, as written.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    link: "Link | None" = None


@dataclass(frozen=True, slots=True)
class Link:
    """The path goes on in the entities that the relationship points to: those of `types`, if any are named."""

    types: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Exists:
    """The element is there; or, where `there` is false, is not."""

    path: Path
    there: bool = True


@dataclass(frozen=True, slots=True)
class Compare:
    """The element compares so with `operands`: `==` with any of them, `!=` with none of them, others have exactly one.

    For `~=` and `!~=` the operand is a string: a regular expression, looked for at any place.
    An element that is not there compares with nothing, not even by `!=`.
    """

    path: Path
    op: Op
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of them hold."""

    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them holds, or more."""

    terms: tuple["Condition", ...]


Condition = Exists | Compare | And | Or
