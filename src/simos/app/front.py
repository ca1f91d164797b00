"""The public port: what is not the hub's is passed to the web process over its local socket, streaming both ways.

It adds nothing to a page and keeps nothing of it. Health and metrics of all processes are gathered here.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from simos.hub.server.desk import Desk, credential_of, problem_response
from simos.hub.server.running import health_of, metrics_of
from simos.kernel.errors import NotFound, Problem, Unauthenticated, Unavailable

log = logging.getLogger(__name__)

HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailers transfer-encoding upgrade".split()
)
"""Headers that belong to one connection (RFC 9110, 7.6.1)."""

FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"})
INSIDE = "/-/"
"""Addresses that the processes answer to each other, never to the outside."""

PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


class PassedOn:
    """An ASGI application that is another process behind a local socket."""

    def __init__(self, socket_path: Path, *, behind_proxy: bool) -> None:
        self._path = str(socket_path)
        self._behind_proxy = behind_proxy
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(self._path, limit=0),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=PATIENCE,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, seconds: float = 3) -> tuple[int, str]:
        """Status and text of an inside address."""
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with self._open().get(f"http://localhost{path}", timeout=timeout) as answer:
            return answer.status, await answer.text()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        if request.url.path.startswith(INSIDE):
            await problem_response(NotFound(f"There is nothing at {request.url.path}."))(scope, receive, send)
            return
        try:
            answer = await self._answer_to(scope, request)
        except (aiohttp.ClientConnectionError, TimeoutError, OSError) as error:
            log.warning("%s %s could not be passed on: %s", request.method, request.url.path, error)
            await _busy(scope, receive, send)
            return
        # What breaks from here on breaks the connection: the visitor sees that the page is not whole.
        async with answer:
            await send(_start(answer))
            async for part in answer.content.iter_any():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _answer_to(self, scope: Scope, request: Request) -> aiohttp.ClientResponse:
        path = scope["raw_path"].decode("ascii", "replace")
        query = scope["query_string"].decode("ascii", "replace")
        url = f"http://inside{path}" + (f"?{query}" if query else "")
        body = request.stream() if _has_body(scope) else None
        return await self._open().request(
            request.method,
            URL(url, encoded=True),
            headers=self._headers(scope),
            data=body,
            allow_redirects=False,
        )

    def _headers(self, scope: Scope) -> list[tuple[str, str]]:
        dropped = HOP_BY_HOP if self._behind_proxy else HOP_BY_HOP | FORWARDED
        kept = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"] if name not in dropped
        ]
        if not self._behind_proxy:
            client = scope.get("client")
            kept += [("X-Forwarded-For", client[0] if client else ""), ("X-Forwarded-Proto", scope["scheme"])]
        return kept


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"content-length" in names or b"transfer-encoding" in names


def _start(answer: aiohttp.ClientResponse) -> Message:
    headers = [(name.lower(), value) for name, value in answer.raw_headers if name.lower() not in HOP_BY_HOP]
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    """What a person sees while the web process starts again."""
    if "text/html" in Request(scope).headers.get("accept", ""):
        page = (
            '<!doctype html><html lang="sl"><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
            "<title>Trenutek, prosimo · One moment, please</title>"
            "<h1>Trenutek, prosimo</h1><p>Stran se bo čez nekaj sekund naložila sama.</p>"
            '<h1 lang="en">One moment, please</h1><p lang="en">The page will load by itself in a few seconds.</p>'
        )
        response = Response(page, 503, {"Retry-After": "2"}, "text/html")
    else:
        response = problem_response(Unavailable("The web process is starting. Try again in a few seconds."))
    await response(scope, receive, send)


async def _part_of_health(name: str, process: PassedOn) -> tuple[str, dict[str, Any]]:
    try:
        status, text = await process.get(f"{INSIDE}health")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return name, {"status": "fail", "output": f"does not answer: {type(error).__name__}"}
    found: dict[str, Any] = orjson.loads(text) if status in (200, 503) else {"status": "fail", "output": str(status)}
    return name, found


def is_insider(request: Request, desk: Desk) -> bool:
    """Whether the one who asks runs the platform: sits on its machine, with no proxy between, or may administer it."""
    on_this_machine = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    if on_this_machine and not any(name in request.headers for name in ("x-forwarded-for", "forwarded")):
        return True
    try:
        return desk.authorise(credential_of(request)).may_administer
    except Problem:
        return False


def front_routes(
    desk: Desk, processes: Mapping[str, PassedOn], mqtt_health: Callable[[], dict[str, Any]]
) -> list[BaseRoute]:
    """Health and metrics of everything, all else to the web process. Strangers learn whether all is well, no more."""

    async def health(request: Request) -> Response:
        checks: dict[str, dict[str, Any]] = {"hub": await health_of(desk), "mqtt": mqtt_health()}
        checks |= dict(await asyncio.gather(*(_part_of_health(*each) for each in processes.items())))
        worst = "fail" if any(each["status"] == "fail" for each in checks.values()) else "pass"
        return JSONResponse(
            {"status": worst} | ({"checks": checks} if is_insider(request, desk) else {}),
            200 if worst == "pass" else 503,
            media_type="application/health+json",
        )

    async def metrics(request: Request) -> Response:
        if not is_insider(request, desk):
            return problem_response(
                Unauthenticated("Ask from the platform's own machine, or with its operator's token.")
            )
        texts = {"hub": metrics_of(desk).decode()}
        for name, process in processes.items():
            try:
                texts[name] = (await process.get(f"{INSIDE}metrics"))[1]
            except (aiohttp.ClientError, TimeoutError, OSError):
                continue
        return Response(merged(texts), media_type="text/plain; version=0.0.4")

    return [Route("/health", health), Route("/metrics", metrics), Mount("/", processes["web"])]


class _Families:
    """Metric families of several processes as one collector."""

    def __init__(self, families: Mapping[str, Metric]) -> None:
        self._families = families

    def collect(self) -> Any:
        return self._families.values()


def merged(texts: Mapping[str, str]) -> bytes:
    """Prometheus texts of several processes as one, each sample labelled with its process."""
    families: dict[str, Metric] = {}
    for process, text in texts.items():
        for family in text_string_to_metric_families(text):
            into = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            into.samples.extend(
                sample._replace(labels={**sample.labels, "process": process}) for sample in family.samples
            )
    registry = CollectorRegistry()
    registry.register(_Families(families))
    return generate_latest(registry)
