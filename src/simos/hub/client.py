"""Speaking to a hub from another process: the same port that everybody has, over HTTP or a local socket.

Synchronous, safe in threads. Every write is idempotent, so that it may be sent again when the answer was lost: that is
what `patience` does. Nothing here reads the store.
"""

import http.client
import logging
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from simos.kernel.errors import Problem, Unavailable

log = logging.getLogger(__name__)

LD = "/ngsi-ld/v1"
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds before the next try; doubled each time."""


class HubRefused(Problem):
    """The hub's own refusal, passed on as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """What became of a batch: ids stored, and (id, reason) of those that were not."""

    stored: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()


class _LocalConnection(HTTPConnection):
    """HTTP over a local socket."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__("localhost", **options)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)
        self.sock.connect(self._path)


class _LocalPool(HTTPConnectionPool):
    def __init__(self, path: str, **options: Any) -> None:
        super().__init__("localhost", **options)
        self._path = path

    def _new_conn(self) -> _LocalConnection:
        return _LocalConnection(self._path, timeout=self.timeout.connect_timeout)


def _pool(base: str) -> HTTPConnectionPool:
    """A pool for `http://host:port`, `https://...` or `unix:/path/to.sock`."""
    options: dict[str, Any] = {"maxsize": 8, "timeout": urllib3.Timeout(60.0), "retries": False}
    if base.startswith("unix:"):
        return _LocalPool(base.removeprefix("unix:"), **options)
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"a hub's address is http://host:port, https://host or unix:/path, not {base!r}")
    made: HTTPConnectionPool = urllib3.connection_from_url(base, **options)
    return made


@dataclass(slots=True)
class HubClient:
    """A hub at `base`, asked with `token`. `patience`: seconds for which an unreachable hub is tried again."""

    base: str
    token: str = ""
    patience: float = 10.0
    _connections: HTTPConnectionPool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._connections = _pool(self.base)

    def upsert(self, tenant: str, entities: Sequence[Mapping[str, Any]], *, replace: bool = False) -> BatchAnswer:
        """Each of `entities` (NGSI-LD, short names) is created, or its named attributes are overwritten.

        `replace`: what is not named goes. What the hub refused stands in the answer; the rest is durable.
        """
        return self._batch("upsert" if replace else "upsert?options=update", tenant, entities)

    def merge(self, tenant: str, entities: Sequence[Mapping[str, Any]]) -> BatchAnswer:
        """What each of `entities` names is merged into the one that exists; NGSI-LD Null takes an attribute away."""
        return self._batch("merge", tenant, entities)

    def _batch(self, operation: str, tenant: str, entities: Sequence[Mapping[str, Any]]) -> BatchAnswer:
        path = f"{LD}/entityOperations/{operation}"
        status, body = self.ask("POST", path, tenant=tenant, content=list(entities))
        if status != 207:
            return BatchAnswer(stored=tuple(str(each["id"]) for each in entities))
        refused = ((each["entityId"], each["error"].get("detail", "")) for each in body["errors"])
        return BatchAnswer(stored=tuple(body["success"]), refused=tuple(refused))

    def record(self, tenant: str, entity: Mapping[str, Any]) -> None:
        """Adds to the history of one entity (temporal form: each attribute a list); its present stays."""
        self.ask("POST", f"{LD}/temporal/entities", tenant=tenant, content=entity)

    def delete(self, tenant: str, entity_id: str) -> bool:
        """False where there was none."""
        try:
            self.ask("DELETE", f"{LD}/entities/{quote(entity_id, safe=':')}", tenant=tenant)
        except HubRefused as refusal:
            if refusal.status == 404:
                return False
            raise
        return True

    def entity(self, tenant: str, entity_id: str, **parameters: str) -> dict[str, Any] | None:
        """The entity in normalized form (or as `options` says), None where there is none."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        try:
            _, body = self.ask("GET", f"{LD}/entities/{quote(entity_id, safe=':')}{query}", tenant=tenant)
        except HubRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        found: dict[str, Any] = body
        return found

    def add_tenant(self, tenant: str) -> bool:
        """False where there was one already."""
        try:
            self.ask("POST", "/hub/tenants", content={"name": tenant})
        except HubRefused as refusal:
            if refusal.status == 409:
                return False
            raise
        return True

    def add_token(self, name: str, **what: Any) -> dict[str, Any]:
        """A new token with its secret; `what` as in the reference of POST /hub/tokens. Not tried again when the answer
        is lost: it would be made twice."""
        _, body = self.ask("POST", "/hub/tokens", content={"name": name, **what}, patience=0)
        made: dict[str, Any] = body
        return made

    def health(self) -> dict[str, Any]:
        """What the hub says of itself; Unavailable where it does not answer."""
        _, body = self.ask("GET", "/health", patience=0)
        found: dict[str, Any] = body
        return found

    def ask(
        self, method: str, path: str, *, tenant: str = "", content: Any = None, patience: float | None = None
    ) -> tuple[int, Any]:
        """Status and JSON body (None where empty). HubRefused for 4xx; Unavailable where nobody answers in time."""
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if tenant:
            headers["NGSILD-Tenant"] = tenant
        sent = None if content is None else orjson.dumps(content)
        if sent is not None:
            headers["Content-Type"] = "application/json"
        deadline = time.monotonic() + (self.patience if patience is None else patience)
        pause = FIRST_PAUSE
        while True:
            try:
                answer = self._connections.urlopen(method, path, body=sent, headers=headers)
                if answer.status not in (502, 503, 504):
                    return _understood(answer)
                wrong = f"it answered {answer.status}"
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
                wrong = f"{type(error).__name__}: {error}"
            if time.monotonic() + pause > deadline:
                raise Unavailable(f"The hub at {self.base} does not take it: {wrong}. Is `simos serve` running?")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _understood(answer: urllib3.BaseHTTPResponse) -> tuple[int, Any]:
    body = orjson.loads(answer.data) if answer.data else None
    if answer.status < 400:
        return answer.status, body
    said = body if isinstance(body, dict) else {}
    raise HubRefused(str(said.get("detail", "")), title=str(said.get("title", "The hub refused")), status=answer.status)
