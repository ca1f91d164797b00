"""Series whose hours are asked for are summed up, some hours at a time, while the writer has nothing else to do."""

import asyncio
import logging
from functools import partial

from simos.hub.store.base import Transaction
from simos.hub.store.shelves import DAY, Shelves
from simos.hub.writer import Writer
from simos.kernel.clock import micros_of, now

log = logging.getLogger(__name__)

SECONDS = 0.5
"""Between two looks at what is wished for."""

HOUR = DAY // 24


class Roller:
    """On the event loop. Hours are summed up that ended an hour ago: what comes later is late."""

    def __init__(self, writer: Writer, shelves: Shelves) -> None:
        self._writer = writer
        self._wished: set[tuple[str, int]] = set()
        shelves.wished = self._wished
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            while self._wished and not self._writer.waiting:
                await self._roll(*self._wished.pop())

    async def _roll(self, tenant: str, series: int) -> None:
        until = micros_of(now()) // HOUR * HOUR - HOUR
        try:
            while await self._writer.run(partial(_roll, tenant=tenant, series=series, until=until)):
                await asyncio.sleep(0)
        except Exception:
            log.exception("the hours of a series could not be summed up; it is tried again when they are asked for")

    async def close(self) -> None:
        """Breaks off: what is not summed up is when it is wished for again."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def _roll(transaction: Transaction, *, tenant: str, series: int, until: int) -> bool:
    return transaction.roll(tenant, series, until)
