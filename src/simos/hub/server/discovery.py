"""Which types and attributes there are (ETSI GS CIM 009, 5.7.5 to 5.7.10), and who we are (5.15)."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from simos.hub.ngsild import attribute_name, text_of_micros
from simos.hub.problems import ResourceNotFound
from simos.hub.query.projection import OWN_MEMBERS
from simos.hub.server.desk import Asking
from simos.hub.store.base import AttributeUse
from simos.kernel.clock import micros_of, now


async def _uses(asking: Asking, **what: Any) -> list[AttributeUse]:
    """What is in use, of the types that the asker may see."""
    found = await asking.desk.read(lambda: asking.desk.reader.attribute_uses(asking.tenant, **what))
    return [use for use in found if asking.grant.may_see([use.type])]


def _listed(asking: Asking, names: Iterable[str]) -> list[str]:
    return [asking.context.compact(name) for name in sorted(set(names))]


def _id(asking: Asking, kind: str) -> str:
    return f"urn:ngsi-ld:{kind}:{asking.tenant or 'default'}"


def _counted(asking: Asking, number: int) -> dict[str, str]:
    return {"NGSILD-Results-Count": str(number)} if asking.flag("count") else {}


async def types(asking: Asking) -> Response:
    """The entity types in use; with details the attributes of each."""
    counts = await asking.desk.read(asking.desk.reader.types, asking.tenant)
    seen = [name for name in sorted(counts) if asking.grant.may_see([name])]
    headers = _counted(asking, len(seen))
    if not asking.flag("details"):
        document = {
            "id": _id(asking, "EntityTypeList"),
            "type": "EntityTypeList",
            "typeList": [asking.context.compact(name) for name in seen],
        }
        return asking.answer(document, headers=headers)
    by_type: dict[str, list[str]] = {name: [] for name in seen}
    for use in await _uses(asking):
        by_type.setdefault(use.type, []).append(use.attribute)
    content = [
        {
            "id": name,
            "type": "EntityType",
            "typeName": asking.context.compact(name),
            "attributeNames": _listed(asking, attributes),
        }
        for name, attributes in by_type.items()
    ]
    return asking.answer(content, headers=headers)


async def type_details(asking: Asking) -> Response:
    """One entity type: how many there are, and the kinds of their attributes."""
    name = asking.context.name(asking.request.path_params["type"])
    counts = await asking.desk.read(asking.desk.reader.types, asking.tenant)
    if name not in counts or not asking.grant.may_see([name]):
        raise ResourceNotFound(f"There is no entity of type {asking.context.compact(name)}.")
    uses = await _uses(asking, entity_type=name)
    document = {
        "id": name,
        "type": "EntityTypeInfo",
        "typeName": asking.context.compact(name),
        "entityCount": counts[name],
        "attributeDetails": [_attribute(asking, use.attribute, [use]) for use in uses],
    }
    return asking.answer(document)


def _attribute(asking: Asking, name: str, uses: Sequence[AttributeUse]) -> dict[str, Any]:
    return {
        "id": name,
        "type": "Attribute",
        "attributeName": asking.context.compact(name),
        "attributeTypes": sorted({kind for use in uses for kind in use.kinds}),
    }


async def attributes(asking: Asking) -> Response:
    """The attributes in use; with details the types of entity that bear each."""
    by_name: dict[str, set[str]] = {}
    for use in await _uses(asking):
        by_name.setdefault(use.attribute, set()).add(use.type)
    headers = _counted(asking, len(by_name))
    if not asking.flag("details"):
        document = {
            "id": _id(asking, "AttributeList"),
            "type": "AttributeList",
            "attributeList": _listed(asking, by_name),
        }
        return asking.answer(document, headers=headers)
    content = [
        {
            "id": name,
            "type": "Attribute",
            "attributeName": asking.context.compact(name),
            "typeNames": _listed(asking, bearing),
        }
        for name, bearing in sorted(by_name.items())
    ]
    return asking.answer(content, headers=headers)


async def attribute_details(asking: Asking) -> Response:
    """One attribute: its kinds, how many entities bear it, and of which types."""
    given = asking.request.path_params["attribute"]
    absent = ResourceNotFound(f"No entity has an attribute {given[:100]}.")
    if given in OWN_MEMBERS:
        raise absent
    name = attribute_name(given, asking.context)
    uses = await _uses(asking, attribute=name)
    if not uses:
        raise absent
    document = _attribute(asking, name, uses) | {
        "attributeCount": uses[0].bearers,
        "typeNames": _listed(asking, (use.type for use in uses)),
    }
    return asking.answer(document)


async def source_identity(asking: Asking) -> Response:
    """Who we are to other brokers: an alias for each tenant, how long we run, our time (5.2.40)."""
    at = micros_of(now())
    alias = f"simos-{asking.desk.identity}" + (f"-{asking.tenant}" if asking.tenant else "")
    document = {
        "id": f"urn:ngsi-ld:ContextSourceIdentity:{alias}",
        "type": "ContextSourceIdentity",
        "contextSourceAlias": alias,
        "contextSourceUptime": f"PT{(at - asking.desk.began_at) // 1_000_000}S",
        "contextSourceTimeAt": text_of_micros(at),
    }
    return asking.answer(document)
