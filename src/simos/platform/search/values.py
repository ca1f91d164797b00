"""The contract of a module's `search.py`: what can be found of it. Pure: no Django.

searchables = (Searchable(kind="parking-facility", title=Text(sl="Parkirišče", en="Car park"), documents=documents),)
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from simos.kernel.ids import CODE
from simos.kernel.text import LANGUAGES, Text

OPEN = ""
"""The permission that everybody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that can be found. `id` is unique in its kind and scope; `body` is plain text, no markup.

    `addresses`: where it is, by language; it is found in these. `open`: anyone may see it; else those with `permission`
    in its scope. Must hold no personal data: the index is no place for it, and what one finds there is not audited.
    """

    id: str
    title: Text
    addresses: Mapping[str, str]
    at: datetime
    body: Text | None = None
    open: bool = False
    permission: str = OPEN

    def __post_init__(self) -> None:
        if not self.id or len(self.id) > 200:
            raise ValueError("a document has an id of at most 200 signs")
        if not self.addresses or not set(self.addresses) <= set(LANGUAGES):
            raise ValueError(f"document {self.id}: its addresses are in some of {', '.join(LANGUAGES)}")
        if self.open == bool(self.permission):
            raise ValueError(f"document {self.id}: it is either open, or needs a permission to be seen")


Documents = Callable[[Collection[str] | None], Iterable[Document]]
"""The documents with these ids (those that are gone left out), or all (None). Called while acting in a scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A kind of thing that can be found: `parking-facility`. No two modules export the same."""

    kind: str
    title: Text
    documents: Documents

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.kind):
            raise ValueError(f"a kind is lower-case letters, digits and dashes, not {self.kind!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found. `language`: of its words and its address, where there is none in the language asked for."""

    kind: str
    id: str
    title: str
    extract: str
    address: str
    city: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found, best first, and how much there is in all."""

    hits: tuple[Hit, ...]
    total: int
