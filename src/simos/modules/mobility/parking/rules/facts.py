"""Which facts of a facility do not go together. Pure."""

from collections.abc import Iterator

from simos.modules.mobility.parking.values import FacilityFacts, type_of


def wrong_in(facts: FacilityFacts, before: FacilityFacts | None = None) -> list[tuple[str, str]]:
    """What is wrong, each with its field; empty where `facts` hold together. `before`: what was known so far."""
    return [*_spaces(facts), *_closing(facts), *_type(facts, before)]


def _spaces(facts: FacilityFacts) -> Iterator[tuple[str, str]]:
    kept = sum(count for _, count in facts.kept_spaces())
    if facts.capacity is not None and kept > facts.capacity:
        yield "capacity", f"is less than the {kept} spaces that are kept for some"


def _closing(facts: FacilityFacts) -> Iterator[tuple[str, str]]:
    closure = facts.closure
    if closure and closure.since and closure.until and closure.since >= closure.until:
        yield "closed_until", "is not after closed_from"


def _type(facts: FacilityFacts, before: FacilityFacts | None) -> Iterator[tuple[str, str]]:
    if before is not None and type_of(before.kind) != facts.type:
        yield "kind", "a zone on the street does not become a car park, nor the other way: enter it under another code"
