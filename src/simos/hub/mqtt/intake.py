"""One way in for every MQTT message, from the embedded broker or over the bridge: understood, stored, counted.

Nothing is answered here: a `Fate` says when and how a message is done with, and the caller acknowledges by that.

Where the guarantee begins and ends: a message whose fate is STORED or REJECTED is durable. A sender who has no
acknowledgement sends it again, so that a message may come twice. What bears `observedAt` is then stored once (history's
key holds that time). What bears none is stamped on arrival and would be two points of history; the packet id with its
DUP flag cannot tell, since ids are used again for other messages. So: give `observedAt`.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from simos.hub.grants import ALL, Grant
from simos.hub.ingest.feeds import Running
from simos.hub.mqtt.packets import Message
from simos.hub.mqtt.topics import destination_of, tenant_of, writes_of
from simos.hub.problems import BadRequestData
from simos.hub.server import receiving
from simos.hub.server.desk import Desk
from simos.hub.values import DEFAULT_TENANT, TENANT_NAME, Outcome, Rejection, Write
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

MESSAGE_LIMIT = 1024 * 1024
"""Bytes of one message's payload."""

UNDER_WAY_BYTES = 64 * 1024 * 1024
"""Bytes of all messages that wait for their commit; past that nobody's next message is taken in."""

KEPT_OF_PAYLOAD = 16 * 1024
KEPT_OF_TOPIC = 1024

_PATIENCE = 0.02


class Fate(StrEnum):
    """How a message ended; also the label under which it is counted."""

    STORED = "stored"
    REJECTED = "rejected"  # kept as a rejection: sending it again would not help
    FAILED = "failed"  # the store did not take it: it is to be sent again
    PASSED = "passed"  # on no topic of ours: only for subscribers


@dataclass(frozen=True, slots=True)
class Settled:
    """The end of a message. `types` are those of the entities in it."""

    fate: Fate
    types: tuple[str, ...] = ()


