"""Whether an entity meets a condition: the meaning of `q` (ETSI GS CIM 009, 4.9). A store's SQL must agree with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import ge, gt, le, lt
from typing import Any

from simos.hub.ngsild.kinds import MEMBER
from simos.hub.ngsild.times import micros_of_text
from simos.hub.query.conditions import And, Compare, Condition, Exists, Literal, Op, Operand, Or, Path, Range, Sort
from simos.hub.query.q import time_text
from simos.hub.query.regex import Pattern
from simos.hub.values import Entity, Instance

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ORDER: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.LESS: lt,
    Op.LESS_OR_EQUAL: le,
    Op.MORE: gt,
    Op.MORE_OR_EQUAL: ge,
}
_WITHOUT_ORDER = frozenset({"Relationship", "ListRelationship"})


class Instant(int):
    """A time of the hub itself, in microseconds: compares with instants only."""


Linked = Callable[[str], Entity | None]
"""Given the id that a relationship points to, the entity there."""


def holds(condition: Condition, entity: Entity, linked: Linked | None = None) -> bool:
    """Whether `entity` meets `condition`. Of an attribute with several instances, or an array, one is enough."""
    if isinstance(condition, And):
        return all(holds(term, entity, linked) for term in condition.terms)
    if isinstance(condition, Or):
        return any(holds(term, entity, linked) for term in condition.terms)
    if isinstance(condition, Exists):
        return any(True for _ in targets(condition.path, entity, linked)) == condition.there
    return any(_compares(condition, kind, target) for kind, target in targets(condition.path, entity, linked))


def targets(path: Path, entity: Entity, linked: Linked | None = None) -> Iterator[tuple[str, Any]]:
    """Each element of `entity` that `path` leads to, with the kind of its attribute."""
    first, *rest = path.names
    if path.link is not None:
        yield from _beyond(path, entity, linked)
    elif first == "createdAt":
        yield "Property", Instant(entity.created_at)
    elif first == "modifiedAt":
        yield "Property", Instant(entity.modified_at)
    else:
        yield from _descend(entity.attributes.get(first, []), rest, path.keys)


def _beyond(path: Path, entity: Entity, linked: Linked | None) -> Iterator[tuple[str, Any]]:
    assert path.link is not None
    pointed = _descend(entity.attributes.get(path.names[0], []), list(path.names[1:]), ())
    for kind, target in pointed if linked is not None else ():
        if kind in _WITHOUT_ORDER:
            for each in target if isinstance(target, list) else [target]:
                found = linked(each) if linked is not None else None
                if found is not None and (not path.link.types or not set(path.link.types).isdisjoint(found.types)):
                    yield from targets(path.link.path, found, linked)


def _descend(instances: list[Instance], names: list[str], keys: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for instance in instances:
        kind = instance["type"]
        if not names:
            yield from ((kind, found) for found in _inside(kind, instance[MEMBER[kind]], keys))
        elif ":" in names[0]:
            yield from _descend(instance.get(names[0], []), names[1:], keys)
        elif len(names) == 1 and names[0] in instance:
            yield from (("Property", found) for found in _inside("Property", instance[names[0]], keys))


def _inside(kind: str, value: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    if kind == "LanguageProperty":
        languages = keys[:1] if keys and keys != ("*",) else value
        yield from (value[language] for language in languages if language in value)
        return
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return
        value = value[key]
    yield value


def _compares(condition: Compare, kind: str, target: Any) -> bool:
    if isinstance(target, dict) and "@value" in target:
        target = target["@value"]
    elements = [target, *target] if isinstance(target, list) else [target]
    op, operands = condition.op, condition.operands
    if op is Op.EQUAL:
        return any(_equals(each, operand) for each in elements for operand in operands)
    if op is Op.UNEQUAL:
        return not any(_equals(each, operand) for each in elements for operand in operands)
    if kind in _WITHOUT_ORDER:
        return False
    (operand,) = operands
    assert isinstance(operand, Literal)  # the grammar has no other
    if op in _ORDER:
        return any(_ordered(_ORDER[op], each, operand) for each in elements)
    found = [Pattern.of(str(operand.value)).is_in(each) for each in elements if isinstance(each, str)]
    return any(found) if op is Op.LIKE else bool(found) and not any(found)


def _equals(target: Any, operand: Operand) -> bool:
    if isinstance(operand, Range):
        return _ordered(ge, target, operand.low) and _ordered(le, target, operand.high)
    comparable = comparable_with(target, operand.sort)
    return comparable is not None and bool(comparable == operand.value)


def _ordered(order: Callable[[Any, Any], bool], target: Any, literal: Literal) -> bool:
    comparable = comparable_with(target, literal.sort)
    return comparable is not None and order(comparable, literal.value)


def comparable_with(target: Any, sort: Sort) -> Any:
    """`target` as something that compares with literals of `sort`; None where it is of another sort."""
    if isinstance(target, Instant):
        return int(target) if sort is Sort.INSTANT else None
    if sort is Sort.BOOLEAN:
        return target if isinstance(target, bool) else None
    if sort is Sort.NUMBER:
        return target if isinstance(target, int | float) and not isinstance(target, bool) else None
    if not isinstance(target, str):
        return None
    try:
        if sort is Sort.INSTANT:
            return micros_of_text(target)
        if sort is Sort.DATE:
            return date.fromisoformat(target).isoformat() if _DAY.fullmatch(target) else None
        if sort is Sort.TIME:
            return time_text(target)
    except ValueError:
        return None
    return target
