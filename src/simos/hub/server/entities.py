"""Entities and their attributes, written one at a time (ETSI GS CIM 009, clauses 6.4 to 6.7). Queries are elsewhere."""

import dataclasses
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from simos.hub.ngsild import attribute_name, instant, parse_attribute, parse_entity, parse_fragment, text_of_micros
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.problems import AlreadyExists, BadRequestData, ResourceNotFound
from simos.hub.query.projection import OWN_MEMBERS
from simos.hub.query.types import parse_types
from simos.hub.server.desk import Asking
from simos.hub.values import Attributes, Done, Instance, Mode, Outcome, Selection, Write
from simos.kernel.errors import Forbidden

ENTITIES = "/ngsi-ld/v1/entities"


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


def entity_id_of(asking: Asking) -> str:
    """The entity that the address names; BadRequestData where that is no URI."""
    entity_id: str = asking.request.path_params["id"]
    if not is_uri(entity_id):
        raise BadRequestData(f"An entity's id is a URI, not {entity_id[:100]!r}.")
    return entity_id


def only_of(asking: Asking) -> Selection:
    """The types of which the entity must be, by the parameter `type`; () where it is not given."""
    wanted = asking.parameter("type")
    return parse_types(wanted, asking.context) if wanted else ()


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
    """The write that the body means, done to the entity that the address names."""
    entity_id = entity_id_of(asking)
    merging = mode is Mode.MERGE
    simplified = merging and not asking.options().isdisjoint(("simplified", "keyValues"))
    if not isinstance(asking.body, dict) or not asking.body:
        raise BadRequestData("The body is an object with attributes, and not empty.")
    parsed = parse_fragment(
        asking.body,
        asking.context,
        nulls=mode in (Mode.UPDATE, Mode.MERGE),
        partial=merging,
        merging=merging,
        simplified=simplified,
    )
    if parsed.id and parsed.id != entity_id:
        raise BadRequestData(f"The address names {entity_id}, the body {parsed.id}: an id cannot be changed.")
    write = dataclasses.replace(parsed.write(asking.tenant, mode, entity_id=entity_id), only=only_of(asking))
    return await one(asking, with_merging(asking, write) if merging else write)


def with_merging(asking: Asking, write: Write) -> Write:
    """What the parameters of a merge add (5.5.12): the kind that is there is kept, `observedAt`, `lang`."""
    observed = asking.parameter("observedAt")
    return dataclasses.replace(
        write,
        kinds_kept=not asking.options().isdisjoint(("simplified", "keyValues")),
        observed_at=text_of_micros(instant(observed, "observedAt")) if observed else None,
        lang=asking.parameter("lang") or None,
    )


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


async def _to_attribute(asking: Asking, mode: Mode, attributes: Attributes, *, every: bool = False) -> Response:
    await one(
        asking,
        Write(
            tenant=asking.tenant,
            id=entity_id_of(asking),
            mode=mode,
            attributes=attributes,
            all_datasets=every,
            only=only_of(asking),
        ),
    )
    return asking.plain(status=204)


def _named(asking: Asking) -> str:
    """The attribute that the address names; BadRequestData where that is another member of the entity."""
    term: str = asking.request.path_params["attribute"]
    if term in OWN_MEMBERS and term != "scope":
        raise BadRequestData(f"{term} is no attribute.")
    return term


def _attribute_of(asking: Asking, *, partial: bool) -> Attributes:
    """The attribute that the address names, as the body has it; by itself, or under its name."""
    entity_id_of(asking)
    name, body = _named(asking), asking.body
    expanded = attribute_name(name, asking.context)
    if isinstance(body, dict) and name in body and isinstance(body[name], dict | list) and len(body) == 1:
        body = body[name]
    if not isinstance(body, dict | list) or not body:
        raise BadRequestData("The body is an attribute, and not empty.")
    dataset = asking.parameter("datasetId")
    if dataset and isinstance(body, dict):
        body = {"datasetId": dataset, **body}
    return {expanded: parse_attribute(name, body, asking.context, partial=partial)}


async def patch_attribute(asking: Asking) -> Response:
    return await _to_attribute(asking, Mode.PATCH_ATTRIBUTE, _attribute_of(asking, partial=True))


async def replace_attribute(asking: Asking) -> Response:
    return await _to_attribute(asking, Mode.REPLACE_ATTRIBUTE, _attribute_of(asking, partial=False))


async def delete_attribute(asking: Asking) -> Response:
    name = attribute_name(_named(asking), asking.context)
    dataset = asking.parameter("datasetId")
    if dataset and dataset != "@none" and not is_uri(dataset):
        raise BadRequestData(f"datasetId: must be a URI, not {dataset[:100]!r}")
    instance: Instance = {"datasetId": dataset} if dataset and dataset != "@none" else {}
    return await _to_attribute(asking, Mode.DELETE_ATTRIBUTE, {name: [instance]}, every=asking.flag("deleteAll"))


async def delete(asking: Asking) -> Response:
    entity_id, only = entity_id_of(asking), only_of(asking)
    await one(asking, Write(tenant=asking.tenant, id=entity_id, mode=Mode.DELETE, only=only))
    return asking.plain(status=204)
