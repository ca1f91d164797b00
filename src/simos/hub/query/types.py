"""The text of a type selection (ETSI GS CIM 009, 4.17): `Bus`, `Bus,Tram`, `(Bus;Electric)|Tram`. Knows no entity.

A selection is its alternatives; each is a set of types (expanded), all of which an entity must bear.
"""

import re
from collections.abc import Iterable

from simos.hub.contexts import Context
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.values import Selection

ANY = "*"

_NAME = re.compile(r"[^\s,|;()]+")
_ALTERNATIVES = 64


def parse_types(text: str, context: Context) -> Selection:
    """The alternatives that `text` states; () for `*`, which every entity meets. BadRequestData where it is wrong."""
    if text == ANY:
        return ()
    parser = _Parser(text, context)
    found = parser.alternatives(0)
    if parser.rest():
        parser.refuse()
    return tuple(dict.fromkeys(found))


def selects(selection: Selection, types: Iterable[str]) -> bool:
    """Whether an entity that bears `types` meets the selection."""
    borne = frozenset(types)
    return not selection or any(wanted <= borne for wanted in selection)


def with_names(text: str, change: dict[str, str]) -> str:
    """`text` with every name in it replaced as `change` says."""
    return _NAME.sub(lambda found: change.get(found.group(), found.group()), text)


def names_in(text: str) -> list[str]:
    return _NAME.findall(text)


class _Parser:
    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._place = 0
        self._context = context

    def refuse(self) -> None:
        raise BadRequestData(f"type: not a selection of types, at sign {self._place + 1}: {self._text[:100]!r}")

    def rest(self) -> str:
        while self._text[self._place : self._place + 1].isspace():
            self._place += 1
        return self._text[self._place :]

    def _take(self, signs: str) -> bool:
        if self.rest()[:1] and self.rest()[0] in signs:
            self._place += 1
            return True
        return False

    def alternatives(self, depth: int) -> list[frozenset[str]]:
        found = self._together(depth)
        while self._take(",|"):
            found += self._together(depth)
        return self._bounded(found)

    def _together(self, depth: int) -> list[frozenset[str]]:
        found = self._one(depth)
        while self._take(";"):
            others = self._one(depth)
            found = self._bounded([one | other for one in found for other in others])
        return found

    def _one(self, depth: int) -> list[frozenset[str]]:
        if depth > 8:
            raise TooComplexQuery("type: brackets lie more than 8 deep")
        if self._take("("):
            found = self.alternatives(depth + 1)
            if not self._take(")"):
                self.refuse()
            return found
        name = _NAME.match(self.rest())
        if name is None:
            self.refuse()
        assert name is not None
        self._place += name.end()
        return [frozenset({self._context.name(name.group())})]

    def _bounded(self, found: list[frozenset[str]]) -> list[frozenset[str]]:
        if len(found) > _ALTERNATIVES:
            raise TooComplexQuery(f"type: more than {_ALTERNATIVES} alternatives")
        return found
