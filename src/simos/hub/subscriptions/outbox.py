"""What waits to be told to one subscriber, in order, and the task that tells it. Lives on the event loop.

Memory is bounded: past a limit no more is held here, and the change log gives the rest when its turn comes. A receiver
that does not answer holds up nobody but itself.
"""

import asyncio
import logging
import random
import time
import uuid
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from simos.hub.subscriptions.joining import links_of, with_links
from simos.hub.subscriptions.matching import Matcher, expiry_of
from simos.hub.subscriptions.notification import Writing
from simos.hub.subscriptions.sending import Endpoint, NotArrived, Refused, Sender
from simos.hub.values import Change, ChangeKind, Delivery, Entity, Key, Subscription
from simos.kernel.clock import micros_of, now

log = logging.getLogger(__name__)

HELD = 200
"""Changes that one subscription holds in memory."""

TOGETHER = 100
"""Entities in one notification at most."""

READ_AT_ONCE = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 60.0
_NAMES = uuid.UUID("6f0d6a3e-9a41-4d53-8a5c-0d6f5f1f6b11")


@dataclass(frozen=True, slots=True)
class News:
    """One change with the entity as it left it."""

    change: Change
    entity: Entity


class Desk(Protocol):
    """What an outbox needs of those around it."""

    senders: Mapping[str, Sender]
    seq: int
    """The newest change that was handed out."""

    async def missed(self, tenant: str, after: int) -> Sequence[Change]:
        """The next changes of the log."""
        ...

    async def present(self, key: Key) -> Entity | None: ...

    async def linked(self, tenant: str, ids: Sequence[str]) -> Mapping[str, Entity]: ...

    def has_changed(self, key: Key) -> None:
        """The delivery's state is to be put down."""
        ...


def entity_of(change: Change, present: Entity | None) -> Entity:
    """The entity that a change read from the log is told with: as it is now, else as far as the log knows it."""
    if change.whole is not None:
        return change.whole
    if present is not None and change.kind is not ChangeKind.DELETED:
        return present
    known = change.former if change.kind is ChangeKind.DELETED else change.attributes
    return Entity(
        tenant=change.tenant,
        id=change.entity,
        types=change.types,
        attributes={name: inner for name, inner in known.items() if inner},
        created_at=change.at,
        modified_at=change.at,
    )


