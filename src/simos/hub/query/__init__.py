"""The query language of the hub: conditions as values, their text, and whether an entity meets them. No database."""

from simos.hub.query.conditions import And, Compare, Condition, Exists, Literal, Op, Operand, Or, Path, Range, Sort
from simos.hub.query.geo import GeoCondition, GeoRelation

__all__ = [
    "And",
    "Compare",
    "Condition",
    "Exists",
    "GeoCondition",
    "GeoRelation",
    "Literal",
    "Op",
    "Operand",
    "Or",
    "Path",
    "Range",
    "Sort",
]
