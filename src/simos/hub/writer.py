"""The hub's one writer: a thread that takes what is waiting, merges it, and commits it as one group.

An answer is given only after the commit is durable. Nothing else writes to the hub's store.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simos.hub.grouping import Group
from simos.hub.past import has_deletion
from simos.hub.store.base import Store, Transaction
from simos.hub.values import Change, Entity, Key, Outcome, Write
from simos.kernel.clock import micros_of, now

log = logging.getLogger(__name__)

GROUP_LIMIT = 4000
"""Most writes in one transaction: past that a waiting reader of the change log would notice."""

WAITING_LIMIT = 50_000
"""Writes that may wait; past that the hub says 503, and the sender keeps its own copy."""

Act = Callable[[Transaction], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What a bulk load has done: its answer, its changes with their numbers, and the last instant that it used."""

    answer: Any
    changes: Sequence[Change]
    until: int


Load = Callable[[Transaction, int], Bulk]
"""Loads in a transaction of its own, at the instant given."""


@dataclass(slots=True)
class _Item:
    """Something to be done, and where the answer goes. `writes` for entities, else `act`, or `load` by itself."""

    answer: asyncio.Future[Any]
    writes: Sequence[Write] = ()
    act: Act | None = None
    load: Load | None = None


class Writer:
    """Takes writes from the event loop and answers them there.

    Called on the loop, in commit order: `on_commit` with the changes, `after_act` after what was given to `run`.
    `keeps_former` is called in the writer's thread: whether the log is to tell what the attributes were before.
    """

    def __init__(
        self,
        store: Store,
        on_commit: Callable[[Sequence[Change]], None] = lambda changes: None,
        after_act: Callable[[], None] = lambda: None,
        keeps_former: Callable[[Change], bool] = has_deletion,
    ) -> None:
        self._store = store
        self._on_commit = on_commit
        self._after_act = after_act
        self._keeps_former = keeps_former
        self._line: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._waiting = 0
        self._loop = asyncio.get_running_loop()
        self._last_at = 0
        self.committed = 0
        self._thread = threading.Thread(target=self._run, name="hub-writer", daemon=True)
        self._thread.start()

    def submit(self, writes: Sequence[Write]) -> asyncio.Future[list[Outcome]]:
        """Joins the line at once, so that calls keep their order; the future is done when the writes are durable.

        Refusals are outcomes. An exception means that nothing of this call was stored. `asyncio.QueueFull` is raised
        where too much waits already.
        """
        if self._waiting + len(writes) > WAITING_LIMIT:
            raise asyncio.QueueFull
        self._waiting += len(writes)
        answer: asyncio.Future[list[Outcome]] = self._loop.create_future()
        self._line.put(_Item(answer, writes=writes))
        return answer

    def run(self, act: Act) -> asyncio.Future[Any]:
        """`act` done in a transaction of the same line; the future holds what it returns."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._line.put(_Item(answer, act=act))
        return answer

    def load(self, act: Load) -> asyncio.Future[Any]:
        """`act` done in its turn; the future holds its answer."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._line.put(_Item(answer, load=act))
        return answer

    @property
    def waiting(self) -> int:
        return self._waiting

    async def close(self) -> None:
        """Ends after everything that was submitted before has been answered."""
        self._line.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        held: _Item | None = None
        ended = False
        while not ended and (item := held or self._line.get()) is not None:
            held = None
            if item.load is not None:
                self._commit([item])
            else:
                group, held, ended = self._take(item)
                self._commit(group)

    def _take(self, first: _Item) -> tuple[list[_Item], _Item | None, bool]:
        """Everything that waits, up to the limit or to a load, which comes next by itself; whether the end was
        called."""
        items, size = [first], len(first.writes)
        while size < GROUP_LIMIT:
            try:
                item = self._line.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return items, None, True
            if item.load is not None:
                return items, item, False
            items.append(item)
            size += len(item.writes)
        return items, None, False

    def _commit(self, items: list[_Item]) -> None:
        try:
            answers, changes = self._store_group(items)
        except Exception as error:
            if len(items) == 1:
                log.exception("a write could not be stored")
                self._answer([(items[0], error)], [])
                return
            for item in items:  # one of them is at fault: each alone, so that the others are stored
                self._commit([item])
            return
        self._answer(list(zip(items, answers, strict=True)), changes)

    def _store_group(self, items: list[_Item]) -> tuple[list[Any], Sequence[Change]]:
        if items[0].load is not None:
            with self._store.transaction() as transaction:
                done = items[0].load(transaction, max(micros_of(now()), self._last_at + 1))
            self._last_at = done.until
            return [done.answer], done.changes
        with self._store.transaction() as transaction:
            keys = {(write.tenant, write.id) for item in items for write in item.writes}
            there: dict[Key, Entity] = transaction.entities(keys) if keys else {}
            group = Group(present=dict(there), before=frozenset(there))
            at = max(micros_of(now()), self._last_at + 1)
            answers: list[Any] = []
            for item in items:
                if item.act is not None:
                    answers.append(item.act(transaction))
                    continue
                outcomes = []
                for write in item.writes:
                    outcomes.append(group.apply(write, at))
                    at += 1  # history's key holds the time: two writes never share it
                answers.append(outcomes)
            changes = group.store(transaction, at, self._keeps_former)
        self._last_at = at
        return answers, changes

    def _answer(self, answers: list[tuple[_Item, Any]], changes: Sequence[Change]) -> None:
        def deliver() -> None:
            if changes:
                self._on_commit(changes)
            if any(item.act is not None for item, _ in answers):
                self._after_act()
            for item, answer in answers:
                self._waiting -= len(item.writes)
                self.committed += len(item.writes)
                if item.answer.done():  # the asker has gone
                    continue
                if isinstance(answer, Exception):
                    item.answer.set_exception(answer)
                else:
                    item.answer.set_result(answer)

        self._loop.call_soon_threadsafe(deliver)
