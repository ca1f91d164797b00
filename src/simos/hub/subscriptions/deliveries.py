"""All subscriptions of this hub at work: changes go in as they are committed, notifications go out (5.8.6).

Lives on the event loop. What is known of each delivery is put down a few times a second, together with the change up
to which all were looked at: after a crash they go on from there, and tell again what was told since (at least once).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Protocol

from simos.hub.addresses import Reach
from simos.hub.context_library import ContextLibrary
from simos.hub.past import has_deletion
from simos.hub.store.base import EntityQuery, Reader, Transaction
from simos.hub.subscriptions.http_sender import HttpSender
from simos.hub.subscriptions.matching import Index, Matcher
from simos.hub.subscriptions.mqtt_sender import MqttSender
from simos.hub.subscriptions.notification import Writing
from simos.hub.subscriptions.outbox import READ_AT_ONCE, News, Outbox, entity_of
from simos.hub.subscriptions.periodic import tell_by_the_clock
from simos.hub.subscriptions.sending import Sender
from simos.hub.subscriptions.shown import status_of
from simos.hub.values import Change, Delivery, Entity, Key, Page, Subscription
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

PUT_DOWN = 0.3
"""Seconds from a delivery until it is put down: what is told again after a crash."""

PUT_DOWN_IDLE = 5.0
"""The same where nothing was delivered: what is looked at again after a crash."""

CONTEXT_AGAIN = 15.0
"""Seconds after which a context that could not be had is asked for again."""


class Writes(Protocol):
    """The hub's writer, as far as it concerns us."""

    def run(self, act: Callable[[Transaction], Any]) -> "asyncio.Future[Any]": ...


