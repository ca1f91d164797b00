"""What every route of the hub shares: store, writer, live streams, and how a request becomes an `Asking`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from simos.hub.contexts import CORE, Context, context_of
from simos.hub.grants import ALL, Grant
from simos.hub.live import Live
from simos.hub.metrics import Metrics
from simos.hub.problems import (
    BadRequestData,
    InvalidRequest,
    NonexistentTenant,
    NotAcceptable,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from simos.hub.store.base import Reader
from simos.hub.subscriptions.deliveries import Deliveries
from simos.hub.values import DEFAULT_TENANT, TENANT_NAME, Entity, Outcome, Write
from simos.hub.writer import Writer
from simos.kernel.errors import MEDIA_TYPE, Problem, Unavailable

BODY_LIMIT = 32 * 1024 * 1024
"""Bytes of one request's body."""

READ_THREADS = 4

T = TypeVar("T")

JSON = "application/json"
LD_JSON = "application/ld+json"
MERGE_JSON = "application/merge-patch+json"
_CONTEXT_REL = re.compile(r'<([^>]*)>\s*;\s*rel="?http://www\.w3\.org/ns/json-ld#context"?')


@dataclass(slots=True, kw_only=True)
class Desk:
    """What the routes of one hub work with. `implicit_tenants`: a write makes the tenant it names (`--open`)."""

    reader: Reader
    writer: Writer
    live: Live
    metrics: Metrics
    authorise: Callable[[str | None], Grant]
    deliveries: Deliveries
    implicit_tenants: bool = False
    tenants: set[str] = field(default_factory=set)
    readers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(READ_THREADS, thread_name_prefix="hub-reader")
    )

    async def read(self, query: Callable[..., T], *arguments: Any) -> T:
        """The answer of a blocking `query`, asked in a reader's thread."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, query, *arguments)

    async def entity(self, tenant: str, entity_id: str) -> Entity | None:
        """The entity as it is stored now."""
        if self.reader.at_hand:
            return self.reader.entity(tenant, entity_id)
        return await self.read(self.reader.entity, tenant, entity_id)

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Durable outcomes of `writes`; Unavailable, with nothing stored, where they could not be taken."""
        if not writes:
            return []
        try:
            return await self.writer.submit(writes)
        except asyncio.QueueFull:
            raise Unavailable("Too many writes are waiting. Nothing was stored; send it again.") from None
        except Problem:
            raise
        except Exception as error:
            raise Unavailable("The store did not take it. Nothing was stored; send it again.") from error

    async def tenant_for(self, tenant: str, *, writing: bool) -> str:
        """`tenant` if it exists (or comes to be by this write), else NonexistentTenant."""
        if tenant == DEFAULT_TENANT or tenant in self.tenants:
            return tenant
        self.tenants.update(await self.read(self.reader.tenants))
        if tenant in self.tenants:
            return tenant
        if not (writing and self.implicit_tenants):
            raise NonexistentTenant(f"There is no tenant {tenant!r}.", tenant=tenant)
        await self.writer.run(lambda transaction: transaction.add_tenant(tenant))
        self.tenants.add(tenant)
        return tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request, understood: in which tenant, with what grant, and in which words."""

    request: Request
    desk: Desk
    tenant: str
    grant: Grant
    context: Context
    body: Any = None

    @property
    def seen_types(self) -> frozenset[str] | None:
        """The types that may be shown; None for all."""
        return None if ALL in self.grant.types else self.grant.types

    def parameter(self, name: str) -> str:
        return self.request.query_params.get(name, "") if self.request.scope["query_string"] else ""

    def listed(self, name: str) -> tuple[str, ...]:
        """A comma-separated parameter's parts."""
        text = self.parameter(name)
        return tuple(part.strip() for part in text.split(",") if part.strip()) if text else ()

    def options(self) -> frozenset[str]:
        return frozenset(self.listed("options")) | frozenset(self.listed("format"))

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 0 to `most`; BadRequestData says what it must be."""
        text = self.parameter(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or int(text) > most:
            raise BadRequestData(f"{name} is a whole number from 0 to {most}, not {text!r}")
        return int(text)

    def answer(self, content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """A JSON answer; its context in the body or in a Link header, as the Accept header wants it (clause 6.3.6)."""
        sent = dict(headers or {})
        if self.request.headers.get("accept", "").startswith(LD_JSON):
            content = _with_context(content, self.context.as_json())
            media_type = LD_JSON
        else:
            sent["Link"] = ", ".join(filter(None, (sent.get("Link"), self.context.link())))
            media_type = JSON
        return self.plain(content, status=status, headers=sent, media_type=media_type)

    def plain(
        self, content: Any = None, *, status: int = 200, headers: dict[str, str] | None = None, media_type: str = JSON
    ) -> Response:
        """An answer without a context; no body where `content` is None."""
        sent = dict(headers or {})
        if self.tenant != DEFAULT_TENANT:
            sent["NGSILD-Tenant"] = self.tenant
        body = b"" if content is None else orjson.dumps(content)
        return Response(body, status, sent, media_type if body else None)


def _with_context(content: Any, context: Any) -> Any:
    if isinstance(content, list):
        return [_with_context(each, context) for each in content]
    return {**content, "@context": context}


def credential_of(request: Request) -> str | None:
    """The bearer secret of a request, if one was sent."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def _tenant_named(request: Request) -> str:
    """By header as the standard has it; on our own routes also as a parameter, since a browser's stream sends none."""
    named = request.headers.get("ngsild-tenant")
    if named is None and request.scope["path"].startswith("/hub/"):
        named = request.query_params.get("tenant")
    return named or DEFAULT_TENANT


