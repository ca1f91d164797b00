"""The query language of the hub: conditions as values, their text, and whether an entity meets them. No database."""

from simos.hub.query.conditions import (
    And,
    Compare,
    Condition,
    Exists,
    Link,
    Literal,
    Op,
    Operand,
    Or,
    Path,
    Range,
    Sort,
)
from simos.hub.query.evaluate import Linked, holds
from simos.hub.query.geo import GeoCondition, GeoRelation, parse_geo
from simos.hub.query.q import linked_depth, names_of, parse_path, parse_q
from simos.hub.query.regex import Pattern

__all__ = [
    "And",
    "Compare",
    "Condition",
    "Exists",
    "GeoCondition",
    "GeoRelation",
    "Link",
    "Linked",
    "Literal",
    "Op",
    "Operand",
    "Or",
    "Path",
    "Pattern",
    "Range",
    "Sort",
    "holds",
    "linked_depth",
    "names_of",
    "parse_geo",
    "parse_path",
    "parse_q",
]