class Outbox:
    """One subscription's. `read_to`: what lies after it in the log is still to be read, where it is `behind`."""

    def __init__(
        self, desk: Desk, subscription: Subscription, matcher: Matcher, writing: Writing, delivery: Delivery
    ) -> None:
        self._desk = desk
        self.delivery = delivery
        self.behind, self.read_to = False, subscription.since
        self._line: deque[News] = deque()
        self._meanwhile: list[News] | None = None
        self._seen = subscription.since
        self._under_way: list[News] = []
        self._task: asyncio.Task[None] | None = None
        self._clock: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self.take_up(subscription, matcher, writing)

    def take_up(self, subscription: Subscription, matcher: Matcher, writing: Writing) -> None:
        """From now on the subscription is this. What waits already stays."""
        self.subscription, self.matcher, self.writing = subscription, matcher, writing
        notification = subscription.document["notification"]
        self.endpoint = Endpoint.of(notification["endpoint"])
        self._throttling: float = subscription.document.get("throttling", 0)
        self._expires_at = expiry_of(subscription)

    def has_expired(self) -> bool:
        return self._expires_at is not None and self._expires_at <= micros_of(now())

    def add(self, news: News) -> None:
        """To be told, unless too much waits already: then the log has it."""
        if news.change.seq <= self._seen or self.has_expired():
            return
        if self.behind:
            if self._meanwhile is not None and len(self._meanwhile) <= HELD:
                self._meanwhile.append(news)
            return
        if len(self._line) >= HELD:
            self.behind, self.read_to = True, news.change.seq - 1
        else:
            self._line.append(news)
        self.wake()

    def catch_up(self, after: int) -> None:
        """Goes on with what the log holds after a place."""
        self.behind, self.read_to = True, after
        self.wake()

    def wake(self) -> None:
        self._desk.has_changed(self.subscription.key)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"notify {self.subscription.id}")

    def waiting_from(self) -> int | None:
        """The first change that has not arrived; None where none waits."""
        if self._under_way:
            return min(news.change.seq for news in self._under_way)
        if self._line:
            return self._line[0].change.seq
        return self.read_to + 1 if self.behind else None

    def state(self) -> Delivery:
        return replace(self.delivery, waiting_from=self.waiting_from())

    def run_beside(self, work: Coroutine[Any, Any, None] | None) -> None:
        """`work` goes on as long as the outbox, instead of what was run beside it before."""
        if self._clock is not None:
            self._clock.cancel()
        self._clock = asyncio.create_task(work) if work is not None else None

    async def close(self) -> None:
        tasks = [each for each in (self._task, self._clock) if each is not None]
        self._task = self._clock = None
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        try:
            while True:
                if not self._line and self.behind:
                    await self._read()
                if self._line:
                    await self._tell()
                elif not self.behind:
                    return
        except Exception:
            log.exception("notifications of %s stopped; they go on in a moment", self.subscription.id)
            self.behind, self.read_to = True, (self.waiting_from() or self.read_to + 1) - 1
            self._line.clear()
            self._under_way = []
            asyncio.get_running_loop().call_later(LONGEST_PAUSE / 10, self.wake)
        finally:
            self._task = None

    async def _read(self) -> None:
        """More of the log into the line. At its end what was handed out meanwhile is added: it is behind no more."""
        self._meanwhile, head = [], self._desk.seq
        changes = await self._desk.missed(self.subscription.tenant, self.read_to)
        for change in changes:
            if self.matcher.is_triggered(change):
                entity = entity_of(change, await self._desk.present((change.tenant, change.entity)))
                if self.matcher.fits(change, entity):
                    self._line.append(News(change, entity))
        meanwhile, self._meanwhile = self._meanwhile, None
        if len(changes) == READ_AT_ONCE:
            self.read_to = changes[-1].seq
            return
        self.read_to = self._seen = max(head, changes[-1].seq if changes else 0)
        if len(meanwhile) <= HELD:
            self._line.extend(news for news in meanwhile if news.change.seq > self._seen)
            self.behind = False
        self._desk.has_changed(self.subscription.key)

    async def _tell(self) -> None:
        if self._throttling:
            await asyncio.sleep(max(0.0, self._not_before - time.monotonic()))
        self._under_way = self._taken()
        data = await self._told()
        first, last = self._under_way[0].change, self._under_way[-1].change
        name = uuid.uuid5(
            _NAMES, f"{self.subscription.tenant} {self.subscription.id} {first.seq} {last.seq} {first.at}"
        )
        await self.send(f"urn:ngsi-ld:Notification:{name}", data)
        self._under_way = []
        self._not_before = time.monotonic() + self._throttling
        self._desk.has_changed(self.subscription.key)

    async def _told(self) -> list[dict[str, Any]]:
        """The data of the notification under way, with what its relationships lead to where that is wanted."""
        writing, news = self.writing, self._under_way
        told = [each for each in news if each.change.kind is not ChangeKind.DELETED] if writing.levels else []
        links = await links_of([each.entity for each in told], writing.levels, self._find) if told else {}
        inline = writing.join == "inline" and bool(links)
        data = []
        for each in news:
            entity = each.entity
            if inline and each.change.kind is not ChangeKind.DELETED:
                entity = with_links(entity, links, writing.levels, writing.linked)
            data.append(writing.changed(each.change, entity))
        return data if inline else [*data, *map(writing.linked, links.values())]

    async def _find(self, ids: Sequence[str]) -> dict[str, Entity]:
        """Those that exist and may be seen."""
        found = await self._desk.linked(self.subscription.tenant, ids)
        return {name: entity for name, entity in found.items() if self.matcher.may_see(entity)}

    def _taken(self) -> list[News]:
        """The next of the line that go into one notification: entities that differ. Throttled, each entity's last."""
        taken: dict[str, News] = {}
        while self._line and len(taken) < TOGETHER:
            news = self._line[0]
            if news.change.entity in taken and not self._throttling:
                break
            taken.pop(news.change.entity, None)
            taken[news.change.entity] = self._line.popleft()
        return list(taken.values())

    async def send(self, notification_id: str, data: Sequence[dict[str, Any]], *, once: bool = False) -> None:
        """Returns once it has arrived, or was refused, or the subscription has expired. Until then it is tried again,
        unless `once`."""
        pause = FIRST_PAUSE
        while not self.has_expired():
            at = micros_of(now())
            sent = self.writing.notification(notification_id, at, data)
            try:
                await self._desk.senders[self.endpoint.scheme].send(self.endpoint, sent)
            except (NotArrived, Refused) as error:
                self._count(at, failed=True)
                if once or isinstance(error, Refused):
                    log.warning("%s: %s: %s", self.subscription.id, self.endpoint.uri.split("@")[-1], error)
                    return
                log.info("%s: not arrived, tried again in %.1f s: %s", self.subscription.id, pause, error)
            else:
                self._count(at, failed=False)
                return
            await asyncio.sleep(max(pause * random.uniform(0.8, 1.2), self.endpoint.cooldown))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    def _count(self, at: int, *, failed: bool) -> None:
        done = micros_of(now())
        self.delivery = replace(
            self.delivery,
            times_sent=self.delivery.times_sent + 1,
            times_failed=self.delivery.times_failed + failed,
            last_notification=at,
            last_failure=done if failed else self.delivery.last_failure,
            last_success=self.delivery.last_success if failed else done,
        )
        self._desk.has_changed(self.subscription.key)
