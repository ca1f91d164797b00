"""Feeds over HTTP: `POST /ingest/<feed>` for what is pushed, and for administrators how each feed does."""

import logging
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from simos.hub.ingest.feeds import Health
from simos.hub.problems import InternalError, PayloadTooLarge, ResourceNotFound
from simos.hub.server.desk import BODY_LIMIT, Asking, Desk, credential_of, problem_response
from simos.hub.server.negotiation import JSON
from simos.hub.server.receiving import take
from simos.kernel.clock import at_micros
from simos.kernel.errors import Invalid, Problem

log = logging.getLogger(__name__)

PATH = "/ingest/{feed}"
FAULTS_TOLD = 20


async def feeds(asking: Asking) -> Response:
    """Each feed: where it comes from, when it last went well and ill, and its counts; and what is wrong with files."""
    asking.grant.to_administer()
    found: list[dict[str, Any]] = []
    for name, each in asking.desk.feeds.running.items():
        shown = {"name": name, "tenant": each.feed.tenant, "source": each.feed.source, **_shown(each.health)}
        found.append(shown)
    found += [{"name": name, "broken": why} for name, why in asking.desk.feeds.broken.items()]
    return asking.plain(sorted(found, key=lambda each: str(each["name"])))


def _shown(health: Health) -> dict[str, Any]:
    return {
        "lastOkAt": _time(health.last_ok),
        "lastErrorAt": _time(health.last_error_at),
        "lastError": health.last_error or None,
        "messages": health.messages,
        "records": health.records,
        "stored": health.stored,
        "rejected": health.rejected,
        "duplicates": health.duplicates,
    }


def _time(at: int | None) -> str | None:
    return at_micros(at).isoformat() if at is not None else None


def push_routes(desk: Desk) -> list[Route]:
    """The address that takes what is pushed, in whichever format the feed's mapping reads."""

    async def push(request: Request) -> Response:
        try:
            status, content = await _pushed(desk, request)
        except ClientDisconnect:
            return Response(status_code=400)
        except Problem as problem:
            response = problem_response(problem)
        except Exception:
            log.exception("POST %s failed", request.url.path)
            response = problem_response(InternalError("This is our fault. Send it again."))
        else:
            response = Response(orjson.dumps(content), status, media_type=JSON)
        desk.metrics.requests.labels(request.method, response.status_code).inc()
        return response

    return [Route(PATH, push, methods=["POST"])]


async def _pushed(desk: Desk, request: Request) -> tuple[int, dict[str, Any]]:
    """What became of the records: 200, 207 where some were refused; 422 where nothing could be stored."""
    grant = desk.authorise(credential_of(request))
    grant.to_write(())
    running = desk.feeds.running.get(request.path_params["feed"])
    if running is None or not running.feed.push:
        raise ResourceNotFound("There is no such feed that takes what is pushed.")
    grant.in_tenant(running.feed.tenant)
    desk.note_sender(grant)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise PayloadTooLarge(f"A body has {BODY_LIMIT} bytes at most; send it in parts.")
        parts.append(part)
    taken = await take(desk, running, b"".join(parts), grant)
    if taken.faults and not taken.writes:
        raise Invalid("; ".join(taken.faults[:FAULTS_TOLD]), records=taken.records)
    told = {
        "records": taken.records,
        "stored": len(taken.writes),
        "duplicates": taken.duplicates,
        "faults": taken.faults[:FAULTS_TOLD],
    }
    return (207 if taken.faults else 200), told
