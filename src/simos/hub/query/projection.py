"""Which members of an entity are wanted: pick and omit (ETSI GS CIM 009, 4.21). Pure; knows no document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from simos.hub.contexts import Context
from simos.hub.ngsild import attribute_name
from simos.hub.problems import BadRequestData

OWN_MEMBERS = frozenset({"id", "type", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt"})
"""Members of an entity that are no attributes."""

_NAME = re.compile(r"https?://[^\s,|;{}()]+|[^\W\d_]\w*(?::[^\W\d_]\w*)?")

Names = Mapping[str, "Names"]
"""Members, by their own or their expanded name; what is wanted of the entity that a relationship leads to."""


@dataclass(frozen=True, slots=True)
class Projection:
    """`pick` None: all. `omit` takes away from that."""

    pick: Names | None = None
    omit: Names = field(default_factory=dict)

    def keeps(self, member: str) -> bool:
        return (self.pick is None or member in self.pick) and not (member in self.omit and not self.omit[member])

    def beyond(self, relationship: str) -> "Projection":
        """What holds for the entities that this attribute leads to."""
        inner = self.pick.get(relationship) if self.pick else None
        return Projection(inner or None, self.omit.get(relationship) or {})

    @property
    def depth(self) -> int:
        """How many relationships it follows."""
        return max(_depth(self.pick or {}), _depth(self.omit))


EVERYTHING = Projection()


def parse_projection(pick: str, omit: str, context: Context) -> Projection:
    """The projection that the two parameters state ("" says nothing); BadRequestData where one is malformed."""
    found = Projection(_names(pick, context) if pick else None, _names(omit, context) if omit else {})
    if both := sorted(name for name in (found.pick or {}) if name in found.omit and not found.omit[name]):
        raise BadRequestData(f"pick and omit: {context.compact(both[0])} cannot be in both")
    return found


def _depth(names: Names) -> int:
    return max((1 + _depth(inner) for inner in names.values() if inner), default=0)


def _names(text: str, context: Context) -> Names:
    found, place = _list(text, 0, context, 0)
    if place < len(text):
        _refuse(text, place)
    return found


def _refuse(text: str, place: int) -> NoReturn:
    raise BadRequestData(f"pick and omit look like id,name,owner{{name}}; wrong at sign {place + 1}: {text[:100]!r}")


def _list(text: str, place: int, context: Context, depth: int) -> tuple[Names, int]:
    if depth > 32:
        raise BadRequestData("pick and omit: braces lie too deep")
    found: dict[str, Names] = {}
    while True:
        term = _NAME.match(text, place)
        if term is None:
            _refuse(text, place)
        place, inner = term.end(), dict[str, Names]()
        if text[place : place + 1] == "{":
            below, place = _list(text, place + 1, context, depth + 1)
            if text[place : place + 1] != "}":
                _refuse(text, place)
            place, inner = place + 1, dict(below)
        name = term.group()
        found[name if name in OWN_MEMBERS else attribute_name(name, context)] = inner
        if text[place : place + 1] not in (",", "|"):
            return found, place
        place += 1
