"""What every route of the hub shares: store, writer, live streams, and how a request becomes an `Asking`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from simos.hub.context_library import HOSTED, ContextLibrary
from simos.hub.contexts import CORE, Context, link_to
from simos.hub.grants import ALL, Grant
from simos.hub.ingest.feeds import Feeds
from simos.hub.lake.keeper import Keeper
from simos.hub.live import Live
from simos.hub.metrics import Metrics
from simos.hub.problems import (
    BadRequestData,
    InvalidRequest,
    LengthRequired,
    NonexistentTenant,
    PayloadTooLarge,
    TooManyResults,
    UnsupportedMediaType,
)
from simos.hub.server.indexing import ValueIndexer
from simos.hub.server.negotiation import (
    GEO_JSON,
    JSON,
    LD_JSON,
    MERGE_JSON,
    PLAIN,
    chosen,
    context_in_link,
    media_type_of,
)
from simos.hub.server.parameters import check_parameters
from simos.hub.store.base import Reader
from simos.hub.subscriptions.deliveries import Deliveries
from simos.hub.values import DEFAULT_TENANT, TENANT_NAME, Entity, Outcome, Write
from simos.hub.writer import Writer
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import MEDIA_TYPE, Problem, Unavailable
from simos.kernel.module import EntityType

BODY_LIMIT = 32 * 1024 * 1024
"""Bytes of one request's body."""

READ_THREADS = 4

DEFAULT_NAME = "default"
"""How an address names the tenant without a name."""

T = TypeVar("T")

