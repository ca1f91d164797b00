"""Notifications over MQTT (ETSI GS CIM 009, 7.2): one message each, `{"metadata": ..., "body": ...}`.

Arrived means: the broker has acknowledged it (QoS 1 and 2), or it was written to the connection (QoS 0, the standard's
default: for at least once a subscriber asks for QoS 1).
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from simos.hub.addresses import NotAllowed, Reach
from simos.hub.subscriptions.notification import Sent
from simos.hub.subscriptions.sending import Endpoint, NotArrived, Refused

CONNECTIONS = 256
"""Brokers that are held open at the same time."""

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_VERSIONS = {"mqtt3.1.1": MQTTProtocolVersion.MQTTv311, "mqtt5.0": MQTTProtocolVersion.MQTTv5}
_KEEP_ALIVE = 60


@dataclass(frozen=True, slots=True)
class Broker:
    """One account at one broker."""

    host: str
    port: int
    secure: bool
    username: str | None
    password: str | None
    version: MQTTProtocolVersion

    @classmethod
    def of(cls, endpoint: Endpoint) -> "Broker":
        parts = urlsplit(endpoint.uri)
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[endpoint.scheme],
            secure=endpoint.scheme == "mqtts",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            version=_VERSIONS.get(endpoint.info.get("MQTT-Version", ""), MQTTProtocolVersion.MQTTv311),
        )


def topic_of(uri: str) -> str:
    return unquote(urlsplit(uri).path).strip("/")


def qos_of(endpoint: Endpoint) -> int:
    """0, 1 or 2; 0 where it is not said, or not understood."""
    wanted = endpoint.info.get("MQTT-QoS", "0")
    return int(wanted) if wanted in ("0", "1", "2") else 0


class _Connection:
    """Paho's thread speaks to the broker, the event loop's waits. Once broken it stays so."""

    def __init__(self, broker: Broker, patience: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._connected: asyncio.Future[None] = self._loop.create_future()
        self._published: dict[int, asyncio.Future[None]] = {}
        self.broken = False
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=broker.version, reconnect_on_failure=False)
        self._client.connect_timeout = patience
        if broker.username is not None:
            self._client.username_pw_set(broker.username, broker.password)
        if broker.secure:
            self._client.tls_set()
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish
        self._client.on_disconnect = self._on_disconnect

    async def open(self, address: str, port: int, patience: float) -> None:
        """Connected and welcome, or NotArrived."""
        try:
            await asyncio.to_thread(self._client.connect, address, port, _KEEP_ALIVE)
        except (OSError, ValueError) as error:
            raise NotArrived(f"{type(error).__name__}: {error}") from None
        self._client.loop_start()
        try:
            await asyncio.wait_for(asyncio.shield(self._connected), patience)
        except TimeoutError:
            raise NotArrived("the broker does not answer") from None

    async def publish(self, topic: str, payload: bytes, qos: int, patience: float) -> None:
        """Returns once the broker has it, as far as `qos` lets us know; else NotArrived."""
        info = self._client.publish(topic, payload, qos)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            raise NotArrived("the connection to the broker broke")
        done = self._published[info.mid] = self._loop.create_future()
        try:
            await asyncio.wait_for(done, patience)
        except TimeoutError:
            raise NotArrived("the broker does not acknowledge") from None
        finally:
            self._published.pop(info.mid, None)

    def close(self) -> None:
        """Not waited for: paho may be in the middle of something for seconds."""
        self.broken = True
        self._client.disconnect()
        threading.Thread(target=self._client.loop_stop, daemon=True).start()

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        refusal = NotArrived(f"the broker refuses us: {reason}") if reason.is_failure else None
        self._tell(lambda: _settle(self._connected, refusal))

    def _on_publish(self, _client: Any, _data: Any, mid: int, _reason: Any, _properties: Any) -> None:
        self._tell(lambda: _settle(self._published.get(mid), None))

    def _on_disconnect(self, *_: Any) -> None:
        def tell() -> None:
            self.broken = True
            for waiting in (self._connected, *self._published.values()):
                _settle(waiting, NotArrived("the connection to the broker broke"))

        self._tell(tell)

    def _tell(self, what: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the event loop has ended
            self._loop.call_soon_threadsafe(what)


def _settle(waiting: "asyncio.Future[None] | None", refusal: NotArrived | None) -> None:
    if waiting is None or waiting.done():
        return
    if refusal is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(refusal)
        waiting.exception()  # perhaps nobody waits any more


class MqttSender:
    """Implements `Sender`. One connection for each account at each broker."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._open: OrderedDict[Broker, asyncio.Task[_Connection]] = OrderedDict()

    async def send(self, endpoint: Endpoint, sent: Sent) -> None:
        payload = orjson.dumps({"metadata": sent.about, "body": sent.body})
        connection = await self._connection(Broker.of(endpoint), endpoint.timeout)
        await connection.publish(topic_of(endpoint.uri), payload, qos_of(endpoint), endpoint.timeout)

    async def _connection(self, broker: Broker, patience: float) -> _Connection:
        """The one that is open, or a new one; whoever comes while it is being opened waits for the same."""
        opening = self._open.get(broker)
        if opening is None or _is_broken(opening):
            if opening is not None:
                _close(opening)
            opening = self._open[broker] = asyncio.create_task(self._opened(broker, patience))
        self._open.move_to_end(broker)
        while len(self._open) > CONNECTIONS:
            _close(self._open.popitem(last=False)[1])
        return await asyncio.shield(opening)

    async def _opened(self, broker: Broker, patience: float) -> _Connection:
        try:
            address = await asyncio.to_thread(self._reach.resolved, broker.host, broker.port)
        except NotAllowed as error:
            raise Refused(str(error)) from None
        except OSError as error:
            raise NotArrived(f"{broker.host}: {error}") from None
        connection = _Connection(broker, patience)
        try:
            # a certificate is of the name; the addresses of that name have just been looked at
            await connection.open(broker.host if broker.secure else address, broker.port, patience)
        except BaseException:
            connection.close()
            raise
        return connection

    async def close(self) -> None:
        for opening in self._open.values():
            _close(opening)
        self._open.clear()


def _is_broken(opening: "asyncio.Task[_Connection]") -> bool:
    if not opening.done():
        return False
    return opening.cancelled() or opening.exception() is not None or opening.result().broken


def _close(opening: "asyncio.Task[_Connection]") -> None:
    if not opening.done():
        opening.cancel()
    elif not opening.cancelled() and opening.exception() is None:
        opening.result().close()