class Intake:
    """Takes messages into one hub. `source` names the channel in rejections, `broker` the one whose feeds count here:
    "" for the embedded one."""

    def __init__(self, desk: Desk, source: str, broker: str = "") -> None:
        self._desk = desk
        self._source = source
        self._broker = broker
        self._loop = asyncio.get_running_loop()
        self._under_way = 0
        self._room = asyncio.Event()
        self._second_tries: set[asyncio.Task[None]] = set()
        self._counts = {fate: desk.metrics.mqtt.labels(str(fate)) for fate in Fate}

    async def take(self, message: Message, grant: Grant) -> asyncio.Future[Settled]:
        """Puts `message` into the writer's line before it returns, so that one caller's calls keep their order.

        Returns later than at once where too much is under way: to wait for it is to slow the sender down.
        """
        while self._under_way and self._under_way + len(message.payload) > UNDER_WAY_BYTES:
            self._room.clear()
            await self._room.wait()
        settled: asyncio.Future[Settled] = self._loop.create_future()
        self._under_way += len(message.payload)
        settled.add_done_callback(partial(self._count, len(message.payload)))
        running = self._desk.feeds.of_topic(message.topic, self._broker)
        try:
            if running is not None:
                await self._take_by_feed(running, message, grant, settled)
                return settled
            writes = await self._understood(message, grant)
        except Problem as problem:
            self._reject(message, _reason(problem), settled)
            return settled
        except Exception:
            log.exception("whether an MQTT message may be stored could not be found out")
            settled.set_result(Settled(Fate.FAILED))
            return settled
        if not writes:
            settled.set_result(Settled(Fate.PASSED))
            return settled
        answer = await self._submitted(writes)
        answer.add_done_callback(partial(self._answered, message, writes, settled))
        return settled

    async def _take_by_feed(
        self, running: Running, message: Message, grant: Grant, settled: asyncio.Future[Settled]
    ) -> None:
        """As the feed's mapping reads it: the good part is stored, the rest kept as rejections, and then it is done."""
        if len(message.payload) > MESSAGE_LIMIT:
            raise BadRequestData(f"A message has {MESSAGE_LIMIT} bytes at most; this one has {len(message.payload)}.")
        receiving.check(running, grant)
        await self._desk.tenant_for(running.feed.tenant, creating=True)
        taken = receiving.understood(running, message.payload, topic=message.topic)
        beside = self._desk.writer.run(taken.beside) if taken.has_beside else None  # in the line before the data
        outcomes: list[Outcome] = []

        def counted(settled: asyncio.Future[Settled]) -> None:
            failed = settled.cancelled() or settled.result().fate is Fate.FAILED
            receiving.settle(self._desk, taken, None if failed else outcomes)

        def kept(beside: asyncio.Future[Any]) -> None:
            failed = beside.cancelled() or beside.exception() is not None
            settled.set_result(Settled(Fate.FAILED if failed else Fate.REJECTED if taken.faults else Fate.STORED))

        settled.add_done_callback(counted)
        if taken.writes:
            writes = receiving.granted(grant, taken.writes)
            answer = await self._submitted(writes)
            answer.add_done_callback(lambda done: outcomes.extend(_outcomes_in(done)))
            answer.add_done_callback(partial(self._answered, message, writes, settled))
        elif beside is not None:
            beside.add_done_callback(kept)
        else:
            settled.set_result(Settled(Fate.STORED))

    async def _understood(self, message: Message, grant: Grant) -> list[Write]:
        """What is to be written (nothing, where the topic is none of ours); a Problem where that may not be."""
        named = tenant_of(message.topic)
        if named != DEFAULT_TENANT and not TENANT_NAME.fullmatch(named):
            raise BadRequestData(f"A topic begins with a tenant, such as gorica/entities; {named[:64]!r} is none.")
        grant.in_tenant(named).to_write(())
        destination = destination_of(message.topic)
        if destination is None:
            await self._desk.tenant_for(named, creating=False)
            return []
        if len(message.payload) > MESSAGE_LIMIT:
            raise BadRequestData(f"A message has {MESSAGE_LIMIT} bytes at most; this one has {len(message.payload)}.")
        writes = writes_of(destination, message.payload)
        grant.to_write(_types_of(writes))
        await self._desk.tenant_for(named, creating=True)
        if ALL in grant.types:
            return writes
        return [replace(write, granted=grant.types) for write in writes]

    async def _submitted(self, writes: Sequence[Write]) -> asyncio.Future[list[Outcome]]:
        while True:
            try:
                return self._desk.writer.submit(writes)
            except asyncio.QueueFull:
                await asyncio.sleep(_PATIENCE)

    def _answered(
        self,
        message: Message,
        writes: Sequence[Write],
        settled: asyncio.Future[Settled],
        answer: asyncio.Future[list[Outcome]],
    ) -> None:
        if answer.cancelled() or answer.exception() is not None:
            trying = self._loop.create_task(self._try_again(message, writes, settled))
            self._second_tries.add(trying)
            trying.add_done_callback(self._second_tries.discard)
        else:
            self._end(message, writes, settled, answer.result())

    async def _try_again(self, message: Message, writes: Sequence[Write], settled: asyncio.Future[Settled]) -> None:
        """Finds out whether the store is at fault, or what it was given: that would be sent again for ever."""
        try:
            await self._desk.writer.run(lambda transaction: None)
        except Exception:  # noqa: BLE001 - the writer has logged it; here it only says that the store is down
            settled.set_result(Settled(Fate.FAILED))
            return
        try:
            outcomes = await self._desk.writer.submit(writes)
        except asyncio.QueueFull:
            settled.set_result(Settled(Fate.FAILED))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is about this message, and is kept with it
            self._reject(message, f"The store works, but cannot hold this: {error}", settled)
        else:
            self._end(message, writes, settled, outcomes)

    def _end(
        self,
        message: Message,
        writes: Sequence[Write],
        settled: asyncio.Future[Settled],
        outcomes: Sequence[Outcome],
    ) -> None:
        refused = [outcome for outcome in outcomes if outcome.refused]
        if refused:
            self._reject(message, "; ".join(f"{each.id}: {each.detail or each.done}" for each in refused), settled)
        else:
            settled.set_result(Settled(Fate.STORED, tuple(_types_of(writes))))

    def _reject(self, message: Message, reason: str, settled: asyncio.Future[Settled]) -> None:
        kept = Rejection(
            tenant=tenant_of(message.topic)[:KEPT_OF_TOPIC],
            source=self._source,
            topic=message.topic[:KEPT_OF_TOPIC],
            payload=message.payload[:KEPT_OF_PAYLOAD],
            reason=reason[:KEPT_OF_TOPIC],
            at=micros_of(now()),
        )
        answer = self._desk.writer.run(lambda transaction: transaction.reject([kept]))

        def done(answer: asyncio.Future[None]) -> None:
            failed = answer.cancelled() or answer.exception() is not None
            settled.set_result(Settled(Fate.FAILED if failed else Fate.REJECTED))

        answer.add_done_callback(done)

    def _count(self, size: int, settled: asyncio.Future[Settled]) -> None:
        self._under_way -= size
        self._room.set()
        if not settled.cancelled():
            self._counts[settled.result().fate].inc()


def _outcomes_in(answer: asyncio.Future[list[Outcome]]) -> list[Outcome]:
    return [] if answer.cancelled() or answer.exception() is not None else answer.result()


def _types_of(writes: Sequence[Write]) -> set[str]:
    return {each for write in writes for each in write.types}


def _reason(problem: Problem) -> str:
    return problem.detail or problem.title
