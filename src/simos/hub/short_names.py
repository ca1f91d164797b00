"""Short names for full IRIs where no JSON-LD context goes with the answer: GIS, sensor clients, tables. Pure."""

import re
from collections.abc import Iterable
from hashlib import blake2b

from simos.hub.contexts import CORE

_PLAIN = re.compile(r"[\w.-]+")
_LAST = re.compile(r"[^/#:]+$")


def short_names(names: Iterable[str]) -> dict[str, str]:
    """A short name for each of the full names, fit to stand in an address; two never have the same.

    That of the core context where it has one without a prefix, else the last part of the IRI; where that is taken, with
    a mark that depends on the IRI alone.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names), key=lambda each: (not _PLAIN.fullmatch(CORE.compact(each)), each)):
        short = short_name(name)
        if short in taken:
            short = f"{short}-{blake2b(name.encode(), digest_size=4).hexdigest()}"
        taken.add(short)
        found[name] = short
    return found


def short_name(name: str) -> str:
    """The short name of one IRI where no other has the same."""
    core = CORE.compact(name)
    if _PLAIN.fullmatch(core):
        return core
    last = _LAST.search(name)
    return re.sub(r"[^\w.-]", "_", last.group() if last else name)
