"""Attributes that are asked for by value come into the index of values, a few entities at a time. Answers nobody."""

import asyncio
import logging
from collections.abc import Iterable

from simos.hub.writer import Act, Writer

log = logging.getLogger(__name__)

ATTRIBUTES = 64
"""Attributes of one tenant that this process brings into the index: each costs something with every write."""


class ValueIndexer:
    """On the event loop only. Between two steps of it the writer does what else is waiting."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._begun: dict[str, set[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wish(self, tenant: str, attributes: Iterable[str]) -> None:
        """To be called with what queries wished for."""
        begun = self._begun.setdefault(tenant, set())
        for attribute in attributes:
            if attribute not in begun and len(begun) < ATTRIBUTES:
                begun.add(attribute)
                task = asyncio.create_task(self._index(tenant, attribute))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _index(self, tenant: str, attribute: str) -> None:
        after: str | None = ""
        try:
            while after is not None:
                after = await self._writer.run(_step(tenant, attribute, after))
        except Exception:
            log.exception("the values of %s could not be indexed; it is tried again when they are asked for", attribute)
            self._begun[tenant].discard(attribute)

    async def close(self) -> None:
        """Breaks off what is under way: it is begun anew when it is wished again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _step(tenant: str, attribute: str, after: str) -> Act:
    return lambda transaction: transaction.index_values(tenant, attribute, after=after)
