"""Load over HTTP from a process of its own: so many clients, each at full speed, or all together at a given rate.

Run as a module it reads an `Order` from standard input, says "ready" when its connections stand, and answers with a
`Load`. Bytes are made before and judged after: it is to take as little of the two cores as it can.
"""

import asyncio
import itertools
import pickle
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httptools

TIMER = 0.002
"""Seconds by which a timer may wake too late; more than that is somebody's fault and counts."""


def request(
    method: str, path: str, *, port: int, body: bytes = b"", token: str = "", tenant: str = "", accept: str = "*/*"
) -> bytes:
    """A whole request as bytes."""
    head = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", f"Accept: {accept}"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    if tenant:
        head.append(f"NGSILD-Tenant: {tenant}")
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass(slots=True, kw_only=True)
class Order:
    """`clients` holds each one's requests. With `seconds` they are sent round and round for so long, else once.

    `rate`: so many a second in all, at random moments, whoever is free (the first client's requests). What is sent in
    the first `warm` seconds is not counted.
    """

    port: int
    clients: Sequence[Sequence[bytes]]
    seconds: float | None = None
    rate: float | None = None
    warm: float = 0.0


@dataclass(slots=True)
class Load:
    """What came of it. `latencies` in milliseconds, `seconds` from the first counted request to the last answer."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        """The latency in milliseconds that `part` of 100 did not pass."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))]


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        assert self._answer is not None
        self._answer.set_result(self._parser.get_status_code())

    def connection_lost(self, _error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    async def ask(self, raw: bytes) -> int:
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(raw)  # type: ignore[attr-defined]
        return await self._answer


class _Run:
    def __init__(self, order: Order) -> None:
        self._order = order
        self._load = Load()
        self._from = self._until = 0.0

    async def all(self) -> Load:
        order, loop = self._order, asyncio.get_running_loop()
        wanted = len(order.clients) if order.rate is None else 64
        made = [(await loop.create_connection(_Connection, "localhost", order.port))[1] for _ in range(wanted)]
        sys.stdout.buffer.write(b"ready\n")
        sys.stdout.buffer.flush()
        self._from = time.perf_counter() + order.warm
        self._until = self._from + order.seconds if order.seconds is not None else float("inf")
        if order.rate is None:
            await asyncio.gather(*(self._at_full_speed(*each) for each in zip(made, order.clients, strict=True)))
        else:
            await self._at_a_rate(made, order.clients[0], order.rate)
        self._load.seconds = time.perf_counter() - self._from
        return self._load

    async def _ask(self, connection: _Connection, raw: bytes, due: float) -> None:
        status = await connection.ask(raw)
        if due >= self._from:
            self._load.latencies.append((time.perf_counter() - due) * 1000)
        self._load.statuses[status] += 1

    async def _at_full_speed(self, connection: _Connection, requests: Sequence[bytes]) -> None:
        for raw in itertools.cycle(requests) if self._order.seconds is not None else requests:
            began = time.perf_counter()
            if began >= self._until:
                return
            await self._ask(connection, raw, began)

    async def _at_a_rate(self, connections: list[_Connection], requests: Sequence[bytes], rate: float) -> None:
        """Times count from when a request was due, so that a slow answer makes those behind it slow too."""
        idle: asyncio.Queue[_Connection] = asyncio.Queue()
        for each in connections:
            idle.put_nowait(each)
        gaps, due, under_way = random.Random(1), time.perf_counter(), set[asyncio.Task[None]]()

        async def one(raw: bytes, due: float) -> None:
            connection = await idle.get()
            await self._ask(connection, raw, due)
            idle.put_nowait(connection)

        for raw in itertools.cycle(requests):
            due += gaps.expovariate(rate)
            if due >= self._until:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            woke = time.perf_counter()
            under_way.add(asyncio.create_task(one(raw, woke if woke - due < TIMER else due)))
        await asyncio.gather(*under_way)


@contextmanager
def under_load(order: Order) -> Iterator[Load]:
    """The load goes on from the block's beginning; at its end the yielded `Load` holds what came of it."""
    process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    load = Load()
    try:
        pickle.dump(order, process.stdin)
        process.stdin.close()
        assert process.stdout.readline() == b"ready\n", "the load could not begin"
        yield load
        done: Load = pickle.load(process.stdout)
        load.seconds, load.latencies, load.statuses = done.seconds, done.latencies, done.statuses
        process.wait(10)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def loaded(order: Order) -> Load:
    """What came of `order`."""
    with under_load(order) as load:
        pass
    return load


if __name__ == "__main__":
    from tests.bench import http_load  # what is read and written belongs to the module, not to __main__

    wanted = pickle.load(sys.stdin.buffer)
    answer = asyncio.run(http_load._Run(wanted).all())
    pickle.dump(answer, sys.stdout.buffer)
