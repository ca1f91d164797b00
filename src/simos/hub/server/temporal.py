"""How entities evolved: told, added to, corrected, taken back (ETSI GS CIM 009, clauses 6.18 to 6.24)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from starlette.responses import Response

from simos.hub.merge_patch import same_kind, with_members
from simos.hub.ngsild import attribute_name, parse_fragment, parse_temporal, represent_history, text_of_micros
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.ngsild.temporal import represent_aggregates, series_and_time, time_of
from simos.hub.ngsild.times import micros_of_text
from simos.hub.problems import BadRequestData, ResourceNotFound
from simos.hub.query.projection import OWN_MEMBERS
from simos.hub.server.desk import Asking
from simos.hub.server.entities import one
from simos.hub.server.evolution import aggregates_of, evolution_of, found, points_of, value_number
from simos.hub.server.evolution_asked import Asked, asked_by_body, asked_of
from simos.hub.store.base import Transaction
from simos.hub.values import Mode, Past, Point
from simos.kernel.clock import micros_of, now

EVOLUTIONS = "/ngsi-ld/v1/temporal/entities"
LIMIT = 1000


def _entity_id(asking: Asking) -> str:
    named: str = asking.request.path_params["id"]
    if not is_uri(named):
        raise BadRequestData(f"An entity's id is a URI, not {named[:100]!r}.")
    return named


async def _known(asking: Asking, entity_id: str) -> Past:
    """What is known of the entity; ResourceNotFound where it is unknown, or not to be seen."""
    known = await asking.desk.read(evolution_of, asking.desk.reader, asking.tenant, entity_id)
    if known is None or not asking.grant.may_see(known.types):
        raise ResourceNotFound(f"There is no {entity_id}.")
    return known


async def _to_be_changed(asking: Asking) -> Past:
    known = await _known(asking, _entity_id(asking))
    asking.grant.to_write(known.types)
    return known


async def record(asking: Asking) -> Response:
    """Adds to the history of an entity; its present stays as it is. 201 for one of whom there was nothing, else 204."""
    parsed = parse_temporal(asking.body, asking.context)
    known = await asking.desk.read(evolution_of, asking.desk.reader, asking.tenant, parsed.id)
    if known is not None:
        asking.grant.to_write(known.types)
    await one(asking, parsed.write(asking.tenant, Mode.RECORD))
    if known is not None:
        return asking.plain(status=204)
    return asking.plain(status=201, headers={"Location": f"{EVOLUTIONS}/{quote(parsed.id, safe=':')}"})


async def add(asking: Asking) -> Response:
    """More instances of attributes of an entity that is known."""
    known = await _to_be_changed(asking)
    body = asking.body if isinstance(asking.body, dict) else {}
    whole = {"type": "Thing", **body, "id": known.id}
    parsed = parse_temporal(whole, asking.context)
    if not parsed.attributes:
        raise BadRequestData("Attributes are needed, each an array of instances.")
    types = parsed.types if "type" in body else known.types
    write = replace(parsed, types=types).write(asking.tenant, Mode.RECORD)
    await one(asking, write)
    return asking.plain(status=204)


async def _forgotten(asking: Asking, act: Callable[[Transaction], bool], what: str) -> Response:
    if not await asking.desk.writer.run(act):
        raise ResourceNotFound(f"There is no {what}.")
    return asking.plain(status=204)


async def delete(asking: Asking) -> Response:
    """The history of an entity is gone. Its present, if it has one, stays."""
    known = await _to_be_changed(asking)
    await asking.desk.writer.run(lambda transaction: transaction.forget(asking.tenant, known.id))
    return asking.plain(status=204)


async def delete_attribute(asking: Asking) -> Response:
    known = await _to_be_changed(asking)
    term = asking.request.path_params["attribute"]
    name = attribute_name(term, asking.context)
    dataset: str | None = asking.parameter("datasetId").replace("@none", "")
    if asking.parameter("deleteAll") == "true":
        dataset = None
    elif dataset and not is_uri(dataset):
        raise BadRequestData(f"datasetId: a URI, not {dataset[:100]!r}.")

    def act(transaction: Transaction) -> bool:
        return transaction.forget(asking.tenant, known.id, name, dataset)

    return await _forgotten(asking, act, f"{term} of {known.id}")


def _of_instance(asking: Asking, known: Past, transaction: Transaction) -> Point | None:
    """The point that the address names, where it is of that entity and attribute."""
    place = series_and_time(asking.request.path_params["instance"])
    point = transaction.point(asking.tenant, *place) if place else None
    name = attribute_name(asking.request.path_params["attribute"], asking.context)
    return point if point and (point.entity, point.attribute) == (known.id, name) else None


def _instance_named(asking: Asking) -> str:
    named: str = asking.request.path_params["instance"]
    if not is_uri(named):
        raise BadRequestData(f"An instance's id is a URI, not {named[:100]!r}.")
    return named


async def delete_instance(asking: Asking) -> Response:
    named, known = _instance_named(asking), await _to_be_changed(asking)

    def act(transaction: Transaction) -> bool:
        point = _of_instance(asking, known, transaction)
        return point is not None and transaction.forget_point(asking.tenant, point.series, point.at)

    return await _forgotten(asking, act, f"instance {named} of {known.id}")


async def update_instance(asking: Asking) -> Response:
    """Members of one instance are replaced (5.6.14). With another observedAt it gets another instanceId."""
    named, known = _instance_named(asking), await _to_be_changed(asking)
    term = asking.request.path_params["attribute"]
    body = asking.body.get(term, asking.body) if isinstance(asking.body, dict) else None
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if not isinstance(body, dict) or not body:
        raise BadRequestData("Send the members of one instance.")
    ((_, (given, *_)),) = parse_fragment({term: body}, asking.context, partial=True).attributes.items()
    at = micros_of(now())

    def act(transaction: Transaction) -> bool:
        point = _of_instance(asking, known, transaction)
        if point is None:
            return False
        stored = orjson.loads(point.instance)
        if not same_kind(stored, given):
            raise BadRequestData(f"The instance is a {stored['type']}: its kind cannot be changed.")
        changed = with_members(stored, {name: inner for name, inner in given.items() if name != "datasetId"})
        seen = changed.get("observedAt")
        moved = replace(
            point,
            at=micros_of_text(seen) if seen else point.at,
            instance=orjson.dumps(changed, option=orjson.OPT_SORT_KEYS),
            number=value_number(changed),
            got_at=at,
        )
        if moved.at != point.at:
            transaction.forget_point(asking.tenant, point.series, point.at)
        transaction.record([moved])
        return True

    return await _forgotten(asking, act, f"instance {named} of {known.id}")


async def retrieve(asking: Asking) -> Response:
    asked, known = asked_of(asking), await _known(asking, _entity_id(asking))
    documents, headers = await _told(asking, asked, [known])
    return asking.answer(documents[0], status=206 if "Content-Range" in headers else 200, headers=headers)


async def query(asking: Asking) -> Response:
    """The evolution of the entities that a query finds."""
    return await _queried(asking, asked_of(asking), EVOLUTIONS)


async def query_by_body(asking: Asking) -> Response:
    return await _queried(asking, asked_by_body(asking), "/ngsi-ld/v1/temporal/entityOperations/query")


async def _queried(asking: Asking, asked: Asked, address: str) -> Response:
    selective = any(each.types or each.ids or each.pattern for each in asked.selectors)
    if not (selective or asked.attributes or asked.q or asked.geo or asking.parameter("local") == "true"):
        raise BadRequestData("Say what you look for: one of type, id, idPattern, attrs, q, georel.")
    if not asked.relation:
        raise BadRequestData("Say when: timerel with timeAt.")
    limit, offset = asking.number("limit", 20, most=LIMIT), asking.number("offset", 0, most=10_000_000)
    count = asking.flag("count")
    if limit == 0 and not count:
        raise BadRequestData("limit=0 goes with count=true only.")

    def look() -> tuple[list[Past], int | None, bool]:
        reader = asking.desk.reader
        return found(reader, asking.tenant, asked, asking.grant, limit=limit, offset=offset, count=count)

    page, total, more = await asking.desk.read(look)
    documents, headers = await _told(asking, asked, page)
    if total is not None:
        headers["NGSILD-Results-Count"] = str(total)
    if limit and (link := _paging(asking, address, limit, offset, more=more)):
        headers["Link"] = link
    return asking.answer(documents, status=206 if "Content-Range" in headers else 200, headers=headers)


def _paging(asking: Asking, address: str, limit: int, offset: int, *, more: bool) -> str:
    pages = [("prev", max(0, offset - limit))] if offset else []
    if more:
        pages.append(("next", offset + limit))
    kept = {key: value for key, value in asking.request.query_params.items() if key not in ("offset", "limit")}
    return ", ".join(
        f'<{address}?{urlencode({**kept, "limit": limit, "offset": start})}>; rel="{rel}"; type="application/ld+json"'
        for rel, start in pages
    )


async def _told(asking: Asking, asked: Asked, pasts: Sequence[Past]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The documents of these entities, and the Content-Range where they are not all that was asked for."""
    reader, ids = asking.desk.reader, [past.id for past in pasts]
    if asked.methods:
        series = await asking.desk.read(aggregates_of, reader, asking.tenant, asked, ids)
        documents = [represent_aggregates(p.id, p.types, series.get(p.id, ()), asking.context) for p in pasts]
        return [_own_members(asked, each) for each in documents], {}
    told = await asking.desk.read(points_of, reader, asking.tenant, asked, pasts)
    shown = [_shown(asking, asked, past, told.points) for past in pasts]
    headers = {"Content-Range": _range(asked, told.points)} if told.cut else {}
    return shown, headers


