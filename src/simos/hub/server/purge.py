"""Many entities, or attributes of theirs, deleted by a query (ETSI GS CIM 009, 5.6.21, 6.4.3.3)."""

from dataclasses import replace

from starlette.responses import Response

from simos.hub.ngsild import attribute_name
from simos.hub.problems import BadRequestData
from simos.hub.server.asked import by_parameters, query_of
from simos.hub.server.batch import Result
from simos.hub.server.desk import Asking
from simos.hub.values import Attributes, Mode, Write

AT_ONCE = 1000


async def purge(asking: Asking) -> Response:
    """Deletes what the query finds. `drop`: only these attributes of it; `keep`: all attributes but these.

    204 where all went well (also where nothing was found), 207 where something could not be deleted.
    """
    asked = by_parameters(asking)
    drop = {attribute_name(each, asking.context) for each in asking.listed("drop")}
    keep = {attribute_name(each, asking.context) for each in asking.listed("keep")}
    if drop and keep:
        raise BadRequestData("keep does not go with drop.")
    wanted = replace(query_of(asking, asked), limit=AT_ONCE, offset=0, count=False)
    writes: list[Write] = []
    while True:
        page = await asking.desk.read(asking.desk.reader.entities, wanted)
        for entity in page.entities:
            writes += _writes(asking, entity.id, tuple(entity.attributes), drop=drop, keep=keep)
        if len(page.entities) < AT_ONCE:
            break
        wanted = replace(wanted, offset=wanted.offset + AT_ONCE)
    result = Result()
    for start in range(0, len(writes), AT_ONCE):
        for outcome in await asking.desk.write(writes[start : start + AT_ONCE]):
            result.add(outcome)
    return asking.plain(status=204) if not result.errors else result.answer(asking)


def _writes(
    asking: Asking, entity_id: str, attributes: tuple[str, ...], *, drop: set[str], keep: set[str]
) -> list[Write]:
    granted = asking.seen_types
    if not drop and not keep:
        return [Write(tenant=asking.tenant, id=entity_id, mode=Mode.DELETE, granted=granted)]
    going: Attributes = {name: [{}] for name in attributes if (name in drop if drop else name not in keep)}
    if not going:
        return []
    mode = Mode.DELETE_ATTRIBUTE
    return [Write(tenant=asking.tenant, id=entity_id, mode=mode, attributes=going, all_datasets=True, granted=granted)]
