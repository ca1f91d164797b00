"""The hub's one writer: a thread that takes what is waiting, merges it, and commits it as one group.

An answer is given only after the commit is durable. Nothing else writes to the hub's store.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simos.hub.merge import apply
from simos.hub.ngsild import correction_change
from simos.hub.past import deletions, has_deletion, past_of, with_record
from simos.hub.store.base import Store, Transaction
from simos.hub.values import Change, Correction, Entity, Key, Mode, Outcome, Point, Write
from simos.kernel.clock import micros_of, now

log = logging.getLogger(__name__)

GROUP_LIMIT = 4000
"""Most writes in one transaction: past that a waiting reader of the change log would notice."""

WAITING_LIMIT = 50_000
"""Writes that may wait; past that the hub says 503, and the sender keeps its own copy."""

Act = Callable[[Transaction], Any]


@dataclass(slots=True)
class _Item:
    """Something to be done, and where the answer goes. `writes` for entities, else `act`."""

    answer: asyncio.Future[Any]
    writes: Sequence[Write] = ()
    act: Act | None = None


@dataclass(slots=True)
class _Group:
    """What one transaction gathers before it is stored."""

    present: dict[Key, Entity | None]
    before: frozenset[Key]
    touched: dict[Key, None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    recorded: list[tuple[Write, int]] = field(default_factory=list)

    def apply(self, write: Write, at: int) -> Outcome:
        key = (write.tenant, write.id)
        effect = apply(self.present.get(key), write, at=at)
        if effect.changed:
            self.present[key] = effect.entity
            self.touched[key] = None
        if write.mode is Mode.RECORD and effect.entity is None and effect.points:
            self.recorded.append((write, at))
        self.points.extend(effect.points)
        if effect.change is not None:
            self.changes.append(effect.change)
        return effect.outcome

    def store(self, transaction: Transaction, at: int, keeps_former: Callable[[Change], bool]) -> list[Change]:
        """Puts all of it into the transaction; the changes come back with their numbers."""
        now_there = [entity for key in self.touched if (entity := self.present[key]) is not None]
        gone = [key for key in self.touched if self.present[key] is None and key in self.before]
        if now_there:
            transaction.put(now_there)
        if gone:
            transaction.delete(gone)
        for part in _each_key_once(self.points):
            self.changes.extend(self._corrections(transaction.record(part), at))
        self._store_the_past(transaction)
        if not self.changes:
            return []
        last = transaction.append(
            [each if not each.former or keeps_former(each) else replace(each, former={}) for each in self.changes]
        )
        first = last - len(self.changes) + 1
        return [replace(change, seq=seq) for seq, change in enumerate(self.changes, start=first)]

    def _store_the_past(self, transaction: Transaction) -> None:
        """What was deleted, and the types of entities that have a history and no present."""
        if buried := [point for change in self.changes for point in deletions(change)]:
            transaction.bury(buried)
        pasts = {past.key: past for change in self.changes if (past := past_of(change))}
        if self.recorded:
            known = transaction.pasts((write.tenant, write.id) for write, _ in self.recorded)
            for write, at in self.recorded:
                past = with_record(
                    pasts.get((write.tenant, write.id)) or known.get((write.tenant, write.id)), write, at
                )
                pasts[past.key] = past
        if pasts:
            transaction.put_pasts(list(pasts.values()))

    def _corrections(self, corrections: Sequence[Correction], at: int) -> Iterator[Change]:
        for correction in corrections:
            entity = self.present.get((correction.point.tenant, correction.point.entity))
            yield replace(correction_change(correction, entity.types if entity else ()), at=at)


def _each_key_once(points: list[Point]) -> Iterator[list[Point]]:
    """`points` in order, cut so that no part holds two of the same key: the second is a correction of the first."""
    part: list[Point] = []
    seen: set[tuple[str, str, str, str, int]] = set()
    for point in points:
        key = (point.tenant, point.entity, point.attribute, point.dataset, point.at)
        if key in seen:
            yield part
            part, seen = [], set()
        part.append(point)
        seen.add(key)
    if part:
        yield part


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

    @property
    def waiting(self) -> int:
        return self._waiting

    async def close(self) -> None:
        """Ends after everything that was submitted before has been answered."""
        self._line.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while (item := self._line.get()) is not None:
            group, last = self._take(item)
            self._commit(group)
            if last:
                return

    def _take(self, first: _Item) -> tuple[list[_Item], bool]:
        """Everything that waits, up to the limit; and whether the end was called."""
        items, size = [first], len(first.writes)
        while size < GROUP_LIMIT:
            try:
                item = self._line.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return items, True
            items.append(item)
            size += len(item.writes)
        return items, False

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

    def _store_group(self, items: list[_Item]) -> tuple[list[Any], list[Change]]:
        with self._store.transaction() as transaction:
            keys = {(write.tenant, write.id) for item in items for write in item.writes}
            there: dict[Key, Entity] = transaction.entities(keys) if keys else {}
            group = _Group(present=dict(there), before=frozenset(there))
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

    def _answer(self, answers: list[tuple[_Item, Any]], changes: list[Change]) -> None:
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
