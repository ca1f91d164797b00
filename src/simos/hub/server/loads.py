"""Bulk loads: how far each file is, and its next rows, as `simos hub load` sends them. For administrators' tokens."""

from typing import Any

import orjson
from starlette.responses import Response

from simos.hub.ingest import rows
from simos.hub.ingest.loading import TOPIC, Part, loading
from simos.hub.problems import BadRequestData
from simos.hub.server.desk import Asking
from simos.kernel.errors import Problem, Unavailable


async def noted(asking: Asking) -> Response:
    """What is noted of the load `key`; {} where it never began."""
    asking.grant.to_administer()
    key = asking.parameter("key")
    found = await asking.desk.read(asking.desk.reader.notes, TOPIC, key)
    return asking.plain(orjson.loads(found.get(key, "{}")))


async def put(asking: Asking) -> Response:
    """The next rows of a load are durable, or Unavailable and none of them is."""
    asking.grant.to_administer()
    part = _part_of(asking.tenant, asking.body)
    act = loading(part, asking.desk.deliveries.keeps_former)
    try:
        return asking.plain(await asking.desk.writer.load(act))
    except Problem:
        raise
    except Exception as error:
        raise Unavailable("The store did not take it. Nothing was stored; send it again.") from error


def _part_of(tenant: str, body: Any) -> Part:
    until = body.get("until") if isinstance(body, dict) else None
    if not isinstance(until, int) or until < 0 or not isinstance(body.get("key"), str) or not body["key"]:
        raise BadRequestData("These are no rows as simos hub load sends them: key and until are needed.")
    return Part(
        tenant=tenant,
        key=body["key"][:200],
        until=until,
        last=body.get("last") is True,
        notify=body.get("notify") is True,
        rows=rows.from_json(body.get("rows")),
    )
