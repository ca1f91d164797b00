"""What topics mean to the hub, and what a payload sent to one wants to have written. Pure.

`<tenant>/entities` takes an entity or an array of entities, `<tenant>/entities/<entity id>` attributes of one entity;
tenant `default` is the default one. Names are those of the core context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from simos.hub.contexts import CORE, context_of
from simos.hub.grants import ALL, Grant
from simos.hub.ngsild import parse_entity
from simos.hub.problems import BadRequestData, InvalidRequest
from simos.hub.topic_filters import is_filter
from simos.hub.values import DEFAULT_TENANT, Mode, Write
from simos.kernel.errors import Problem

DEFAULT_WORD = "default"
"""How the default tenant is called in topics, where it needs a name."""

ARRAY_LIMIT = 10_000
"""Entities in one message: as many as in one batch over HTTP."""

_ENTITIES = "entities"
_URN = "urn:ngsi-ld:"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message wants to be stored. `entity_id` is None where the payload itself names its entities."""

    tenant: str
    entity_id: str | None


def tenant_of(topic: str) -> str:
    """The tenant that a topic, or a filter without wildcards before its first '/', belongs to."""
    first = topic.partition("/")[0]
    return DEFAULT_TENANT if first == DEFAULT_WORD else first


def destination_of(topic: str) -> Destination | None:
    """Where to store what comes under `topic`; None where it is no topic of ours and is only passed on."""
    _, _, rest = topic.partition("/")
    word, slash, entity_id = rest.partition("/")
    if word != _ENTITIES:
        return None
    return Destination(tenant_of(topic), entity_id if slash else None)


def writes_of(destination: Destination, payload: bytes) -> list[Write]:
    """The upserts that a payload means, all of them or none: a Problem says which entity and attribute is wrong."""
    try:
        content = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"The payload is not JSON: {error}") from None
    if destination.entity_id is not None:
        return [_write(_named(content, destination.entity_id), destination.tenant)]
    if not isinstance(content, list):
        return [_write(content, destination.tenant)]
    if not content:
        raise BadRequestData("The array is empty: there is nothing to store.")
    if len(content) > ARRAY_LIMIT:
        raise BadRequestData(f"An array has {ARRAY_LIMIT} entities at most; this one has {len(content)}.")
    return [_write_of_one(each, row, destination.tenant) for row, each in enumerate(content, start=1)]


def _write_of_one(document: Any, row: int, tenant: str) -> Write:
    try:
        return _write(document, tenant)
    except Problem as problem:
        raise BadRequestData(f"Entity {row} of the array, so that none of it was stored: {problem.detail}") from None


def _write(document: Any, tenant: str) -> Write:
    if isinstance(document, dict) and "@context" in document and context_of(document["@context"]) is not CORE:
        raise BadRequestData("@context: over MQTT only the core context holds; leave it out, or send this by HTTP.")
    return parse_entity(document, CORE).write(tenant, Mode.UPSERT)


def _named(fragment: Any, entity_id: str) -> dict[str, Any]:
    """A fragment as an entity: its id is the topic's, its type its own, or else the one that the id names."""
    if not isinstance(fragment, dict):
        raise BadRequestData("The payload is not a JSON object with the attributes of one entity.")
    given = fragment.get("id", fragment.get("@id", entity_id))
    if given != entity_id:
        raise BadRequestData(f"id: the topic names {entity_id[:200]!r}, the payload {str(given)[:200]!r}.")
    entity_type = fragment.get("type", fragment.get("@type")) or _type_in(entity_id)
    rest = {name: content for name, content in fragment.items() if name not in ("@id", "@type")}
    return {**rest, "id": entity_id, "type": entity_type}


def _type_in(entity_id: str) -> str:
    name, colon, rest = entity_id.removeprefix(_URN).partition(":")
    if not entity_id.startswith(_URN) or not (name and colon and rest):
        raise BadRequestData(
            "type: the payload gives none, and the id in the topic is not of the form urn:ngsi-ld:<Type>:<name>."
        )
    return name


def may_subscribe(grant: Grant, topic_filter: str) -> bool:
    """Whether all that a filter can bring lies in tenants of the grant."""
    if not is_filter(topic_filter) or topic_filter.startswith("$"):
        return False
    if ALL in grant.tenants:
        return True
    first = topic_filter.partition("/")[0]
    return first not in ("+", "#") and tenant_of(topic_filter) in grant.tenants


def may_see_all(grant: Grant, types: Sequence[str], open_types: frozenset[str] = frozenset()) -> bool:
    """Whether a message with entities of these `types` may be shown: the whole of it, since it cannot be cut.

    `open_types` are shown to everybody who is let in.
    """
    return ALL in grant.types or (grant.types | open_types).issuperset(types)
