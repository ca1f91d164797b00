"""Feeds at work beside a hub: polls, other brokers, the watch over devices, and files that change meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from simos.hub.feeds.devices import Watch
from simos.hub.feeds.polling import keep_polling
from simos.hub.ingest.feeds import TOPIC, Feeds, Running
from simos.hub.mqtt.bridge import bridged
from simos.hub.server.desk import Desk
from simos.hub.store.base import Transaction
from simos.kernel.clock import micros_of, now

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Between two looks at the files."""

WATCH_LOOKS = 6
"""Looks at the files between two at the devices; how feeds do is put down then, too."""


@asynccontextmanager
async def running_feeds(desk: Desk, folder: Path | None, secret_of: Callable[[str], str]) -> AsyncIterator[None]:
    """Within the block the feeds of `folder` are at work and devices are watched. `secret_of`: the secret of a name."""
    noted = await desk.read(desk.reader.notes, TOPIC)
    desk.feeds = await desk.read(Feeds, folder, noted)
    house = _House(desk, secret_of)
    await house.begin()
    keeping = asyncio.create_task(house.keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await house.end()


class _House:
    """What is at work for each feed, by name."""

    def __init__(self, desk: Desk, secret_of: Callable[[str], str]) -> None:
        self._desk = desk
        self._secret_of = secret_of
        self._watch = Watch(desk)
        self._at_work: dict[str, tuple[Running, asyncio.Task[None]]] = {}

    async def begin(self) -> None:
        """What each feed needs is at work, and nothing else."""
        there = self._desk.feeds.running
        for name, (running, task) in list(self._at_work.items()):
            if there.get(name) is not running:
                del self._at_work[name]
                await _ended(task)
        for name, running in there.items():
            if name not in self._at_work and (work := self._work_of(running)) is not None:
                self._at_work[name] = running, asyncio.create_task(work, name=f"feed {name}")

    def _work_of(self, running: Running) -> Coroutine[Any, Any, None] | None:
        feed = running.feed
        if feed.poll is not None:
            return keep_polling(self._desk, running, feed.poll, self._secret_of)
        if feed.mqtt is not None and feed.mqtt.broker:
            return self._keep_bridged(running, feed.mqtt.broker, feed.mqtt.topics, feed.mqtt.secret)
        return None

    async def _keep_bridged(self, running: Running, broker: str, topics: tuple[str, ...], secret: str) -> None:
        client_id = f"simos-{self._desk.identity[-4:]}-{running.name}"
        password = self._secret_of(secret) if secret else ""
        async with bridged(self._desk, broker, topics=topics, client_id=client_id, password=password, feeds_of=broker):
            await asyncio.Event().wait()

    async def keep(self) -> None:
        """Looks at files and devices until it is cancelled."""
        look = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            look += 1
            try:
                if await self._desk.read(self._desk.feeds.refresh):
                    await self.begin()
                if look % WATCH_LOOKS == 0:
                    await self._watch.look(micros_of(now()))
                    await self._put_down()
            except Exception:
                log.exception("feeds could not be looked after; tried again")

    async def _put_down(self) -> None:
        notes = list(self._desk.feeds.notes())

        def act(transaction: Transaction) -> None:
            for name, content in notes:
                transaction.put_note(TOPIC, name, content)

        if notes:
            await self._desk.writer.run(act)

    async def end(self) -> None:
        """Nothing is at work any more; how each did is put down."""
        for _, task in self._at_work.values():
            await _ended(task)
        try:
            await self._put_down()
        except Exception:
            log.exception("how feeds did could not be put down")


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
