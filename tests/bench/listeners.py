"""Listeners to the live stream in a process of their own: `listeners.py PORT HOW_MANY SECONDS`.

Says "ready" when all of them are greeted, and after SECONDS tells for each event when it came: pairs of (place in the
log, microseconds), as JSON.
"""

import asyncio
import json
import re
import sys

from simos.kernel.clock import micros_of, now

PATH = "/hub/live?tenant=celje&type=OffStreetParking"
_PLACE = re.compile(rb"\nid: [^\n]*:(\d+)\n")


class _Listener(asyncio.Protocol):
    """Keeps what came and when; it is understood after the measurement."""

    def __init__(self, greeted: asyncio.Semaphore) -> None:
        self.parts: list[tuple[int, bytes]] = []
        self._greeted = greeted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        asked = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
        transport.write(asked.encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if not self.parts and b"event: hello" not in data:
            return
        if not self.parts:
            self._greeted.release()
        self.parts.append((micros_of(now()), data))

    def received(self) -> list[tuple[int, int]]:
        return [(int(place), at) for at, data in self.parts[1:] for place in _PLACE.findall(b"\n" + data)]


async def main(port: int, wanted: int, seconds: float) -> None:
    greeted = asyncio.Semaphore(0)
    loop, made = asyncio.get_running_loop(), []
    for _ in range(wanted):
        made.append((await loop.create_connection(lambda: _Listener(greeted), "localhost", port))[1])
    for _ in range(wanted):
        await asyncio.wait_for(greeted.acquire(), 20)
    print("ready", flush=True)
    await asyncio.sleep(seconds)
    print(json.dumps([pair for each in made for pair in each.received()]))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
