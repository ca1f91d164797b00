"""Publishers over MQTT 3.1.1 (QoS 1), each in a process of its own, with so many messages in flight.

Bare bytes on a socket: a client library would itself be the slowest part. Run as a module it reads an `Order` from
standard input, says "ready" when it is let in, begins at the line that follows, and answers with its seconds.
"""

import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

IN_FLIGHT = 100
PUBACK = 4
"""Bytes of an acknowledgement."""


@dataclass(slots=True, kw_only=True)
class Order:
    """`payloads` go to `topic`, each acknowledged."""

    port: int
    name: str
    secret: str
    topic: str
    payloads: Sequence[bytes]


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw


def _packet(first: int, rest: bytes) -> bytes:
    length, size = b"", len(rest)
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (0x80 if size else 0)])
        if not size:
            return bytes([first]) + length + rest


def _connected(order: Order) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", order.port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.sendall(
        _packet(0x10, _text("MQTT") + b"\x04\xc2\x00\x3c" + b"".join(map(_text, (order.name, "device", order.secret))))
    )
    answer = made.recv(4)
    assert answer == b"\x20\x02\x00\x00", f"not let in: {answer!r}"
    return made


def _publish(connection: socket.socket, packets: Sequence[bytes]) -> float:
    began, sent, got = time.perf_counter(), 0, 0
    while got < len(packets) * PUBACK:
        room = IN_FLIGHT - (sent - got // PUBACK)
        if room and sent < len(packets):
            connection.sendall(b"".join(packets[sent : sent + room]))
            sent = min(sent + room, len(packets))
        part = connection.recv(65536)
        assert part, "the broker hung up"
        got += len(part)
    return time.perf_counter() - began


def _run(order: Order) -> float:
    packets = [
        _packet(0x32, _text(order.topic) + (place % 65535 + 1).to_bytes(2, "big") + payload)
        for place, payload in enumerate(order.payloads)
    ]
    with _connected(order) as connection:
        sys.stdout.buffer.write(b"ready\n")
        sys.stdout.buffer.flush()
        sys.stdin.buffer.readline()
        return _publish(connection, packets)


def published(orders: Sequence[Order]) -> float:
    """Seconds until every message of every publisher was acknowledged."""
    processes = []
    for order in orders:
        process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin is not None
        pickle.dump(order, process.stdin)
        process.stdin.flush()
        processes.append(process)
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", "a publisher was not let in"
    began = time.perf_counter()
    for process in processes:
        process.communicate(b"go\n", timeout=120)
    return time.perf_counter() - began


if __name__ == "__main__":
    from tests.bench import mqtt_load  # the order belongs to the module, not to __main__

    mqtt_load._run(pickle.load(sys.stdin.buffer))
