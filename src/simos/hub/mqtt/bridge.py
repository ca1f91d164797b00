"""A client towards somebody else's MQTT broker: what is published there comes into the hub.

Each message is acknowledged to that broker after the hub has committed it, never before. The guarantee therefore begins
where that broker acknowledges to the publisher *and* keeps a persistent session for us without a limit that it drops
messages at (mosquitto: `max_queued_messages 0`, and `persistence true` for its own restarts). What is published there
before the bridge has been connected for the first time, or at QoS 0, it does not owe us.
"""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from simos.hub.grants import EVERYTHING
from simos.hub.mqtt.intake import Fate, Intake, Settled
from simos.hub.mqtt.packets import Message
from simos.hub.server.desk import Desk

log = logging.getLogger(__name__)

TOPICS = ("+/entities/#",)
"""'#' means its parent too, so that this brings `<tenant>/entities`; with both, some brokers would send it twice."""

CLIENT_ID = "simos-hub"

IN_FLIGHT = 1000
"""Messages that may wait for their commit; past that nothing more is read from the broker."""

_NO_FEEDS = "-"
"""No feed names such a broker: what comes over the platform's own bridge is NGSI-LD."""

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_KEEP_ALIVE = 60
_DELAYS = (1, 30)
_STOP_STEP, _STOP_STEPS = 0.02, 40


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    port: int
    secure: bool
    username: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> "_Address":
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("an MQTT broker's address is mqtt://user:password@host:1883, or mqtts:// for TLS")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            secure=parts.scheme == "mqtts",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class _Received:
    """A message, and in which connection it came: an id means nothing in the next one."""

    message: Message
    connection: int


class Bridge:
    """A connection that is kept up. Two threads: paho's, which reads, and the event loop's, which stores."""

    def __init__(self, desk: Desk, address: _Address, topics: Sequence[str], client_id: str, broker: str = "") -> None:
        self._address = address
        self._topics = [(topic, 1) for topic in topics]
        self._intake = Intake(desk, f"mqtt://{address.host}:{address.port}", broker or _NO_FEEDS)
        self._loop = asyncio.get_running_loop()
        self._line: asyncio.Queue[_Received] = asyncio.Queue()
        self._room = threading.Semaphore(IN_FLIGHT)
        self._stopping = threading.Event()
        self._connection = 0
        self.subscribed = False
        self._given_up = 0
        self.connected = False
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True
        )
        if address.username is not None:
            self._client.username_pw_set(address.username, address.password)
        if address.secure:
            self._client.tls_set()
        self._client.reconnect_delay_set(*_DELAYS)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._storing = self._loop.create_task(self._store())

    def start(self) -> None:
        """Connects, and goes on trying for as long as it must; never waits."""
        self._client.connect_async(self._address.host, self._address.port, _KEEP_ALIVE)
        self._client.loop_start()

    async def stop(self) -> None:
        """The session stays with the broker; what was not acknowledged comes again."""
        self._stopping.set()
        self._storing.cancel()
        self._client.disconnect()
        self._hang_up()
        await asyncio.gather(self._storing, return_exceptions=True)
        ending = threading.Thread(target=self._client.loop_stop, daemon=True)
        ending.start()
        for _ in range(_STOP_STEPS):  # paho may be in the middle of connecting, for seconds: not waited for
            if not ending.is_alive():
                return
            await asyncio.sleep(_STOP_STEP)

    # paho's thread

    def _on_connect(
        self, client: paho.Client, _userdata: Any, flags: paho.ConnectFlags, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            log.error("the MQTT broker %s does not let us in: %s", self._address.host, reason)
            return
        self._connection += 1
        self.connected = True
        log.info("connected to the MQTT broker %s", self._address.host)
        if not (flags.session_present and self.subscribed):  # subscribing again would bring what is retained again
            client.subscribe(self._topics)

    def _on_subscribe(
        self, _client: paho.Client, _userdata: Any, _mid: int, codes: list[Any], _properties: Any
    ) -> None:
        if any(code.is_failure for code in codes):
            log.error("the MQTT broker %s does not let us subscribe to %s", self._address.host, self._topics)
            return
        self.subscribed = True

    def _on_disconnect(self, _client: paho.Client, _userdata: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.connected = False
        if not self._stopping.is_set():
            log.info("the connection to the MQTT broker %s ended: %s", self._address.host, reason)

    def _on_message(self, _client: paho.Client, _userdata: Any, message: paho.MQTTMessage) -> None:
        while not self._room.acquire(timeout=0.2):
            if self._stopping.is_set():
                return
        received = _Received(
            Message(
                topic=message.topic,
                payload=bytes(message.payload),
                qos=message.qos,
                retain=message.retain,
                dup=message.dup,
                packet_id=message.mid,
            ),
            self._connection,
        )
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody stores, nothing is acknowledged
            self._loop.call_soon_threadsafe(self._line.put_nowait, received)

    # the event loop's thread

    async def _store(self) -> None:
        while True:
            received = await self._line.get()
            settled = await self._intake.take(received.message, EVERYTHING)
            settled.add_done_callback(partial(self._settled, received))

    def _settled(self, received: _Received, settled: asyncio.Future[Settled]) -> None:
        self._room.release()
        fate = settled.result().fate
        message = received.message
        if received.connection != self._connection or not message.qos:
            return
        if fate is not Fate.FAILED:
            self._client.ack(message.packet_id, message.qos)
        elif self._given_up != received.connection:
            self._given_up = received.connection
            log.info("the store is down: the MQTT broker %s is asked to send again", self._address.host)
            self._hang_up()

    def _hang_up(self) -> None:
        """The broker sends again, in order, to whoever connects again; paho does that by itself."""
        connected = self._client.socket()
        if isinstance(connected, socket.socket):
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


@asynccontextmanager
async def bridged(
    desk: Desk,
    url: str,
    *,
    topics: Sequence[str] = TOPICS,
    client_id: str = CLIENT_ID,
    password: str = "",
    feeds_of: str = "",
) -> AsyncIterator[Bridge]:
    """Within the block what is published at the broker at `url` (mqtt:// or mqtts://) under `topics` is stored.

    `feeds_of`: what comes belongs to the feeds of this broker. `client_id` names the persistent session there: one hub,
    one id. The operator has chosen that broker, so that all of
    it is granted. ValueError for another kind of address; a broker that is away is tried again, after 1 to 30 seconds.
    """
    address = _Address.parse(url)
    if password:
        address = replace(address, password=password)
    bridge = Bridge(desk, address, topics, client_id, feeds_of)
    bridge.start()
    try:
        yield bridge
    finally:
        await bridge.stop()