def _shown(asking: Asking, asked: Asked, past: Past, points: Mapping[str, Sequence[Point]]) -> dict[str, Any]:
    document = represent_history(
        past.id,
        past.types,
        points.get(past.id, ()),
        asking.context,
        form=asked.form,
        sys_attrs=asked.sys_attrs,
        time=asked.time,
        lang=asked.lang,
    )
    if asked.sys_attrs:
        document["createdAt"] = text_of_micros(past.created_at)
        document["modifiedAt"] = text_of_micros(past.modified_at)
    if past.deleted_at is not None and (asked.sys_attrs or asked.time == "deletedAt"):
        document["deletedAt"] = text_of_micros(past.deleted_at)
    return _own_members(asked, document)


def _own_members(asked: Asked, document: dict[str, Any]) -> dict[str, Any]:
    """Without the members of its own that were not picked, or were omitted (4.21)."""
    left_out = asked.omitted | (OWN_MEMBERS - asked.picked if asked.picked else frozenset())
    return {name: inner for name, inner in document.items() if name not in left_out}


def _range(asked: Asked, points: Mapping[str, Sequence[Point]]) -> str:
    """The time that an answer covers, newest first where the newest were asked for (6.3.10)."""
    times = [time_of(point, asked.time) for point in _all(points)]
    oldest, newest = min(times), max(times)
    if asked.last:
        first, last = (asked.until if asked.until is not None else newest), oldest
    else:
        since = asked.since - (asked.relation == "after") if asked.since is not None else oldest
        first, last = since, newest
    return f"date-time {text_of_micros(first)}-{text_of_micros(last)}/{asked.last or '*'}"


def _all(points: Mapping[str, Sequence[Point]]) -> Iterator[Point]:
    for each in points.values():
        yield from each
