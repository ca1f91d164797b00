"""One client's connection: reads what it sends, acknowledges what is durable, sends what waits for it.

Three tasks, so that a slow store stops the reading, and a slow reader stops only its own sending.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial

from simos.hub.mqtt.intake import MESSAGE_LIMIT, Fate, Intake, Settled
from simos.hub.mqtt.packets import (
    DISCONNECT,
    PINGREQ,
    PONG,
    PUBACK,
    PUBCOMP,
    PUBLISH,
    PUBREC,
    PUBREL,
    REFUSED,
    SUBSCRIBE,
    UNSUBACK,
    UNSUBSCRIBE,
    Connect,
    Malformed,
    Message,
    acknowledgement,
    message_of,
    packet_id_of,
    publish,
    read_packet,
    suback,
    subscribe_of,
    unsubscribe_of,
)
from simos.hub.mqtt.sessions import Session, Subscriptions

log = logging.getLogger(__name__)

IN_FLIGHT = 500
"""Messages of one client that may wait for their commit; past that it is not read from."""

PACKET_LIMIT = MESSAGE_LIMIT + 0xFFFF + 4
"""Bytes of one packet: the longest topic and payload."""

_ACKNOWLEDGED_BY = {1: PUBACK, 2: PUBREC}
_GONE = (Malformed, asyncio.IncompleteReadError, OSError)


class Connection:
    """A client that is let in. `on_taken` is told the topic of each message, when it comes."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        session: Session,
        connect: Connect,
        intake: Intake,
        subscriptions: Subscriptions,
        on_taken: Callable[[Session, str], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.session = session
        self.connect = connect
        self._intake = intake
        self._subscriptions = subscriptions
        self._on_taken = on_taken
        self._under_way: asyncio.Queue[tuple[Message, asyncio.Future[Settled]]] = asyncio.Queue(IN_FLIGHT)
        self._listening_since = 0.0
        self._said_goodbye = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def is_overdue(self) -> bool:
        """Whether the client has been silent for one and a half times its keep-alive (clause 3.1.2.10)."""
        if not self.connect.keep_alive or not self._listening_since:
            return False
        return time.monotonic() - self._listening_since > self.connect.keep_alive * 1.5

    def cut(self) -> None:
        """Ends the connection: nothing more is read or sent. What has been submitted is stored all the same."""
        for task in self._tasks:
            task.cancel()
        self._writer.transport.abort()

    async def run(self) -> None:
        """Serves the client until it goes, breaks the protocol, is cut, or a message of it could not be stored."""
        tasks = tuple(asyncio.create_task(part()) for part in (self._read, self._acknowledge, self._send))
        self._tasks = tasks
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            for end in ends:
                if isinstance(end, Malformed):
                    log.info("MQTT client %s: %s", self.session.device, end)
                elif isinstance(end, Exception) and not isinstance(end, _GONE):
                    log.error("a fault of ours ended an MQTT connection", exc_info=end)
        if self.connect.will is not None and not self._said_goodbye:
            await self._take(self.connect.will)

    async def _read(self) -> None:
        while not self._said_goodbye:
            self._listening_since = time.monotonic()
            kind, flags, body = await read_packet(self._reader, PACKET_LIMIT)
            self._listening_since = 0.0
            if kind == PUBLISH:
                await self._publish(message_of(flags, body))
            else:
                await self._answer(kind, body)

    async def _answer(self, kind: int, body: bytes) -> None:
        if kind == PINGREQ:
            await self._write(PONG)
        elif kind == PUBACK:
            self.session.acknowledged(packet_id_of(body))
        elif kind == PUBREL:
            packet_id = packet_id_of(body)
            self.session.received.discard(packet_id)
            await self._write(acknowledgement(PUBCOMP, packet_id))
        elif kind == SUBSCRIBE:
            await self._subscribe(body)
        elif kind == UNSUBSCRIBE:
            packet_id, unwanted = unsubscribe_of(body)
            for topic_filter in unwanted:
                self._subscriptions.unsubscribe(self.session, topic_filter)
            await self._write(acknowledgement(UNSUBACK, packet_id))
        elif kind == DISCONNECT:
            self._said_goodbye = True
        else:
            raise Malformed(f"a packet of kind {kind} from a client")

    async def _subscribe(self, body: bytes) -> None:
        packet_id, wanted = subscribe_of(body)
        codes = [self._subscriptions.subscribe(self.session, topic_filter, qos) for topic_filter, qos in wanted]
        await self._write(suback(packet_id, codes))
        for (topic_filter, _), code in zip(wanted, codes, strict=True):
            if code != REFUSED:
                self._subscriptions.leave_retained(self.session, topic_filter)

    async def _publish(self, message: Message) -> None:
        """Takes a message in, and has it acknowledged in its turn. At QoS 2 a repeated one is only acknowledged."""
        if message.qos == 2 and message.packet_id in self.session.received:
            known: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
            known.set_result(Settled(Fate.PASSED))
            await self._under_way.put((message, known))
            return
        await self._under_way.put((message, await self._take(message)))

    async def _take(self, message: Message) -> asyncio.Future[Settled]:
        self._on_taken(self.session, message.topic)
        settled = await self._intake.take(message, self.session.grant)
        if self._subscriptions.concerns(message):
            settled.add_done_callback(partial(self._pass_on, message))
        return settled

    def _pass_on(self, message: Message, settled: asyncio.Future[Settled]) -> None:
        end = settled.result()
        if end.fate in (Fate.STORED, Fate.PASSED):
            self._subscriptions.pass_on(message, end.types)

    async def _acknowledge(self) -> None:
        """Acknowledges in the order of arrival (clause 4.6), and ends where a message was not stored."""
        ready = bytearray()
        while True:
            if ready and self._under_way.empty():
                await self._write(bytes(ready))
                ready.clear()
            message, settled = await self._under_way.get()
            if not settled.done():
                if ready:
                    await self._write(bytes(ready))
                    ready.clear()
                await asyncio.shield(settled)
            if not message.qos:
                continue
            if settled.result().fate is Fate.FAILED:
                return
            if message.qos == 2:
                self.session.received.add(message.packet_id)
            ready += acknowledgement(_ACKNOWLEDGED_BY[message.qos], message.packet_id)

    async def _send(self) -> None:
        session = self.session
        session.reconnected()
        while True:
            session.wake.clear()
            while (message := session.to_send()) is not None:
                await self._write(publish(message))
            await session.wake.wait()

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
