"""The rules of a hash chain: how a row is sealed to the row before, and how tampering is found. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

GENESIS = "0" * 64
"""What the first row of a chain is sealed to."""


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a chain: its number from 1, what it says (canonical), the seal of the row before, and its own seal."""

    seq: int
    content: str
    prev_hash: str
    hash: str


class FaultKind(StrEnum):
    CHANGED = "changed"  # its seal is not that of its content
    REMOVED = "removed"  # the number is missing
    MISPLACED = "misplaced"  # it is not sealed to the row before it: moved, or that row was replaced
    ADDED = "added"  # it comes after the end that the chain knows of


@dataclass(frozen=True, slots=True)
class Fault:
    """Row `seq` of the chain of `scope` is not as it was written."""

    scope: str
    seq: int
    kind: FaultKind

    def __str__(self) -> str:
        return f"audit record {self.seq} of {self.scope}: {self.kind}"


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text. ValueError for NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def seal(prev_hash: str, content: str) -> str:
    """SHA-256 over the seal of the row before and the content, in hexadecimal."""
    return hashlib.sha256(f"{prev_hash}\n{content}".encode()).hexdigest()


def faults_in(
    scope: str, links: Iterable[Link], *, last_seq: int, last_hash: str, after: int = 0, before: str = GENESIS
) -> Iterator[Fault]:
    """Every place where `links` (by rising number) are not the chain that ends with `last_seq`, sealed `last_hash`.

    A part of a chain begins after number `after`, whose row is sealed `before`.
    """
    expected = after + 1
    for link in links:
        yield from (Fault(scope, seq, FaultKind.REMOVED) for seq in range(expected, link.seq))
        if seal(link.prev_hash, link.content) != link.hash:
            yield Fault(scope, link.seq, FaultKind.CHANGED)
        elif link.seq == expected and link.prev_hash != before:
            yield Fault(scope, link.seq, FaultKind.MISPLACED)
        if link.seq > last_seq:
            yield Fault(scope, link.seq, FaultKind.ADDED)
        expected, before = link.seq + 1, link.hash
    if expected <= last_seq:
        yield from (Fault(scope, seq, FaultKind.REMOVED) for seq in range(expected, last_seq + 1))
    elif expected == last_seq + 1 and before != last_hash:
        yield Fault(scope, last_seq, FaultKind.MISPLACED)
