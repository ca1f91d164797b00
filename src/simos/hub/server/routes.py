"""NGSI-LD's addresses and the hub's own on one page; how an address is answered: understood, done, or refused as a
Problem. `simos.hub.faces` has those of the other standards beside these."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Set
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from simos.hub.problems import BadRequestData, InternalError, OperationNotSupported, ResourceNotFound
from simos.hub.server import (
    admin,
    batch,
    discovery,
    entities,
    feeds,
    keeping,
    lake,
    loads,
    purge,
    queries,
    stream,
    subscriptions,
    temporal,
)
from simos.hub.server.desk import Desk, Endpoint, Manner, asking_of, problem_response
from simos.hub.server.negotiation import PLAIN, WITH_MAPS
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

LD = "/ngsi-ld/v1"
READING, WRITING = False, True

Routes = tuple[tuple[str, str, Endpoint, bool], ...]
"""Method, address, what answers it, and whether it writes."""

ROUTES: Routes = (
    ("POST", f"{LD}/entities", entities.create, WRITING),
    ("GET", f"{LD}/entities", queries.query, READING),
    ("DELETE", f"{LD}/entities", purge.purge, WRITING),
    ("GET", f"{LD}/entities/{{id}}", queries.retrieve, READING),
    ("PUT", f"{LD}/entities/{{id}}", entities.replace, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}", entities.merge, WRITING),
    ("DELETE", f"{LD}/entities/{{id}}", entities.delete, WRITING),
    ("POST", f"{LD}/entities/{{id}}/attrs", entities.append_attributes, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}/attrs", entities.update_attributes, WRITING),
    ("PATCH", f"{LD}/entities/{{id}}/attrs/{{attribute}}", entities.patch_attribute, WRITING),
    ("PUT", f"{LD}/entities/{{id}}/attrs/{{attribute}}", entities.replace_attribute, WRITING),
    ("DELETE", f"{LD}/entities/{{id}}/attrs/{{attribute}}", entities.delete_attribute, WRITING),
    ("POST", f"{LD}/entityOperations/create", batch.create, WRITING),
    ("POST", f"{LD}/entityOperations/upsert", batch.upsert, WRITING),
    ("POST", f"{LD}/entityOperations/update", batch.update, WRITING),
    ("POST", f"{LD}/entityOperations/merge", batch.merge, WRITING),
    ("POST", f"{LD}/entityOperations/delete", batch.delete, WRITING),
    ("POST", f"{LD}/entityOperations/query", queries.query_by_body, READING),
    ("GET", f"{LD}/types", discovery.types, READING),
    ("GET", f"{LD}/types/{{type}}", discovery.type_details, READING),
    ("GET", f"{LD}/attributes", discovery.attributes, READING),
    ("GET", f"{LD}/attributes/{{attribute}}", discovery.attribute_details, READING),
    ("GET", f"{LD}/info/sourceIdentity", discovery.source_identity, READING),
    ("POST", f"{LD}/jsonldContexts", keeping.host, WRITING),
    ("GET", f"{LD}/jsonldContexts", keeping.contexts, READING),
    ("GET", f"{LD}/jsonldContexts/{{id}}", keeping.context, READING),
    ("DELETE", f"{LD}/jsonldContexts/{{id}}", keeping.delete, WRITING),
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
    ("GET", "/hub/lake", lake.status, READING),
    ("POST", "/hub/lake/moves", lake.move, WRITING),
    ("GET", "/hub/tenants", admin.tenants, READING),
    ("POST", "/hub/tenants", admin.add_tenant, WRITING),
    ("GET", "/hub/tokens", admin.tokens, READING),
    ("POST", "/hub/tokens", admin.add_token, WRITING),
    ("DELETE", "/hub/tokens/{id}", admin.delete_token, WRITING),
    ("GET", "/hub/devices", admin.devices, READING),
    ("POST", "/hub/devices", admin.add_device, WRITING),
    ("GET", "/hub/rejections", admin.rejections, READING),
    ("GET", "/hub/feeds", feeds.feeds, READING),
    ("GET", "/hub/loads", loads.noted, READING),
    ("POST", "/hub/loads", loads.put, WRITING),
)

_CREATING = frozenset(
    f"{LD}/{path}"
    for path in (
        *("entities", "entityOperations/create", "entityOperations/upsert", "temporal/entities"),
        *("subscriptions", "csourceRegistrations", "jsonldContexts"),
    )
)
"""POST to these makes the tenant that is named, where that is allowed (5.5.10)."""

OFFERED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("GET", f"{LD}/entities"): WITH_MAPS,
    ("GET", f"{LD}/entities/{{id}}"): WITH_MAPS,
    ("POST", f"{LD}/entityOperations/query"): WITH_MAPS,
}
"""Media types of the answer, where there are more than JSON and JSON-LD."""

WITH_SLASHES = frozenset({f"{LD}/jsonldContexts/{{id}}"})
"""Whose last part may have slashes in it, as an address does."""

_ANY_TENANT = (f"{LD}/info/", f"{LD}/jsonldContexts")


def _manner(method: str, path: str, writing: bool, offered: tuple[str, ...]) -> Manner:
    return Manner(
        path=path,
        writing=writing,
        creating=method == "POST" and path in _CREATING,
        any_tenant=path.startswith(_ANY_TENANT) and method != "POST",
        offered=offered,
    )


def hub_routes(
    desk: Desk,
    routes: Routes = ROUTES,
    offered: Mapping[tuple[str, str], tuple[str, ...]] = OFFERED,
    with_slashes: Set[str] = WITH_SLASHES,
) -> list[Route]:
    """Routes for a Starlette application. Those of standards are answered with a slash at their end too."""
    by_path: dict[str, dict[str, tuple[Endpoint, Manner]]] = {}
    for method, path, endpoint, writing in routes:
        manner = _manner(method, path, writing, offered.get((method, path), PLAIN))
        by_path.setdefault(path, {})[method] = (endpoint, manner)
    return [
        Address(address, _answering(desk, methods), methods=list(_METHODS))
        for path, methods in by_path.items()
        for address in _spellings(path, slashes=path in with_slashes)
    ]


class Address(Route):
    """A route to which an encoded slash is part of a name (`/entities/https%3A%2F%2Fexample.org%2F1`), not its end."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        raw = scope.get("raw_path") or b""
        if b"%2" not in raw or not _SLASH.search(raw):
            return super().matches(scope)
        kept = unquote(_SLASH.sub(quote(_STAND_IN).encode(), raw).decode("latin-1"))
        match, found = super().matches({**scope, "path": kept})
        if match is not Match.NONE:
            named = found["path_params"].items()
            found["path_params"] = {
                name: inner.replace(_STAND_IN, "/") if isinstance(inner, str) else inner for name, inner in named
            }
        return match, found