class Deliveries:
    """`seq`: the newest change that was handed out."""

    def __init__(self, reader: Reader, readers: Executor, reach: Reach, contexts: ContextLibrary) -> None:
        self._reader, self._readers = reader, readers
        http, mqtt = HttpSender(reach), MqttSender(reach)
        self.senders: Mapping[str, Sender] = {"http": http, "https": http, "mqtt": mqtt, "mqtts": mqtt}
        self.reach = reach
        self._contexts = contexts
        self.seq = 0
        self._index = Index()
        self._boxes: dict[Key, Outbox] = {}
        self._resting: dict[Key, Delivery] = {}
        self._changed: set[Key] = set()
        self._put_down_to = 0
        self._showing: frozenset[str] = frozenset()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writes: Writes | None = None
        self._wake = asyncio.Event()

    def keeps_former(self, change: Change) -> bool:
        """Whether the log is to tell what was before `change`. Called in the writer's thread."""
        return change.tenant in self._showing or has_deletion(change)

    def __len__(self) -> int:
        return len(self._boxes)

    @property
    def waiting(self) -> int:
        """Subscriptions with something that has not arrived."""
        return sum(1 for box in self._boxes.values() if box.waiting_from() is not None)

    async def start(self, writes: Writes) -> None:
        """Everybody goes on where they were. To be awaited before the first write."""
        self._writes = writes
        self.seq = (await self._read(self._reader.head)).seq
        looked_at = await self._read(self._reader.dispatched)
        states = {each.key: each for each in await self._read(self._reader.deliveries)}
        for subscription in await self._read(self._reader.subscriptions):
            state = states.get(subscription.key) or Delivery(tenant=subscription.tenant, subscription=subscription.id)
            self._resting[subscription.key] = state
            waiting = state.waiting_from
            after = max(looked_at, subscription.since) if waiting is None else waiting - 1
            await self._take_up(subscription, after)
        self._put_down_to = looked_at
        self._spawn(self._putting_down())

    async def _read(self, query: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._readers, query, *arguments)

    async def _find(self, query: EntityQuery) -> Page:
        found: Page = await self._read(self._reader.entities, query)
        return found

    async def missed(self, tenant: str, after: int) -> Sequence[Change]:
        found: Sequence[Change] = await self._read(
            lambda: self._reader.changes(after, limit=READ_AT_ONCE, tenant=tenant)
        )
        return found

    async def present(self, key: Key) -> Entity | None:
        if self._reader.at_hand:
            return self._reader.entity(*key)
        found: Entity | None = await self._read(self._reader.entity, *key)
        return found

    async def linked(self, tenant: str, ids: Sequence[str]) -> Mapping[str, Entity]:
        found: Mapping[str, Entity] = await self._read(self._reader.entities_of, tenant, list(ids))
        return found

    def has_changed(self, key: Key) -> None:
        self._changed.add(key)
        self._wake.set()

    def publish(self, changes: Sequence[Change]) -> None:
        """To be called with what was committed, in order."""
        if len(self._index):
            for change in changes:
                for matcher in self._index.concerned(change):
                    if change.whole is not None and matcher.fits(change, change.whole):
                        self._boxes[matcher.key].add(News(change, entity_of(change, None)))
        self.seq = changes[-1].seq

    def state_of(self, key: Key) -> Delivery:
        """How its notifications went."""
        box = self._boxes.get(key)
        return box.state() if box else self._resting.get(key) or Delivery(tenant=key[0], subscription=key[1])

    async def took(self, subscription: Subscription) -> None:
        """To be called after a subscription was stored, new or changed."""
        await self._take_up(subscription, subscription.since)

    async def dropped(self, key: Key) -> None:
        """To be called after a subscription was deleted."""
        await self._lay_off(key)
        self._resting.pop(key, None)
        self._changed.discard(key)

    async def _lay_off(self, key: Key) -> None:
        self._index.discard(key)
        box = self._boxes.pop(key, None)
        if box is not None:
            await box.close()
            self._resting[key] = box.delivery
        self._note_showing()

    async def _take_up(self, subscription: Subscription, after: int) -> None:
        """At work from the change behind `after`; laid off where it is paused or has expired."""
        key = subscription.key
        if status_of(subscription.document, micros_of(now())) != "active":
            await self._lay_off(key)
            self._changed.add(key)
            return
        try:
            matcher, writing = await self._understood(subscription)
        except Problem as problem:
            log.warning("%s waits for its context: %s", subscription.id, problem)
            self._spawn(self._take_up_later(subscription, after))
            return
        self._index.discard(key)
        box = self._boxes.get(key)
        if box is None:
            box = Outbox(self, subscription, matcher, writing, self.state_of(key))
            self._boxes[key] = box
            if after < self.seq and "timeInterval" not in subscription.document:
                box.catch_up(after)
        else:
            box.take_up(subscription, matcher, writing)
        if "timeInterval" in subscription.document:
            box.run_beside(tell_by_the_clock(box, self._find))
        else:
            box.run_beside(None)
            self._index.add(matcher)
        self._note_showing()

    async def _take_up_later(self, subscription: Subscription, after: int) -> None:
        await asyncio.sleep(CONTEXT_AGAIN)
        if subscription.key not in self._boxes:
            await self._take_up(subscription, after)

    def _note_showing(self) -> None:
        self._showing = frozenset(tenant for (tenant, _), box in self._boxes.items() if box.writing.show_changes)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _putting_down(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), PUT_DOWN_IDLE)
            self._wake.clear()
            try:
                await self.put_down()
            except Exception:
                log.exception("how deliveries went could not be put down; tried again")
            await asyncio.sleep(PUT_DOWN)

    async def put_down(self) -> None:
        """What is known of the deliveries is durable."""
        if not self._changed and (self._put_down_to == self.seq or not self._boxes):
            return
        changed, self._changed = self._changed, set()
        to = self.seq
        states = [self.state_of(key) for key in changed if key in self._boxes or key in self._resting]
        assert self._writes is not None
        try:
            await self._writes.run(lambda transaction: transaction.put_deliveries(states, dispatched=to))
        except BaseException:
            self._changed |= changed
            raise
        self._put_down_to = to

    async def close(self) -> None:
        """Nothing is sent any more; what was not told is put down as waiting. Before the writer is closed."""
        for task in list(self._tasks):
            task.cancel()
        states = {key: box.state() for key, box in self._boxes.items()}
        for box in self._boxes.values():
            await box.close()
        self._resting |= states
        self._boxes.clear()
        for sender in {id(each): each for each in self.senders.values()}.values():
            await sender.close()
        if self._writes is not None and (states or self._changed):
            final = list(self._resting.values())
            with suppress(Exception):
                await self._writes.run(lambda transaction: transaction.put_deliveries(final, dispatched=self.seq))

    async def _understood(self, subscription: Subscription) -> tuple[Matcher, Writing]:
        """A Problem where a context cannot be had."""
        tenant, own = subscription.tenant, subscription.document.get("jsonldContext")
        context = await self._contexts.get(subscription.context, tenant)
        words = await self._contexts.get(own, tenant) if own else context
        matcher = Matcher(subscription, context, lambda entity_id: self._reader.entity(tenant, entity_id))
        return matcher, Writing(tenant, subscription.document, words)
