"""Entities that relationships lead to, into a notification (ETSI GS CIM 009, 4.5.23). Reads nothing itself."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from simos.hub.values import Entity, Instance

AT_MOST = 1000
"""Linked entities in one notification."""

Find = Callable[[Sequence[str]], Awaitable[Mapping[str, Entity]]]
Show = Callable[[Entity], dict[str, Any]]


def targets_of(instance: Instance) -> list[str]:
    """What a relationship points to; nothing for other attributes."""
    if instance["type"] not in ("Relationship", "ListRelationship"):
        return []
    target: Any = instance.get("object", instance.get("objectList", []))
    return list(target) if isinstance(target, list) else [target]


async def links_of(entities: Sequence[Entity], levels: int, find: Find) -> dict[str, Entity]:
    """What they lead to over at most `levels` relationships, each once, in the order in which it is met."""
    found: dict[str, Entity] = {}
    known = {entity.id for entity in entities}
    level: Sequence[Entity] = entities
    for _ in range(levels):
        wanted = [target for target in dict.fromkeys(_all_targets(level)) if target not in known]
        there = await find(wanted[: AT_MOST - len(found)]) if wanted else {}
        level = [there[target] for target in wanted if target in there]
        known |= set(wanted)
        found |= {each.id: each for each in level}
    return found


def _all_targets(entities: Sequence[Entity]) -> Iterator[str]:
    for entity in entities:
        for instances in entity.attributes.values():
            for instance in instances:
                yield from targets_of(instance)


def with_links(entity: Entity, links: Mapping[str, Entity], levels: int, show: Show) -> Entity:
    """`entity` whose relationships hold, as documents, what they lead to; what leads back up is left as it is."""
    return _with_links(entity, links, levels, show, frozenset({entity.id}))


def _with_links(entity: Entity, links: Mapping[str, Entity], levels: int, show: Show, above: frozenset[str]) -> Entity:
    def joined(instance: Instance) -> Instance:
        there = [links[target] for target in targets_of(instance) if target in links and target not in above]
        if not there:
            return instance
        shown = [show(_with_links(each, links, levels - 1, show, above | {each.id})) for each in there]
        if instance["type"] == "ListRelationship":
            return {**instance, "entityList": shown}
        return {**instance, "entity": shown if isinstance(instance["object"], list) else shown[0]}

    if not levels:
        return entity
    attributes = {name: [joined(each) for each in instances] for name, instances in entity.attributes.items()}
    return replace(entity, attributes=attributes)
