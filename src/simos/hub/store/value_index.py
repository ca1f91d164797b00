"""Which entities can meet `q` at all, by an index of values: what is put into it, and what is looked for. No SQL here.

Only attributes that somebody asks for by value are in the index (`entity_value`), so that others cost nothing to write.
What it finds is still judged by `holds`: it may let too much through, and never too little.

A value is a text that sorts like it: `n` and 16 hexadecimal digits for a number, `s` and the beginning of a string.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simos.hub.ngsild.kinds import MEMBER
from simos.hub.query import And, Compare, Condition, Literal, Op, Range, Sort
from simos.hub.values import Instance

SIGNS = 100
"""How much of a string is kept."""

_LARGEST = 1.7976931348623157e308
_TEXTS = frozenset({Sort.STRING, Sort.URI})
_LAST = "\U0010ffff"

Span = tuple[str, str]
"""From and to, both included."""


def number_key(number: float) -> str:
    """Numbers that are not less have keys that are not less."""
    try:
        real = float(number) + 0.0  # no negative zero
    except OverflowError:
        real = _LARGEST if number > 0 else -_LARGEST
    (bits,) = struct.unpack(">Q", struct.pack(">d", real))
    return f"n{bits ^ (0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63):016x}"


def text_key(text: str) -> str:
    """The same for strings, by code point. PostgreSQL keeps no U+0000."""
    return "s" + text[:SIGNS].replace("\0", "\1")


def keys_of(instances: Iterable[Instance]) -> frozenset[str]:
    """The keys of all values that `q` may compare with: of each instance, language and element of an array."""
    return frozenset(key for value in _values(instances) for key in _key(value))


def _values(instances: Iterable[Instance]) -> Iterator[Any]:
    for instance in instances:
        value = instance.get(MEMBER.get(instance["type"], "value"))
        inner = list(value.values()) if instance["type"] == "LanguageProperty" and isinstance(value, dict) else [value]
        for each in inner:
            found = each["@value"] if isinstance(each, dict) and "@value" in each else each
            yield from found if isinstance(found, list) else (found,)


def _key(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (text_key(value),)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (number_key(value),)
    return ()


@dataclass(frozen=True, slots=True)
class Sought:
    """An entity must have a value of `attribute` (expanded) in one of the spans."""

    attribute: str
    spans: tuple[Span, ...]


def sought_in(condition: Condition | None) -> list[Sought]:
    """What must be so for `condition` to hold, as far as an index of values can tell."""
    terms = condition.terms if isinstance(condition, And) else () if condition is None else (condition,)
    return [found for term in terms for found in _sought(term)]


def _sought(term: Condition) -> list[Sought]:
    if isinstance(term, And):
        return sought_in(term)
    if not isinstance(term, Compare):
        return []
    path = term.path
    if len(path.names) != 1 or path.keys or path.link is not None or ":" not in path.names[0]:
        return []
    spans = [span for operand in term.operands if (span := _span(term.op, operand))]
    return [Sought(path.names[0], tuple(spans))] if len(spans) == len(term.operands) else []


def _span(op: Op, operand: Literal | Range) -> Span | None:
    if isinstance(operand, Range):
        low, high = _literal_key(operand.low), _literal_key(operand.high)
        return (low, high) if op is Op.EQUAL and low and high else None
    key = _literal_key(operand)
    if key is None:
        return None
    if op is Op.EQUAL:
        return key, key
    if op in (Op.MORE, Op.MORE_OR_EQUAL):
        return key, key[0] + _LAST
    if op in (Op.LESS, Op.LESS_OR_EQUAL):
        return key[0], key
    return None


def _literal_key(literal: Literal) -> str | None:
    if literal.sort is Sort.NUMBER:
        assert isinstance(literal.value, int | float)
        return number_key(literal.value)
    return text_key(str(literal.value)) if literal.sort in _TEXTS else None


def narrowed(sought: Sequence[Sought], single: Mapping[str, bool]) -> list[Sought]:
    """Of attributes that have one value in every entity (`single`), all that is sought of it at once."""
    joined: dict[str, Sought] = {}
    others: list[Sought] = []
    for each in sought:
        if not single.get(each.attribute):
            others.append(each)
        elif each.attribute in joined:
            before = joined[each.attribute].spans
            both = [(max(a, c), min(b, d)) for a, b in before for c, d in each.spans]
            joined[each.attribute] = Sought(each.attribute, tuple(span for span in both if span[0] <= span[1]))
        else:
            joined[each.attribute] = each
    return [*joined.values(), *others]
