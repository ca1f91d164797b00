"""Entities and their attributes, one at a time, and queries (ETSI GS CIM 009, clauses 6.4 to 6.7)."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from simos.hub.ngsild import Form, parse_entity, parse_fragment, represent
from simos.hub.problems import AlreadyExists, BadRequestData, ResourceNotFound
from simos.hub.query import parse_geo, parse_q
from simos.hub.server.desk import Asking
from simos.hub.store.base import EntityQuery
from simos.hub.values import Attributes, Done, Entity, Instance, Mode, Outcome, Write
from simos.kernel.errors import Forbidden

ENTITIES = "/ngsi-ld/v1/entities"
LIMIT = 1000


def location_of(entity_id: str) -> dict[str, str]:
    return {"Location": f"{ENTITIES}/{quote(entity_id, safe=':')}"}


def written_or_raise(outcome: Outcome) -> Outcome:
    """The outcome, or the Problem that stands for its refusal."""
    if outcome.done is Done.EXISTS:
        raise AlreadyExists(f"{outcome.id} exists already.")
    if outcome.done is Done.MISSING:
        raise ResourceNotFound(f"There is no {outcome.id}.")
    if outcome.done is Done.NO_ATTRIBUTE:
        raise ResourceNotFound(outcome.detail or f"{outcome.id} has no such attribute.")
    if outcome.done is Done.NOT_GRANTED:
        raise Forbidden(outcome.detail)
    if outcome.done is Done.REFUSED:
        raise BadRequestData(outcome.detail)
    return outcome


async def one(asking: Asking, write: Write) -> Outcome:
    """The outcome of one write, granted for the types it names and those that the entity bears."""
    asking.grant.to_write(write.types)
    return written_or_raise((await asking.desk.write([dataclasses.replace(write, granted=asking.seen_types)]))[0])


async def create(asking: Asking) -> Response:
    parsed = parse_entity(asking.body, asking.context)
    await one(asking, parsed.write(asking.tenant, Mode.CREATE))
    return asking.plain(status=201, headers=location_of(parsed.id))


def form_of(asking: Asking) -> Form:
    options = asking.options()
    if options & {"keyValues", "simplified"}:
        return "simplified"
    return "concise" if "concise" in options else "normalized"


def shown(asking: Asking, entity: Entity) -> dict[str, Any]:
    """The entity in the form and words that were asked for."""
    return represent(
        entity,
        asking.context,
        form=form_of(asking),
        attrs=tuple(map(asking.context.expand, asking.listed("attrs"))),
        sys_attrs="sysAttrs" in asking.options(),
        lang=asking.parameter("lang") or None,
    )


async def retrieve(asking: Asking) -> Response:
    entity_id = asking.request.path_params["id"]
    entity = await asking.desk.entity(asking.tenant, entity_id)
    if entity is None or not asking.grant.may_see(entity.types):
        raise ResourceNotFound(f"There is no {entity_id}.")
    attributes = tuple(map(asking.context.expand, asking.listed("attrs")))
    if attributes and not any(name in entity.attributes for name in attributes):
        raise ResourceNotFound(f"{entity_id} has none of the attributes asked for.")
    return asking.answer(shown(asking, entity))


async def query(asking: Asking) -> Response:
    wanted = query_of(asking)
    page = await asking.desk.read(asking.desk.reader.entities, wanted)
    headers = {"NGSILD-Results-Count": str(page.total)} if page.total is not None else {}
    if link := _paging(asking, wanted, len(page.entities)):
        headers["Link"] = link
    entities = page.entities[: wanted.limit - 1] if wanted.limit else []
    return asking.answer([shown(asking, entity) for entity in entities], headers=headers)


def query_of(asking: Asking) -> EntityQuery:
    """What the parameters ask for; one entity more than the page holds, to know whether there is a next page."""
    words = asking.context
    types = tuple(words.expand(each) for each in asking.listed("type"))
    ids, pattern, attrs = asking.listed("id"), asking.parameter("idPattern"), asking.listed("attrs")
    q, georel = asking.parameter("q"), asking.parameter("georel")
    if not (types or ids or pattern or attrs or q or georel or asking.parameter("local") == "true"):
        raise BadRequestData("Say what you look for: one of type, id, idPattern, attrs, q, georel.")
    if types:
        asking.grant.to_touch(types)
    count = asking.parameter("count") == "true"
    limit = asking.number("limit", 20, most=LIMIT)
    if limit == 0 and not count:
        raise BadRequestData("limit=0 goes with count=true only.")
    return EntityQuery(
        tenant=asking.tenant,
        types=types or tuple(sorted(asking.seen_types or ())),
        ids=ids,
        id_pattern=pattern,
        attributes=tuple(map(words.expand, attrs)),
        q=parse_q(q, words) if q else None,
        geo=_geo(asking) if georel else None,
        limit=limit + 1 if limit else 0,
        offset=asking.number("offset", 0, most=10_000_000),
        count=count,
    )


def _geo(asking: Asking) -> Any:
    return parse_geo(
        georel=asking.parameter("georel"),
        geometry=asking.parameter("geometry"),
        coordinates=asking.parameter("coordinates"),
        geoproperty=asking.parameter("geoproperty"),
        context=asking.context,
    )


def _paging(asking: Asking, wanted: EntityQuery, found: int) -> str:
    """Link headers to the neighbouring pages (clause 6.3.10)."""
    size = wanted.limit - 1
    if size < 1:
        return ""
    pages = []
    if wanted.offset:
        pages.append(("prev", max(0, wanted.offset - size)))
    if found > size:
        pages.append(("next", wanted.offset + size))
    kept = {key: value for key, value in asking.request.query_params.items() if key not in ("offset", "limit")}
    return ", ".join(
        f'<{ENTITIES}?{urlencode({**kept, "limit": size, "offset": offset})}>; rel="{rel}"; type="application/ld+json"'
        for rel, offset in pages
    )


def _answer_to_attributes(asking: Asking, outcome: Outcome) -> Response:
    """204 where all was done; 207 with what was and what was not (clause 5.2.18)."""
    if not outcome.not_updated:
        return asking.plain(status=204)
    words: Mapping[str, str] = outcome.not_updated
    content = {
        "updated": [asking.context.compact(name) for name in outcome.updated],
        "notUpdated": [
            {"attributeName": asking.context.compact(name), "reason": reason} for name, reason in words.items()
        ],
    }
    return asking.plain(content, status=207)


async def _with_fragment(asking: Asking, mode: Mode) -> Outcome:
    parsed = parse_fragment(
        asking.body, asking.context, nulls=mode in (Mode.UPDATE, Mode.MERGE), partial=mode is Mode.MERGE
    )
    return await one(asking, parsed.write(asking.tenant, mode, entity_id=asking.request.path_params["id"]))


async def append_attributes(asking: Asking) -> Response:
    mode = Mode.APPEND_NEW if "noOverwrite" in asking.options() else Mode.APPEND
    return _answer_to_attributes(asking, await _with_fragment(asking, mode))


async def update_attributes(asking: Asking) -> Response:
    return _answer_to_attributes(asking, await _with_fragment(asking, Mode.UPDATE))


async def merge(asking: Asking) -> Response:
    await _with_fragment(asking, Mode.MERGE)
    return asking.plain(status=204)


async def replace(asking: Asking) -> Response:
    await _with_fragment(asking, Mode.REPLACE)
    return asking.plain(status=204)


async def patch_attribute(asking: Asking) -> Response:
    name = asking.request.path_params["attribute"]
    parsed = parse_fragment({name: asking.body}, asking.context, partial=True)
    await one(
        asking,
        Write(
            tenant=asking.tenant,
            id=asking.request.path_params["id"],
            mode=Mode.PATCH_ATTRIBUTE,
            attributes=parsed.attributes,
        ),
    )
    return asking.plain(status=204)


async def delete_attribute(asking: Asking) -> Response:
    name = asking.context.expand(asking.request.path_params["attribute"])
    dataset = asking.parameter("datasetId")
    instance: Instance = {"datasetId": dataset} if dataset else {}
    attributes: Attributes = {name: [instance]}
    await one(
        asking,
        Write(
            tenant=asking.tenant,
            id=asking.request.path_params["id"],
            mode=Mode.DELETE_ATTRIBUTE,
            attributes=attributes,
            all_datasets=asking.parameter("deleteAll") == "true",
        ),
    )
    return asking.plain(status=204)


async def delete(asking: Asking) -> Response:
    await one(asking, Write(tenant=asking.tenant, id=asking.request.path_params["id"], mode=Mode.DELETE))
    return asking.plain(status=204)


async def types(asking: Asking) -> Response:
    """The entity types in use (clause 6.25)."""
    counts = await asking.desk.read(asking.desk.reader.types, asking.tenant)
    names = [asking.context.compact(each) for each in sorted(counts) if asking.grant.may_see([each])]
    return asking.answer(
        {"id": f"urn:ngsi-ld:EntityTypeList:{asking.tenant or 'default'}", "type": "EntityTypeList", "typeList": names}
    )
