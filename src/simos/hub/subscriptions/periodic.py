"""Subscriptions by the clock: every `timeInterval` seconds all that match now, changed or not (5.8.6)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from simos.hub.store.base import EntityQuery
from simos.hub.subscriptions.outbox import TOGETHER, Outbox
from simos.hub.values import Entity, Page
from simos.kernel.clock import micros_of, now
from simos.kernel.ids import new_id

log = logging.getLogger(__name__)

Find = Callable[[EntityQuery], Awaitable[Page]]


async def tell_by_the_clock(box: Outbox, find: Find) -> None:
    """Until cancelled or expired. A round that a receiver does not take is not repeated: the next one is fresher."""
    interval = float(box.subscription.document["timeInterval"])
    last = box.delivery.last_notification
    gone = (micros_of(now()) - last) / 1_000_000 if last is not None else 0.0
    await asyncio.sleep(max(0.0, interval - gone))
    while not box.has_expired():
        began = asyncio.get_running_loop().time()
        try:
            await _tell_all(box, find)
        except Exception:
            log.exception("a round of %s failed", box.subscription.id)
        await asyncio.sleep(max(0.0, interval - (asyncio.get_running_loop().time() - began)))


async def _tell_all(box: Outbox, find: Find) -> None:
    told: set[str] = set()
    for query in _queries(box):
        offset, full = 0, True
        while full:
            page = await find(query(offset))
            fresh = [each for each in page.entities if each.id not in told and _fits(box, each)]
            told |= {each.id for each in fresh}
            if fresh:
                data = [box.writing.shown(each) for each in fresh]
                await box.send(f"urn:ngsi-ld:Notification:{new_id()}", data, once=True)
            offset += TOGETHER
            full = len(page.entities) == TOGETHER


def _fits(box: Outbox, entity: Entity) -> bool:
    return box.matcher.selects(entity) and box.matcher.meets(entity)


def _queries(box: Outbox) -> Iterator[Callable[[int], EntityQuery]]:
    """One for each selector, as narrow as the store can take it; the rest is judged here."""
    matcher = box.matcher
    wanted: list[dict[str, Any]] = [
        {"types": tuple(sorted({min(each) for each in selector.types})), "ids": tuple(sorted(selector.ids))}
        for selector in matcher.selectors
    ]
    for narrowed in wanted or [{"attributes": tuple(sorted(matcher.watched))}]:

        def query(offset: int, narrowed: dict[str, Any] = narrowed) -> EntityQuery:
            return EntityQuery(
                tenant=matcher.key[0], q=matcher.q, geo=matcher.geo, limit=TOGETHER, offset=offset, **narrowed
            )

        yield query
