"""What comes by a feed: understood by its mapping, its good part stored, the rest kept with the reason.

One way for MQTT, pushed and polled data: they differ in who waits for what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from simos.hub.contexts import CORE
from simos.hub.grants import ALL, Grant
from simos.hub.ingest.blocks import Block
from simos.hub.ingest.feeds import DeviceRule, Running
from simos.hub.ingest.files import payload_block
from simos.hub.ingest.mapped import Mapped, map_block, number_of
from simos.hub.ingest.rows import writes_of
from simos.hub.server.desk import Desk
from simos.hub.store.base import Transaction
from simos.hub.values import Device, Outcome, Rejection, Write
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Problem, RowError

KEPT_REJECTIONS = 20
"""Of one payload; those past that are counted in the last."""

KEPT_BYTES, KEPT_TEXT = 16 * 1024, 1024


@dataclass(slots=True, kw_only=True)
class Taken:
    """One payload, understood. Nothing of it is stored yet."""

    running: Running
    topic: str
    at: int
    writes: list[Write] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    heard: list[Device] = field(default_factory=list)
    records: int = 0
    duplicates: int = 0
    faults: list[str] = field(default_factory=list)

    def beside(self, transaction: Transaction) -> None:
        """Stores what is not the data itself: rejections, and which devices were heard."""
        if self.rejections:
            transaction.reject(self.rejections)
        if self.heard:
            transaction.heard(self.heard)

    @property
    def has_beside(self) -> bool:
        return bool(self.rejections or self.heard)


def understood(running: Running, payload: bytes, *, topic: str = "") -> Taken:
    """What a payload wants to have written; where it is nothing at all, a rejection of the whole."""
    taken = Taken(running=running, topic=topic or running.name, at=micros_of(now()))
    feed = running.feed
    try:
        block = payload_block(payload, feed.mapping, topic)
        new = _without_duplicates(running, block)
        mapped = map_block(feed.mapping, new)
    except Problem as problem:
        _reject(taken, [(problem.detail or problem.title, payload)])
        return taken
    taken.records = mapped.records
    taken.duplicates = len(block) - len(new)
    taken.writes = list(writes_of(mapped.rows, feed.tenant, running.known))
    if feed.device is not None:
        taken.heard = list(_heard(running, feed.device, new, taken.at))
    _reject(taken, list(_told(new, mapped)))
    return taken


def _without_duplicates(running: Running, block: Block) -> Block:
    if block.columns is not None:
        return block
    kept = [place for place, record in enumerate(block.records) if not running.is_duplicate(record)]
    if len(kept) == len(block):
        return block
    return replace(
        block, numbers=[block.numbers[each] for each in kept], records=[block.records[each] for each in kept]
    )


def _told(block: Block, mapped: Mapped) -> Iterable[tuple[str, bytes]]:
    """Each record with faults, once, with all of them."""
    faults: dict[int, list[RowError]] = {}
    for fault in mapped.faults:
        faults.setdefault(fault.row, []).append(fault)
    places = {number: place for place, number in enumerate(block.numbers)}
    for row, found in faults.items():
        yield f"record {row}: " + "; ".join(_fault(each) for each in found), _shown(block, places.get(row))


def _fault(fault: RowError) -> str:
    field_name = f"{fault.field}: " if fault.field else ""
    return f"{field_name}{fault.message}" + (f" (found {fault.value!r})" if fault.value else "")


def _shown(block: Block, place: int | None) -> bytes:
    if place is None:
        return b""
    if block.columns is None:
        return orjson.dumps(block.records[place], default=str)
    return orjson.dumps({name: column[place] for name, column in block.columns.items()}, default=str)


def _reject(taken: Taken, told: Sequence[tuple[str, bytes]]) -> None:
    taken.faults += [reason for reason, _ in told]
    for place, (reason, payload) in enumerate(told[:KEPT_REJECTIONS], start=1):
        more = len(told) - place if place == KEPT_REJECTIONS else 0
        taken.rejections.append(
            Rejection(
                tenant=taken.running.feed.tenant,
                source=f"feed {taken.running.name}",
                topic=taken.topic[:KEPT_TEXT],
                payload=payload[:KEPT_BYTES],
                reason=(reason + (f"; and {more} more records" if more else ""))[:KEPT_TEXT],
                at=taken.at,
            )
        )


def _heard(running: Running, rule: DeviceRule, block: Block, at: int) -> Iterable[Device]:
    holes = [block.of(hole) for hole in rule.id.holes]
    names = block.of(rule.name) if rule.name is not None else [None] * len(block)
    batteries = block.of(rule.battery) if rule.battery is not None else [None] * len(block)
    for values, name, battery in zip(zip(*holes, strict=True), names, batteries, strict=True):
        try:
            device = rule.id.filled(values)
        except ValueError:
            continue  # the mapping has said so, where it needs it
        yield Device(
            tenant=running.feed.tenant,
            id=device[:KEPT_TEXT],
            name=str(name or device).replace("\x00", "\ufffd")[:KEPT_TEXT],
            token="",
            last_seen_at=at,
            feed=running.name,
            every=int(rule.every * 1_000_000) if rule.every else None,
            battery=_percent(battery),
        )


def _percent(raw: Any) -> float | None:
    try:
        percent = float(number_of(raw))
    except ValueError:
        return None
    return percent if 0 <= percent <= 100 else None


def check(running: Running, grant: Grant) -> None:
    """Forbidden or Unauthenticated unless `grant` may write what the feed brings."""
    grant.in_tenant(running.feed.tenant).to_write((CORE.name(running.feed.mapping.type),))


def granted(grant: Grant, writes: Sequence[Write]) -> list[Write]:
    """`writes` that touch nothing but what is granted."""
    return list(writes) if ALL in grant.types else [replace(write, granted=grant.types) for write in writes]


def settle(desk: Desk, taken: Taken, outcomes: Sequence[Outcome] | None) -> list[Outcome]:
    """Counts how it ended (`outcomes` None: the store did not take it); the outcomes that are refusals."""
    health, name = taken.running.health, taken.running.name
    refused = [each for each in outcomes if each.refused] if outcomes is not None else []
    stored = len(outcomes) - len(refused) if outcomes is not None else 0
    health.messages += 1
    health.records += taken.records
    health.stored += stored
    health.rejected += len(taken.faults) + len(refused)
    health.duplicates += taken.duplicates
    if outcomes is None:
        failed(desk, taken.running, "the store did not take it")
        taken.running.forget()  # it comes again, and is no duplicate then
    elif refused:
        failed(desk, taken.running, f"{refused[0].id}: {refused[0].detail or refused[0].done}")
    elif taken.faults and not stored:
        failed(desk, taken.running, taken.faults[0])
    else:
        went_well(desk, taken.running)
    for outcome, count in (
        ("stored", stored),
        ("rejected", len(taken.faults) + len(refused)),
        ("duplicate", taken.duplicates),
    ):
        if count:
            desk.metrics.feeds.labels(name, outcome).inc(count)
    return refused


def went_well(desk: Desk, running: Running) -> None:
    """Notes that a feed has brought what it should, or that there is nothing new."""
    running.health.last_ok = at = micros_of(now())
    desk.metrics.feed_ok.labels(running.name).set(at / 1_000_000)


def failed(desk: Desk, running: Running, why: str) -> None:
    """Notes what went wrong with a feed."""
    running.health.last_error_at, running.health.last_error = micros_of(now()), why[:KEPT_TEXT]
    desk.metrics.feeds.labels(running.name, "failed").inc()


async def take(desk: Desk, running: Running, payload: bytes, grant: Grant) -> Taken:
    """A payload that was pushed or polled is stored, its rejections too. Unavailable where the store does not take it;
    Forbidden or Unauthenticated where `grant` does not reach."""
    check(running, grant)
    await desk.tenant_for(running.feed.tenant, creating=True)
    taken = await desk.read(lambda: understood(running, payload))
    try:
        outcomes = await desk.write(granted(grant, taken.writes))
        if taken.has_beside:
            await desk.writer.run(taken.beside)
    except Exception:
        settle(desk, taken, None)
        raise
    for each in settle(desk, taken, outcomes):
        taken.faults.append(f"{each.id}: {each.detail or each.done}")
    return taken