_SLASH = re.compile(rb"%2f", re.IGNORECASE)
_STAND_IN = "\ufdd0"
"""Stands for a slash while an address is read: no text has it."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _spellings(path: str, *, slashes: bool) -> tuple[str, ...]:
    if slashes:
        return (path.replace("{id}", "{id:path}"),)
    return (path,) if path.startswith("/hub/") else (path, f"{path}/")


def _answering(desk: Desk, methods: Mapping[str, tuple[Endpoint, Manner]]) -> Callable[[Request], Awaitable[Response]]:
    allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"}))

    async def answer(request: Request) -> Response:
        began = time.perf_counter()
        known = methods.get("GET" if request.method == "HEAD" else request.method)
        if known is not None:
            response = await _done_or_refused(request, desk, *known)
        elif request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": allowed})
        else:
            problem = OperationNotSupported(f"Here one may {allowed}.", status=405)
            response = problem_response(problem, request)
            response.headers["Allow"] = allowed
        desk.metrics.requests.labels(request.method, response.status_code).inc()
        if response.media_type != "text/event-stream":
            desk.metrics.seconds.observe(time.perf_counter() - began)
        return response

    return answer


async def _done_or_refused(request: Request, desk: Desk, endpoint: Endpoint, manner: Manner) -> Response:
    try:
        return await endpoint(await asking_of(request, desk, manner))
    except Problem as problem:
        return problem_response(problem, request)
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception:
        log.exception("%s %s failed", request.method, request.url.path)
        return problem_response(
            InternalError("This is our fault. What was sent is not stored unless you were told so.")
        )


_OF_OTHERS = re.compile(f"{LD}/(csourceRegistrations|csourceSubscriptions|snapshots)(/.*)?")
"""Addresses of the standard for what is not done here: other sources of context, and snapshots."""


async def not_found(request: Request, _error: Exception) -> Response:
    """For addresses that nobody answers."""
    if _OF_OTHERS.fullmatch(request.url.path):
        return problem_response(OperationNotSupported("There are no other sources of context, and no snapshots, here."))
    if request.url.path.startswith(f"{LD}/") and "//" in request.url.path:
        return problem_response(BadRequestData("A part of the address is empty: an id is missing."))
    return problem_response(ResourceNotFound(f"There is nothing at {request.url.path}."))


async def refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return problem_response(Problem(str(error), status=status))