async def asking_of(request: Request, desk: Desk, *, writing: bool) -> Asking:
    """The request understood, or a Problem. What it may do is decided before its body is looked at."""
    if "\x00" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise BadRequestData("An address never holds the sign U+0000.")
    grant = desk.authorise(credential_of(request))
    tenant = _tenant_named(request)
    if tenant and not TENANT_NAME.fullmatch(tenant):
        raise BadRequestData(f"A tenant's name is lower-case letters, digits, '-' and '_'; not {tenant!r}.")
    grant = grant.in_tenant(tenant)
    if writing:
        grant.to_write(())
    tenant = await desk.tenant_for(tenant, writing=writing)
    _check_accept(request.headers.get("accept", ""))
    linked = _CONTEXT_REL.search(request.headers.get("link", ""))
    if request.method in ("GET", "HEAD", "DELETE"):
        context = context_of(linked.group(1)) if linked else CORE
        return Asking(request=request, desk=desk, tenant=tenant, grant=grant, context=context)
    body = await read_json(request)
    context = _context_of_body(request, body, linked.group(1) if linked else None)
    return Asking(request=request, desk=desk, tenant=tenant, grant=grant, context=context, body=body)


def _check_accept(accept: str) -> None:
    if not accept:
        return
    offered = {"*/*", "application/*", JSON, LD_JSON, MEDIA_TYPE, "text/event-stream"}
    wanted = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    if wanted.isdisjoint(offered):
        raise NotAcceptable(f"This is answered in {JSON} or {LD_JSON}.")


async def read_json(request: Request) -> Any:
    """The body as JSON, or a Problem that says where it is not."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in (JSON, LD_JSON, MERGE_JSON):
        raise UnsupportedMediaType(f"Send {JSON} or {LD_JSON}, not {media_type or 'nothing'!r}.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise PayloadTooLarge(f"A body has {BODY_LIMIT} bytes at most; send it in parts.")
        parts.append(part)
    try:
        return orjson.loads(b"".join(parts))
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"The body is not JSON: {error}") from None


def _context_of_body(request: Request, body: Any, linked: str | None) -> Context:
    """The context by clause 6.3.5: in the body for ld+json, else by Link header. Taken out of the body."""
    ld = request.headers.get("content-type", "").startswith(LD_JSON)
    inside = body.pop("@context", None) if isinstance(body, dict) else None
    if ld and linked:
        raise BadRequestData(f"With {LD_JSON} the context is in the body, not in a Link header.")
    if ld and inside is None and isinstance(body, dict):
        raise BadRequestData(f"With {LD_JSON} the body has an '@context'.")
    if not ld and inside is not None:
        raise BadRequestData(f"With {JSON} the context is in a Link header; for '@context' in the body send {LD_JSON}.")
    if inside is not None:
        return context_of(inside)
    return context_of(linked) if linked else CORE


Endpoint = Callable[[Asking], Awaitable[Response]]


def problem_response(problem: Problem) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    return Response(orjson.dumps(problem.as_dict()), problem.status, headers, MEDIA_TYPE)
