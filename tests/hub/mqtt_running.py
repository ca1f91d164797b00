"""A hub in a thread of its own, with stores that can be made slow or broken, and clients to speak to it."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from simos.hub.grants import Authoriser, digest, open_to_all
from simos.hub.mqtt import Broker, bridged, embedded_broker
from simos.hub.server import running
from simos.hub.server.desk import Desk
from simos.hub.store.base import HistoryQuery, Store, Transaction
from simos.hub.store.opening import open_store
from simos.hub.values import Point, Rejection, Token

PATIENCE = 20.0
"""Seconds after which something that should happen is taken not to."""


def eventually(true: Callable[[], Any], what: str) -> Any:
    """What `true` gives as soon as that is truthy; fails the test where it never is."""
    until = time.monotonic() + PATIENCE
    while not (found := true()):
        if time.monotonic() > until:
            pytest.fail(f"never: {what}")
        time.sleep(0.01)
    return found


class MoodyStore:
    """A real store whose transactions can be held back before their commit, or fail."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reader = store.reader
        self.open = threading.Event()
        self.open.set()
        self.at_the_gate = threading.Event()
        self.is_down = False
        self.cannot_hold: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if self.is_down:
            raise OSError("the disk is gone")
        with self._store.transaction() as transaction:
            yield _Choosy(transaction, self.cannot_hold)  # type: ignore[misc]
            if not self.open.is_set():
                self.at_the_gate.set()
                self.open.wait(PATIENCE)


class _Choosy:
    def __init__(self, transaction: Transaction, cannot_hold: str | None) -> None:
        self._transaction = transaction
        self._cannot_hold = cannot_hold

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)

    def put(self, entities: Any) -> None:
        if any(entity.id == self._cannot_hold for entity in entities):
            raise ValueError("no column can hold this")
        self._transaction.put(entities)


class Hub:
    """A running hub; its methods may be called from the test's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, desk: Desk, store: MoodyStore, stack: AsyncExitStack) -> None:
        self._loop = loop
        self._stack = stack
        self.desk = desk
        self.store = store
        self.broker: Broker

    def call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def enter(self, context: Any) -> Any:
        return self.call(self._stack.enter_async_context(context))

    def act(self, act: Callable[[Transaction], Any]) -> Any:
        async def acting() -> Any:
            return await self.desk.writer.run(act)

        return self.call(acting())

    def with_broker(self) -> "Hub":
        self.broker = self.enter(embedded_broker(self.desk, "127.0.0.1", 0))
        return self

    def add_tenants(self, *names: str) -> None:
        for name in names:
            self.act(lambda transaction, name=name: transaction.add_tenant(name))

    def add_token(self, secret: str, *tenants: str, types: tuple[str, ...] = ("*",), may_write: bool = True) -> None:
        token = Token(
            id=secret,
            name=secret,
            secret_sha256=digest(secret),
            tenants=frozenset(tenants),
            types=frozenset(types),
            may_write=may_write,
        )
        self.act(lambda transaction: transaction.put_token(token))

    def history(self, tenant: str, entity_id: str) -> list[Point]:
        return list(self.store.reader.history(HistoryQuery(tenant=tenant, entities=(entity_id,))))

    def rejections(self) -> list[Rejection]:
        return list(self.store.reader.rejections())


@contextmanager
def running_hub(
    monkeypatch: pytest.MonkeyPatch,
    url: str = "sqlite:///:memory:",
    *,
    is_open: bool = False,
    authorisers: Sequence[Authoriser] = (),
) -> Iterator[Hub]:
    """A hub on a store at `url`, without MQTT as yet."""
    store = MoodyStore(open_store(url))
    monkeypatch.setattr(running, "open_store", lambda _url: store)
    ready: list[Hub] = []
    is_ready, ending = threading.Event(), []

    async def live() -> None:
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(
                running.open_desk(url, [open_to_all] if is_open else authorisers, implicit_tenants=is_open)
            )
            ending.append(asyncio.Event())
            ready.append(Hub(asyncio.get_running_loop(), desk, store, stack))
            is_ready.set()
            await ending[0].wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    try:
        assert is_ready.wait(PATIENCE)
        yield ready[0]
    finally:
        store.open.set()
        if ready:
            ready[0]._loop.call_soon_threadsafe(ending[0].set)
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the hub did not stop"


class Client(paho.Client):
    """A paho client that remembers what happened to it."""

    def __init__(self, port: int, secret: str | None = None, client_id: str = "", **options: Any) -> None:
        super().__init__(paho.CallbackAPIVersion.VERSION2, client_id=client_id, **options)
        self.port_there = port
        self.let_in: list[str] = []
        self.ended: list[str] = []
        self.acknowledged: list[int] = []
        self.granted: list[list[int]] = []
        self.got: list[tuple[str, bytes]] = []
        if secret is not None:
            self.username_pw_set("device", secret)
        self.on_connect = lambda _c, _u, _f, reason, _p: self.let_in.append(str(reason))
        self.on_disconnect = lambda _c, _u, _f, reason, _p: self.ended.append(str(reason))
        self.on_publish = lambda _c, _u, mid, _r, _p: self.acknowledged.append(mid)
        self.on_subscribe = lambda _c, _u, _m, codes, _p: self.granted.append([code.value for code in codes])
        self.on_message = lambda _c, _u, message: self.got.append((message.topic, message.payload))

    def __enter__(self) -> "Client":
        self.connect("127.0.0.1", self.port_there)
        self.loop_start()
        eventually(lambda: self.let_in, "an answer to CONNECT")
        return self

    def __exit__(self, *_error: object) -> None:
        self.disconnect()
        self.loop_stop()

    def send(self, topic: str, payload: bytes | str, qos: int = 1, *, retain: bool = False) -> None:
        """Publishes, and waits for the acknowledgement where there is one."""
        sent = self.publish(topic, payload, qos, retain)
        eventually(sent.is_published, f"an acknowledgement for {topic}")

    def subscribed(self, topic_filter: str, qos: int = 0) -> int:
        """The code that the broker answers."""
        before = len(self.granted)
        self.subscribe(topic_filter, qos)
        return eventually(lambda: self.granted[before:], "SUBACK")[0][0]


@contextmanager
def hub_process(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A hub that is open to all, in a process of its own, so that it can be killed."""
    command = [sys.executable, str(Path(__file__).with_name("mqtt_process.py")), url, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        yield process
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(AttributeError):
            process.stdout.close()  # type: ignore[union-attr]


__all__ = ["PATIENCE", "Client", "Hub", "MoodyStore", "bridged", "eventually", "hub_process", "running_hub"]
