"""MQTT 3.1.1 on the wire (OASIS standard, clauses 2 and 3): bytes to values and back. Knows no session and no hub."""

import asyncio
from dataclasses import dataclass
from typing import Final

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = range(1, 8)
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = range(8, 15)

ACCEPTED, WRONG_VERSION, WRONG_ID, NOT_AVAILABLE, WRONG_CREDENTIAL, NOT_PERMITTED = range(6)
"""Return codes of CONNACK (table 3.1)."""

REFUSED: Final = 0x80
"""Return code of SUBACK for a filter that is not granted."""

PONG: Final = bytes((PINGRESP << 4, 0))

_VERSIONS = {(b"MQTT", 4), (b"MQIsdp", 3)}
_NEEDED_FLAGS = {PUBREL: 2, SUBSCRIBE: 2, UNSUBSCRIBE: 2}


class Malformed(Exception):
    """What came is not MQTT 3.1.1: the connection is closed (clause 4.8)."""


class UnknownVersion(Exception):
    """A CONNECT of a version that is not spoken here (5, for one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is published. `packet_id` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    dup: bool = False
    packet_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """How a client introduces itself. `keep_alive` in seconds, 0: none."""

    client_id: str
    clean: bool
    keep_alive: int
    username: str | None = None
    password: str | None = None
    will: Message | None = None


async def read_packet(reader: asyncio.StreamReader, limit: int) -> tuple[int, int, bytes]:
    """Kind, flags and body of the next packet; Malformed where its body is longer than `limit` bytes.

    `asyncio.IncompleteReadError` where the other side has gone.
    """
    first, size = await reader.readexactly(2)
    shift, more = 7, size & 0x80
    size &= 0x7F
    while more:
        if shift > 21:
            raise Malformed("a packet's length has four bytes at most")
        (byte,) = await reader.readexactly(1)
        size |= (byte & 0x7F) << shift
        shift, more = shift + 7, byte & 0x80
    if size > limit:
        raise Malformed(f"a packet of {size} bytes; at most {limit} are taken")
    kind, flags = first >> 4, first & 0x0F
    if kind != PUBLISH and flags != _NEEDED_FLAGS.get(kind, 0):
        raise Malformed(f"a packet of kind {kind} with flags {flags}")
    return kind, flags, await reader.readexactly(size) if size else b""


class _Body:
    """A packet's body, read from the front."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._body):
            raise Malformed("a packet ends too early")
        part = self._body[self._at : end]
        self._at = end
        return part

    def number(self) -> int:
        return int.from_bytes(self.take(2))

    def data(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            text = self.data().decode()
        except UnicodeDecodeError:
            raise Malformed("text that is not UTF-8") from None
        if "\0" in text:
            raise Malformed("text with U+0000 in it")
        return text

    def packet_id(self) -> int:
        found = self.number()
        if found == 0:
            raise Malformed("a packet id of 0")
        return found

    @property
    def rest(self) -> bytes:
        return self.take(len(self._body) - self._at)

    @property
    def more(self) -> bool:
        return self._at < len(self._body)


def connect_of(content: bytes) -> Connect:
    """What a CONNECT says (clause 3.1); UnknownVersion or Malformed."""
    body = _Body(content)
    name, version = body.data(), body.take(1)[0]
    if (name, version) not in _VERSIONS:
        raise UnknownVersion(f"{name!r} {version}")
    flags = body.take(1)[0]
    has_name, has_password, has_will = bool(flags & 0x80), bool(flags & 0x40), bool(flags & 0x04)
    will_qos, will_retain = flags >> 3 & 0x03, bool(flags & 0x20)
    if flags & 0x01 or will_qos == 3 or (has_password and not has_name) or (not has_will and flags & 0x38):
        raise Malformed(f"a CONNECT with flags {flags:#x}")
    keep_alive, client_id = body.number(), body.text()
    will = None
    if has_will:
        will = Message(topic=_topic(body.text()), payload=body.data(), qos=will_qos, retain=will_retain)
    connect = Connect(
        client_id=client_id,
        clean=bool(flags & 0x02),
        keep_alive=keep_alive,
        username=body.text() if has_name else None,
        password=body.data().decode("utf-8", "replace") if has_password else None,
        will=will,
    )
    if body.more:
        raise Malformed("a CONNECT with something after its end")
    return connect


def _topic(name: str) -> str:
    if not name or "+" in name or "#" in name:
        raise Malformed(f"one cannot publish to {name[:100]!r}")
    return name


def message_of(flags: int, content: bytes) -> Message:
    """What a PUBLISH brings (clause 3.3)."""
    qos = flags >> 1 & 0x03
    if qos == 3:
        raise Malformed("a PUBLISH with QoS 3")
    body = _Body(content)
    topic = _topic(body.text())
    packet_id = body.packet_id() if qos else 0
    return Message(
        topic=topic,
        payload=body.rest,
        qos=qos,
        retain=bool(flags & 0x01),
        dup=bool(flags & 0x08),
        packet_id=packet_id,
    )


def packet_id_of(content: bytes) -> int:
    """What PUBACK, PUBREC, PUBREL and PUBCOMP say."""
    if len(content) != 2:
        raise Malformed("an acknowledgement has two bytes")
    return _Body(content).packet_id()


def subscribe_of(content: bytes) -> tuple[int, list[tuple[str, int]]]:
    """Packet id, and filters with the QoS asked for (clause 3.8)."""
    body = _Body(content)
    packet_id, wanted = body.packet_id(), []
    while body.more:
        name, qos = body.text(), body.take(1)[0]
        if qos > 2:
            raise Malformed(f"a SUBSCRIBE with QoS {qos}")
        wanted.append((name, qos))
    if not wanted:
        raise Malformed("a SUBSCRIBE to nothing")
    return packet_id, wanted


def unsubscribe_of(content: bytes) -> tuple[int, list[str]]:
    """Packet id, and filters (clause 3.10)."""
    body = _Body(content)
    packet_id, unwanted = body.packet_id(), []
    while body.more:
        unwanted.append(body.text())
    if not unwanted:
        raise Malformed("an UNSUBSCRIBE from nothing")
    return packet_id, unwanted


def _packet(kind: int, flags: int, body: bytes) -> bytes:
    length, size = bytearray(), len(body)
    while True:
        size, low = size >> 7, size & 0x7F
        length.append(low | 0x80 if size else low)
        if not size:
            return bytes((kind << 4 | flags, *length)) + body


def publish(message: Message) -> bytes:
    """The PUBLISH that brings `message`."""
    topic = message.topic.encode()
    head = len(topic).to_bytes(2) + topic + (message.packet_id.to_bytes(2) if message.qos else b"")
    flags = message.dup << 3 | message.qos << 1 | message.retain
    return _packet(PUBLISH, flags, head + message.payload)


def acknowledgement(kind: int, packet_id: int) -> bytes:
    """PUBACK, PUBREC, PUBREL, PUBCOMP or UNSUBACK of `packet_id`."""
    return bytes((kind << 4 | _NEEDED_FLAGS.get(kind, 0), 2, packet_id >> 8, packet_id & 0xFF))


def connack(code: int, *, session_present: bool = False) -> bytes:
    """The answer to a CONNECT."""
    return bytes((CONNACK << 4, 2, session_present and code == ACCEPTED, code))


def suback(packet_id: int, codes: list[int]) -> bytes:
    """The answer to a SUBSCRIBE: for each filter the QoS granted, or REFUSED."""
    return _packet(SUBACK, 0, packet_id.to_bytes(2) + bytes(codes))
