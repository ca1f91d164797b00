"""The hub's addresses on one page, and how each is answered: understood, done, or refused as a Problem."""

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from simos.hub.problems import InternalError, OperationNotSupported, ResourceNotFound
from simos.hub.server import admin, batch, entities, stream, subscriptions, temporal
from simos.hub.server.desk import Desk, Endpoint, asking_of, problem_response
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

LD = "/ngsi-ld/v1"
READING, WRITING = False, True

ROUTES: tuple[tuple[str, str, Endpoint, bool], ...] = (
    ("POST", f"{LD}/entities", entities.create, WRITING),
    ("GET", f"{LD}/entities", entities.query, READING),
    ("GET", f"{LD}/entities/{{id}}", entities.retrieve, READING),
    ("PUT", f"{LD}/entities/{{id}}", entities.replace, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}", entities.merge, WRITING),
    ("DELETE", f"{LD}/entities/{{id}}", entities.delete, WRITING),
    ("POST", f"{LD}/entities/{{id}}/attrs", entities.append_attributes, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}/attrs", entities.update_attributes, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}/attrs/{{attribute}}", entities.patch_attribute, WRITING),
    ("DELETE", f"{LD}/entities/{{id}}/attrs/{{attribute}}", entities.delete_attribute, WRITING),
    ("POST", f"{LD}/entityOperations/create", batch.create, WRITING),
    ("POST", f"{LD}/entityOperations/upsert", batch.upsert, WRITING),
    ("POST", f"{LD}/entityOperations/update", batch.update, WRITING),
    ("POST", f"{LD}/entityOperations/merge", batch.merge, WRITING),
    ("POST", f"{LD}/entityOperations/delete", batch.delete, WRITING),
    ("GET", f"{LD}/types", entities.types, READING),
    ("POST", f"{LD}/subscriptions", subscriptions.create, WRITING),
    ("GET", f"{LD}/subscriptions", subscriptions.query, READING),
    ("GET", f"{LD}/subscriptions/{{id}}", subscriptions.retrieve, READING),
    ("PATCH", f"{LD}/subscriptions/{{id}}", subscriptions.update, WRITING),
    ("DELETE", f"{LD}/subscriptions/{{id}}", subscriptions.delete, WRITING),
    ("POST", f"{LD}/temporal/entities", temporal.record, WRITING),
    ("GET", f"{LD}/temporal/entities", temporal.query, READING),
    ("GET", f"{LD}/temporal/entities/{{id}}", temporal.retrieve, READING),
    ("DELETE", f"{LD}/temporal/entities/{{id}}", temporal.delete, WRITING),
    ("POST", f"{LD}/temporal/entities/{{id}}/attrs", temporal.add, WRITING),
    ("DELETE", f"{LD}/temporal/entities/{{id}}/attrs/{{attribute}}", temporal.delete_attribute, WRITING),
    ("PATCH", f"{LD}/temporal/entities/{{id}}/attrs/{{attribute}}/{{instance}}", temporal.update_instance, WRITING),
    ("DELETE", f"{LD}/temporal/entities/{{id}}/attrs/{{attribute}}/{{instance}}", temporal.delete_instance, WRITING),
    ("POST", f"{LD}/temporal/entityOperations/query", temporal.query_by_body, READING),
    ("GET", "/hub/live", stream.stream, READING),
    ("GET", "/hub/changes", stream.changes, READING),
    ("GET", "/hub/tenants", admin.tenants, READING),
    ("POST", "/hub/tenants", admin.add_tenant, WRITING),
    ("GET", "/hub/tokens", admin.tokens, READING),
    ("POST", "/hub/tokens", admin.add_token, WRITING),
    ("DELETE", "/hub/tokens/{id}", admin.delete_token, WRITING),
    ("GET", "/hub/devices", admin.devices, READING),
    ("POST", "/hub/devices", admin.add_device, WRITING),
    ("GET", "/hub/rejections", admin.rejections, READING),
)
"""Method, address, what answers it, and whether it writes."""

PREFIXES: tuple[str, ...] = ("/ngsi-ld/", "/hub/")
"""Addresses that are the hub's; the rest of a site belongs to others."""


def hub_routes(desk: Desk) -> list[Route]:
    """The hub's routes for a Starlette application."""
    by_path: dict[str, dict[str, tuple[Endpoint, bool]]] = {}
    for method, path, endpoint, writing in ROUTES:
        by_path.setdefault(path, {})[method] = (endpoint, writing)
    return [
        Route(path, _answering(desk, methods), methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        for path, methods in by_path.items()
    ]


def _answering(desk: Desk, methods: dict[str, tuple[Endpoint, bool]]) -> Callable[[Request], Awaitable[Response]]:
    allowed = ", ".join(sorted(methods))

    async def answer(request: Request) -> Response:
        began = time.perf_counter()
        known = methods.get("GET" if request.method == "HEAD" else request.method)
        if known is None:
            problem = OperationNotSupported(f"Here one may {allowed}.", status=405)
            response = problem_response(problem)
            response.headers["Allow"] = allowed
        else:
            endpoint, writing = known
            response = await _done_or_refused(request, desk, endpoint, writing)
        desk.metrics.requests.labels(request.method, response.status_code).inc()
        if response.media_type != "text/event-stream":
            desk.metrics.seconds.observe(time.perf_counter() - began)
        return response

    return answer


async def _done_or_refused(request: Request, desk: Desk, endpoint: Endpoint, writing: bool) -> Response:
    try:
        return await endpoint(await asking_of(request, desk, writing=writing))
    except Problem as problem:
        return problem_response(problem)
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception:
        log.exception("%s %s failed", request.method, request.url.path)
        return problem_response(
            InternalError("This is our fault. What was sent is not stored unless you were told so.")
        )


async def not_found(request: Request, _error: Exception) -> Response:
    """For addresses that nobody answers."""
    return problem_response(ResourceNotFound(f"There is nothing at {request.url.path}."))


async def refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return problem_response(Problem(str(error), status=status))
