"""History: how attributes changed over time (ETSI GS CIM 009, clauses 6.18 to 6.20, first floor)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from starlette.responses import Response

from simos.hub.ngsild import instant, parse_temporal, represent_history
from simos.hub.problems import BadRequestData, ResourceNotFound, TooManyResults
from simos.hub.server.desk import Asking
from simos.hub.server.entities import one, query_of
from simos.hub.store.base import HistoryQuery, Reader
from simos.hub.values import Mode, Point

POINTS_LIMIT = 50_000
"""Instances in one answer; past that the asker narrows the time or the attributes."""


async def record(asking: Asking) -> Response:
    """Adds to the history of an entity; its present stays as it is. 201 for one of whom there was nothing, else 204."""
    parsed = parse_temporal(asking.body, asking.context)
    known = await asking.desk.read(_is_known, asking.desk.reader, asking.tenant, parsed.id)
    await one(asking, parsed.write(asking.tenant, Mode.RECORD))
    if known:
        return asking.plain(status=204)
    return asking.plain(status=201, headers={"Location": f"/ngsi-ld/v1/temporal/entities/{parsed.id}"})


def _is_known(reader: Reader, tenant: str, entity_id: str) -> bool:
    if reader.entity(tenant, entity_id) is not None:
        return True
    return next(iter(reader.history(HistoryQuery(tenant=tenant, entities=(entity_id,), last=1))), None) is not None


def _span(asking: Asking) -> dict[str, int | None]:
    """The time asked for as [since, until) in microseconds (clause 4.11)."""
    relation = asking.parameter("timerel")
    at, end = asking.parameter("timeAt"), asking.parameter("endTimeAt")
    if not relation:
        if at or end:
            raise BadRequestData("timeAt goes with timerel: before, after or between.")
        return {"since": None, "until": None}
    if relation not in ("before", "after", "between") or not at or (relation == "between") != bool(end):
        raise BadRequestData("timerel is before, after (each with timeAt) or between (with timeAt and endTimeAt).")
    if relation == "before":
        return {"since": None, "until": instant(at, "timeAt")}
    if relation == "after":
        return {"since": instant(at, "timeAt") + 1, "until": None}
    return {"since": instant(at, "timeAt"), "until": instant(end, "endTimeAt")}


async def _points(asking: Asking, ids: Sequence[str]) -> list[Point]:
    last = asking.number("lastN", 0, most=POINTS_LIMIT) or None
    wanted = HistoryQuery(
        tenant=asking.tenant,
        entities=tuple(ids),
        attributes=tuple(map(asking.context.expand, asking.listed("attrs"))),
        last=last,
        **_span(asking),
    )

    def ask() -> list[Point]:
        points = []
        for point in asking.desk.reader.history(wanted):
            points.append(point)
            if len(points) > POINTS_LIMIT:
                raise TooManyResults(f"More than {POINTS_LIMIT} instances: narrow timerel, attrs or lastN.")
        return points

    return await asking.desk.read(ask)


def _shown(asking: Asking, entity_id: str, types: tuple[str, ...], points: list[Point]) -> dict[str, Any]:
    return represent_history(
        entity_id,
        types,
        points,
        asking.context,
        form="temporalValues" if "temporalValues" in asking.options() else "normalized",
    )


async def retrieve(asking: Asking) -> Response:
    entity_id = asking.request.path_params["id"]
    entity = await asking.desk.entity(asking.tenant, entity_id)
    if entity is not None and not asking.grant.may_see(entity.types):
        raise ResourceNotFound(f"There is no {entity_id}.")
    if entity is None and asking.seen_types is not None:
        raise ResourceNotFound(f"There is no {entity_id}.")  # what it was cannot be told, so it is not shown
    points = await _points(asking, [entity_id])
    if entity is None and not points:
        raise ResourceNotFound(f"There is no {entity_id}.")
    return asking.answer(_shown(asking, entity_id, entity.types if entity else (), points))


async def query(asking: Asking) -> Response:
    """The history of the entities that a query finds; `timerel` is needed."""
    if not asking.parameter("timerel") and not asking.parameter("lastN"):
        raise BadRequestData("Say when: timerel with timeAt, or lastN.")
    wanted = query_of(asking)
    page = await asking.desk.read(asking.desk.reader.entities, wanted)
    entities = {entity.id: entity for entity in page.entities[: max(wanted.limit - 1, 0)]}
    points = await _points(asking, list(entities)) if entities else []
    found = {entity_id: list(part) for entity_id, part in groupby(points, key=lambda point: point.entity)}
    return asking.answer(
        [_shown(asking, entity_id, entities[entity_id].types, part) for entity_id, part in found.items()]
    )