FORMS = frozenset({"normalized", "concise", "simplified", "keyValues"})
"""How an entity may be shown; `keyValues` is the old name of `simplified`."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """What the routes of one hub work with. `implicit_tenants`: a write makes the tenant it names (`--open`).

    `identity`: this hub's own name, the same after a restart. `declared`: what modules say of types (full names).
    `sent`: when something came over HTTP with a stored token, by its id, since devices were last looked at."""

    reader: Reader
    writer: Writer
    live: Live
    metrics: Metrics
    authorise: Callable[[str | None], Grant]
    deliveries: Deliveries
    contexts: ContextLibrary
    indexer: ValueIndexer
    lake: Keeper | None = None
    identity: str
    began_at: int
    implicit_tenants: bool = False
    declared: Mapping[str, EntityType] = field(default_factory=dict)
    feeds: Feeds = field(default_factory=Feeds)
    sent: dict[str, int] = field(default_factory=dict)
    tenants: set[str] = field(default_factory=set)
    readers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(READ_THREADS, thread_name_prefix="hub-reader")
    )

    async def read(self, query: Callable[..., T], *arguments: Any) -> T:
        """The answer of a blocking `query`, asked in a reader's thread."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, query, *arguments)

    def note_sender(self, grant: Grant) -> None:
        """Whoever writes with a device's token has been heard."""
        if grant.token:
            self.sent[grant.token] = micros_of(now())

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

    async def tenant_for(self, tenant: str, *, creating: bool) -> str:
        """`tenant` if it exists (or comes to be by what is created now), else NonexistentTenant."""
        if tenant == DEFAULT_TENANT or tenant in self.tenants:
            return tenant
        self.tenants.update(await self.read(self.reader.tenants))
        if tenant in self.tenants:
            return tenant
        if not (creating and self.implicit_tenants):
            raise NonexistentTenant(f"There is no tenant {tenant!r}.", tenant=tenant)
        await self.writer.run(lambda transaction: transaction.add_tenant(tenant))
        self.tenants.add(tenant)
        return tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request, understood: in which tenant, with what grant, and in which words.

    `media`: the media type of the answer. `in_ld`: the body is JSON-LD, with its context inside.
    """

    request: Request
    desk: Desk
    tenant: str
    grant: Grant
    context: Context
    body: Any = None
    media: str = JSON
    in_ld: bool = False

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
        """What `options` and `format` say; of two forms that of `format` (6.3.7)."""
        if not self.request.scope["query_string"]:
            return frozenset()
        options, form = frozenset(self.listed("options")), frozenset(self.listed("format"))
        return (options - FORMS if form else options) | form

    def flag(self, name: str) -> bool:
        """`count` may stand in options too, as clients of level 1.3 write it."""
        return self.parameter(name) == "true" or (name == "count" and "count" in self.options())

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 0 to `most`; BadRequestData says what it must be, TooManyResults that `limit` is less."""
        text = self.parameter(name)
        if not text:
            return default
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        if number > most and name == "limit":
            raise TooManyResults(f"A page has {most} at most; ask for more pages.")
        if not 0 <= number <= most:
            raise BadRequestData(f"{name} is a whole number from 0 to {most}, not {text[:40]!r}")
        return number

    def answer(self, content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """A JSON answer; its context in the body or in a Link header, as the Accept header wants it (clause 6.3.6)."""
        sent = dict(headers or {})
        if self.media == LD_JSON or (self.media == GEO_JSON and not self._prefers_plain()):
            content = _with_context(content, self.context.as_json())
        else:
            sent["Link"] = ", ".join(filter(None, (sent.get("Link"), link_to(self.context_address()))))
        return self.plain(content, status=status, headers=sent, media_type=self.media)

    def _prefers_plain(self) -> bool:
        """Whether GeoJSON is wanted without the context in it (6.3.6)."""
        return self.request.headers.get("prefer", "").replace(" ", "") == "body=json"

    def context_address(self) -> str:
        """One address that says the context of this request; one of several parts is taken into our keeping."""
        if self.context.url:
            return self.context.url
        kept = self.desk.contexts.implicit(self.context, self.tenant)
        return self.our_address(f"{HOSTED}{kept.id}")

    def our_address(self, path: str) -> str:
        """The full address of something of ours, as the asker reaches us."""
        return str(self.request.base_url).rstrip("/") + path

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


def tenant_named(request: Request) -> str:
    """By header as NGSI-LD has it, by the address elsewhere (`default` is the one without a name); on our own routes
    also as a parameter, since a browser's stream sends no header."""
    if (named := request.path_params.get("tenant")) is not None:
        return "" if named == DEFAULT_NAME else str(named)
    named = request.headers.get("ngsild-tenant")
    if named is None and request.scope["path"].startswith("/hub/"):
        named = request.query_params.get("tenant")
    return named or DEFAULT_TENANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an address is asked. `path`: as in the table of routes. `writing`: it changes something. `creating`: it may
    make the tenant that it names. `any_tenant`: it answers for tenants that do not exist. `offered`: media types of its
    answer."""

    path: str
    writing: bool
    creating: bool = False
    any_tenant: bool = False
    offered: tuple[str, ...] = PLAIN


async def asking_of(request: Request, desk: Desk, manner: Manner) -> Asking:
    """The request understood, or a Problem. What it may do is decided before its body is looked at."""
    if "\x00" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise BadRequestData("An address never holds the sign U+0000.")
    has_body = request.method not in ("GET", "HEAD", "DELETE")
    if has_body and "content-length" not in request.headers and manner.path.startswith("/ngsi-ld/"):
        raise LengthRequired("Say how long the body is: Content-Length.")
    grant = desk.authorise(credential_of(request))
    tenant = tenant_named(request)
    if tenant and not TENANT_NAME.fullmatch(tenant):
        raise BadRequestData(f"A tenant's name is letters, digits and the signs _ - . : and not {tenant!r}.")
    grant = grant.in_tenant(tenant)
    if manner.writing:
        grant.to_write(())
        desk.note_sender(grant)
    if request.scope["query_string"] or manner.path.endswith("/entities"):
        check_parameters(request.method, manner.path, request.query_params)
    if not manner.any_tenant:
        tenant = await desk.tenant_for(tenant, creating=manner.creating)
    media = chosen(request.headers.get("accept", ""), manner.offered)
    linked = context_in_link(request.headers.getlist("link")) if "link" in request.headers else None
    if not has_body:
        context = await desk.contexts.get(linked, tenant) if linked else CORE
        return Asking(request=request, desk=desk, tenant=tenant, grant=grant, context=context, media=media)
    body, media_type = await read_json(request)
    source = _context_source(media_type, body, linked)
    context = await desk.contexts.get(source, tenant) if source is not None else CORE
    return Asking(
        request=request,
        desk=desk,
        tenant=tenant,
        grant=grant,
        context=context,
        body=body,
        media=media,
        in_ld=media_type == LD_JSON,
    )


async def read_json(request: Request) -> tuple[Any, str]:
    """The body as JSON with its media type, or a Problem that says where it is not."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type not in (JSON, LD_JSON) and not (media_type == MERGE_JSON and request.method == "PATCH"):
        raise UnsupportedMediaType(f"Send {JSON} or {LD_JSON}, not {media_type or 'nothing'!r}.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise PayloadTooLarge(f"A body has {BODY_LIMIT} bytes at most; send it in parts.")
        parts.append(part)
    try:
        return orjson.loads(b"".join(parts)), media_type
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"The body is not JSON: {error}") from None


def _context_source(media_type: str, body: Any, linked: str | None) -> Any:
    """The `@context` by clause 6.3.5: in the body for ld+json, else by Link header. Taken out of the body.

    A hosted context is a body that is nothing but `@context`, in whichever media type: that is left where it is.
    """
    if isinstance(body, dict) and body.keys() == {"@context"}:
        return None if media_type != LD_JSON else body["@context"]
    inside = body.pop("@context", None) if isinstance(body, dict) else None
    if media_type == LD_JSON:
        if linked:
            raise BadRequestData(f"With {LD_JSON} the context is in the body, not in a Link header.")
        if inside is None and isinstance(body, dict):
            raise BadRequestData(f"With {LD_JSON} the body has an '@context'.")
        return inside
    if inside is not None and media_type == JSON:
        raise BadRequestData(f"With {JSON} the context is in a Link header; for '@context' in the body send {LD_JSON}.")
    return inside if inside is not None else linked


Endpoint = Callable[[Asking], Awaitable[Response]]


def problem_response(problem: Problem, request: Request | None = None) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if request is not None and TENANT_NAME.fullmatch(tenant := tenant_named(request)):
        headers["NGSILD-Tenant"] = tenant
    if isinstance(problem, LengthRequired):
        return Response(status_code=problem.status, headers=headers)  # 6.3.4: without a body
    return Response(orjson.dumps(problem.as_dict()), problem.status, headers, MEDIA_TYPE)
