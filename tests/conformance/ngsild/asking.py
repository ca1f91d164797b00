"""A hub served in a thread, a client that speaks plain HTTP to it, and a receiver of notifications. Tests nothing."""

import asyncio
import contextlib
import http.server
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import urllib3

from simos.hub.addresses import Reach
from simos.hub.faces import hub_app
from simos.hub.grants import open_to_all
from simos.hub.server.running import Server, open_desk, server_config
from tests.running import free_port

JSON, LD_JSON, GEO_JSON = "application/json", "application/ld+json", "application/geo+json"
CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
PATIENCE = 20.0

_number = itertools.count(1)


@dataclass(slots=True)
class Answer:
    """`headers` by lower-case name. `body`: JSON, None where there was none."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def problem(self) -> str:
        """The kind of a problem, without its long beginning."""
        assert self.headers["content-type"] == "application/problem+json", self.body
        assert self.body["title"]
        return str(self.body["type"]).removeprefix(ERRORS)


@dataclass(slots=True)
class Client:
    """Asks one tenant of a hub."""

    base: str
    tenant: str
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Answer:
        """`path` after /ngsi-ld/v1; header names with _ for -. Content that is no bytes is sent as JSON."""
        sent = {"NGSILD-Tenant": self.tenant} if self.tenant else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        if body is not None and not any(name.lower() == "content-type" for name in sent):
            sent["Content-Type"] = JSON
        answer = self.pool.request(method, f"{self.base}/ngsi-ld/v1{path}", body=body, headers=sent, retries=False)
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, found, json.loads(answer.data) if answer.data else None)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def done(self, method: str, path: str, content: Any = None, **headers: str) -> Answer:
        """An answer that must be a success."""
        answer = self.ask(method, path, content, **headers)
        assert answer.status < 300, (answer.status, answer.body)
        return answer


@contextlib.contextmanager
def served(url: str) -> Iterator[str]:
    """The address of an open hub on the store at `url`, which is served for the length of the block."""
    ready: Future[Server] = Future()
    port = free_port()

    async def serve() -> None:
        try:
            reach = Reach(everywhere=True)
            async with open_desk(url, [open_to_all], implicit_tenants=True, reach=reach) as desk:
                options = {"host": "127.0.0.1", "port": port}
                server = Server(server_config(hub_app(desk), **options), before_stop=desk.live.close)
                server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
                task = asyncio.create_task(server.serve())
                while not server.started:
                    await asyncio.sleep(0.01)
                ready.set_result(server)
                await task
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    server = ready.result(30)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def fresh_tenant() -> str:
    return f"t{next(_number)}"


@dataclass(slots=True)
class Received:
    """One notification with its headers (by lower-case name)."""

    headers: dict[str, str]
    body: dict[str, Any]
    path: str

    @property
    def entity(self) -> dict[str, Any]:
        (one,) = self.body["data"]
        found: dict[str, Any] = one
        return found


class Receiver:
    """Takes notifications at `uri`. `answer`: given the path, the status to answer with."""

    def __init__(self, answer: Callable[[str], int] = lambda path: 204, port: int = 0) -> None:
        self.received: list[Received] = []
        self.answer = answer
        ours = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                ours.received.append(Received(headers, body, self.path))
                self.send_response(ours.answer(self.path))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.uri = f"http://127.0.0.1:{self._server.server_port}/notify"

    def wait(self, number: int = 1, seconds: float = PATIENCE) -> list[Received]:
        """The first `number` that came; fails where they never do."""
        until = time.monotonic() + seconds
        while len(self.received) < number:
            assert time.monotonic() < until, f"{len(self.received)} of {number} notifications came: {self.received}"
            time.sleep(0.005)
        return self.received[:number]

    def next(self) -> Received:
        """The next one, which is then forgotten."""
        (found,) = self.wait()
        self.received.remove(found)
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
