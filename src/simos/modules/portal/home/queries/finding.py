"""What the search page shows: what is found, grouped by kind, with the words that were looked for marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from simos.kernel.acting import Actor
from simos.kernel.text import folded
from simos.platform.scopes.queries import cities
from simos.platform.search.queries import A_PAGE, kinds_of, search
from simos.platform.search.rules import wanted_in
from simos.platform.search.values import Hit

A_GROUP = 5
"""Of each kind, until one asks for more of it."""

Marked = Sequence[tuple[str, bool]]
"""A text in parts; True: it is what was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something found, as it is shown."""

    hit: Hit
    city: str
    title: Marked
    extract: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was found of one kind, best first, and how much there is of it."""

    kind: str
    title: str
    total: int
    found: Sequence[Found]


def groups_for(text: str, *, by: Actor, language: str, city: str) -> Sequence[Group]:
    """The first few of each kind; the kind with the best hit first."""
    best = search(text, by=by, language=language, city=city, limit=50)
    order = list(dict.fromkeys(hit.kind for hit in best.hits))
    titles = kinds_of()
    rest = [kind for kind in titles if kind not in order] if best.total > len(best.hits) else []
    found = [group_of(kind, text, by=by, language=language, city=city, limit=A_GROUP) for kind in (*order, *rest)]
    return [group for group in found if group.total]


def group_of(
    kind: str, text: str, *, by: Actor, language: str, city: str, limit: int = A_PAGE, offset: int = 0
) -> Group:
    """A page of what was found of one kind."""
    hits = search(text, by=by, language=language, city=city, kinds=(kind,), limit=limit, offset=offset)
    wanted = wanted_in(text)
    stems = wanted.stems if wanted else ()
    names = {} if city else {each.code: each.name.in_(language) for each in cities()}
    shown = [
        Found(hit=hit, city=names.get(hit.city, ""), title=marked(hit.title, stems), extract=marked(hit.extract, stems))
        for hit in hits.hits
    ]
    return Group(kind=kind, title=kinds_of()[kind].in_(language), total=hits.total, found=shown)


def marked(text: str, stems: Sequence[str]) -> Marked:
    """`text` in parts; put together again they are the text, with one space between its words."""
    parts: list[tuple[str, bool]] = []
    for word in text.split():
        hit = any(part.startswith(stem) for part in folded(word).split() for stem in stems)
        if parts and parts[-1][1] == hit:
            parts[-1] = (f"{parts[-1][0]} {word}", hit)
        else:
            parts += [(" ", False)] * bool(parts) + [(word, hit)]
    return parts
