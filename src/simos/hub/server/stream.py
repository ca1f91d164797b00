"""The live stream (server-sent events) and the change log for those who keep their own place in it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from simos.hub.contexts import Context
from simos.hub.live import Interest, Listener
from simos.hub.ngsild import represent_attributes
from simos.hub.problems import BadRequestData
from simos.hub.server.desk import Asking
from simos.hub.values import Change, Position
from simos.kernel.clock import at_micros

PULSE = 15.0
"""Seconds after which a comment is sent where nothing else was, so that proxies keep the stream open."""

CATCH_UP = 1000
"""Changes read at a time from the log."""


def change_shown(change: Change, words: Context) -> dict[str, Any]:
    """A change in short names: what the stream and the log show."""
    return {
        "id": change.entity,
        "type": [words.compact(each) for each in change.types],
        "kind": str(change.kind),
        "attributes": represent_attributes(change.attributes, words),
        "at": at_micros(change.at).isoformat().replace("+00:00", "Z"),
    }


def event_of(change: Change, words: Context, epoch: str) -> bytes:
    body = orjson.dumps(change_shown(change, words))
    return b"event: entity\nid: %s:%d\ndata: %s\n\n" % (epoch.encode(), change.seq, body)


async def stream(asking: Asking) -> Response:
    """Changes as they are committed; with `Last-Event-ID` first those that were missed."""
    interest = Interest(
        tenant=asking.tenant,
        types=frozenset(map(asking.context.expand, asking.listed("type"))),
        ids=frozenset(asking.listed("id")),
        granted=asking.seen_types,
    )
    asking.grant.to_touch(interest.types)
    last_seen = asking.request.headers.get("last-event-id") or asking.parameter("lastEventId")
    head = await asking.desk.read(asking.desk.reader.head)
    listener = asking.desk.live.listen(interest)
    events = _events(asking, listener, head, _position(last_seen))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _position(text: str) -> Position | None:
    try:
        return Position.parse(text) if text else None
    except ValueError:
        return None  # somebody else's event id: begin with now


async def _events(
    asking: Asking, listener: Listener, head: Position, last_seen: Position | None
) -> AsyncIterator[bytes]:
    desk, words, epoch = asking.desk, asking.context, head.epoch
    desk.metrics.streams.inc()
    sent = last_seen.seq if last_seen and last_seen.epoch == epoch else head.seq
    try:
        yield b"retry: 1000\nid: %s:%d\nevent: hello\ndata: {}\n\n" % (epoch.encode(), sent)
        while missed := await desk.read(_missed, asking, sent):
            for change in missed:
                if listener.interest.wants(change):
                    yield event_of(change, words, epoch)
            sent = missed[-1].seq
        while True:
            try:
                news: Change | None = await asyncio.wait_for(listener.line.get(), PULSE)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if news is None:
                yield b"event: bye\ndata: {}\n\n"
                return
            if news.seq > sent:
                sent = news.seq
                yield event_of(news, words, epoch)
    finally:
        desk.live.leave(listener)
        desk.metrics.streams.dec()


def _missed(asking: Asking, after: int) -> Sequence[Change]:
    return asking.desk.reader.changes(after, limit=CATCH_UP, tenant=asking.tenant)


async def changes(asking: Asking) -> Response:
    """The log after a place: for consumers that resume. `after` is `<epoch>:<seq>` as given before; none: the start."""
    asking.grant.to_administer()
    head = await asking.desk.read(asking.desk.reader.head)
    start = asking.parameter("after")
    after = _position(start)
    if start and after is None:
        raise BadRequestData("after is a position such as this route gives: '<epoch>:<seq>'.")
    if after is not None and after.epoch != head.epoch:
        first = await asking.desk.read(asking.desk.reader.epoch_start)
        after = Position(head.epoch, min(after.seq, first))
    limit = asking.number("limit", CATCH_UP, most=10_000)

    def ask() -> Sequence[Change]:
        return asking.desk.reader.changes(after.seq if after else 0, limit=limit, tenant=asking.tenant or None)

    found = await asking.desk.read(ask)
    last = Position(head.epoch, found[-1].seq) if found else Position(head.epoch, after.seq if after else head.seq)
    shown = [
        {"position": f"{head.epoch}:{each.seq}", "tenant": each.tenant, **change_shown(each, asking.context)}
        for each in found
    ]
    return asking.plain({"changes": shown, "next": str(last), "head": str(head)})
