"""A receiver of notifications in a process of its own: `receiver.py PORT`.

Says "ready" when it listens. A line on standard input ends it: it then tells, as JSON, for each entity that it was told
of the number that stood in its `power` (when it was sent, microseconds) and when it came.
"""

import asyncio
import json
import sys
from typing import Any

import httptools
import orjson

from simos.kernel.clock import micros_of, now

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Connection(asyncio.Protocol):
    """Keeps what came and when; it is understood after the measurement."""

    def __init__(self, came: list[tuple[int, bytes]]) -> None:
        self._came = came
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._came.append((micros_of(now()), self._body))
        self._body = b""
        self._transport.write(ANSWER)


async def main(port: int) -> None:
    came: list[tuple[int, bytes]] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(came), "127.0.0.1", port)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    server.close()
    print(json.dumps([(each["power"], at) for at, body in came for each in orjson.loads(body)["data"]]))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
