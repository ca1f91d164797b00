"""Reacting to changes of the hub: each follower reads the change log after its cursor, in the worker.

The effect of a change and the cursor's move commit together. A change that fails is set aside in the work queue, with
those that follow it for the same thing, and tried again there: it never holds up the others.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connections, transaction

from simos.hub.contexts import CORE
from simos.hub.ngsild.represent import represent_attributes
from simos.hub.ngsild.times import text_of_micros
from simos.hub.store.base import Reader
from simos.hub.values import Change, Position
from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import now
from simos.kernel.events import EntityChange, EntityChanged
from simos.platform.events.reactions import Reaction
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.values import GiveUp, Runner
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import cities_served_by, serves
from simos.platform.things.models import Cursor

log = logging.getLogger(__name__)

KIND = "change"
BATCH = 1000
SHORTEST_PAUSE, LONGEST_PAUSE, PAUSE_AFTER_FAULT = 0.05, 0.15, 1.0
"""Seconds. The shortest bounds how often a busy log makes cursors move."""
_LONGEST_KEY = 600


class Overtaken(Exception):
    """Another process has moved this follower's cursor."""


def changed(change: Change, epoch: str) -> EntityChanged:
    """The row of the change log as reactions are given it, in short names."""
    return EntityChanged(
        city=change.tenant,
        id=change.entity,
        type=CORE.compact(change.types[0]) if change.types else "",
        kind=str(change.kind),
        attributes=represent_attributes(change.attributes, CORE),
        at=text_of_micros(change.at),
        seq=change.seq,
        epoch=epoch,
    )


def concerns(match: EntityChange, change: Change) -> bool:
    """Whether `match` asks for this change: of its type, and in one of its attributes if it names any."""
    if match.type not in map(CORE.compact, change.types):
        return False
    return not match.attributes or not match.attributes.isdisjoint(map(CORE.compact, change.attributes))


def consume_once(reaction: Reaction, reader: Reader, *, limit: int = BATCH) -> int:
    """The next changes after the reaction's cursor were dealt with; how many (0: it is at the end of the log).

    A new follower begins with the oldest change in the log. In a new epoch it goes back to where that began.
    """
    match = _match_of(reaction)
    at = _begin(consumer_of(reaction), reader)
    changes = reader.changes(at.seq, limit=limit)
    if not changes:
        return 0
    cities, aside = cities_served_by(reaction.module), _things_aside(reaction)
    for change in changes:
        if change.tenant in cities and concerns(match, change):
            at = _deal_with(reaction, changed(change, at.epoch), at, aside)
    with transaction.atomic():
        _move(consumer_of(reaction), at, Position(at.epoch, changes[-1].seq))
    return len(changes)


def consumer_of(reaction: Reaction) -> str:
    """The name of its cursor, and of what it sets aside: a handler may follow several kinds of change."""
    match = _match_of(reaction)
    return f"{reaction.name} {match.type} {','.join(sorted(match.attributes))}".strip()


def _match_of(reaction: Reaction) -> EntityChange:
    if isinstance(reaction.to, EntityChange):
        return reaction.to
    raise TypeError(f"{reaction.name} reacts to {reaction.to}, which is no EntityChange")


def _begin(consumer: str, reader: Reader) -> Position:
    head = reader.head()
    cursor, _ = Cursor.objects.get_or_create(consumer=consumer, defaults={"epoch": head.epoch, "seq": 0})
    at = Position(cursor.epoch, cursor.seq)
    if at.epoch == head.epoch:
        return at
    begun = Position(head.epoch, min(at.seq, reader.epoch_start()))
    with transaction.atomic():
        _move(consumer, at, begun)
    return begun


def _move(consumer: str, expected: Position, to: Position) -> None:
    """In the caller's transaction; Overtaken if the cursor is not where it is expected."""
    there = Cursor.objects.filter(consumer=consumer, epoch=expected.epoch, seq=expected.seq)
    if not there.update(epoch=to.epoch, seq=to.seq):
        raise Overtaken(consumer)


def _deal_with(reaction: Reaction, change: EntityChanged, at: Position, aside: set[str]) -> Position:
    """The effect and the move, or else the change set aside and the move; returns the new place."""
    to = Position(change.epoch, change.seq)
    consumer = consumer_of(reaction)
    order_key = f"{consumer} {change.city} {change.id}"[:_LONGEST_KEY]
    if order_key not in aside:
        try:
            with transaction.atomic():
                _move(consumer, at, to)  # first: whoever else follows waits, and finds itself overtaken
                _react(reaction, change)
        except Overtaken:
            raise
        except Exception:  # whatever is wrong with this change, the others go on
            log.exception("%s failed for change %s; it is set aside", reaction.name, to)
            aside.add(order_key)
        else:
            return to
    by, scope = Actor.system(reaction.name), Scope.city(change.city)
    with transaction.atomic():
        _move(consumer, at, to)
        enqueue(KIND, consumer, scope=scope, by=by, at=now(), payload=asdict(change), order_key=order_key)
    return to


def _react(reaction: Reaction, change: EntityChanged) -> None:
    by, scope = Actor.system(reaction.name), Scope.city(change.city)
    with acting(by, scope):
        reaction.handler(change, scope=scope, by=by, at=datetime.fromisoformat(change.at))


def _things_aside(reaction: Reaction) -> set[str]:
    """Order keys of things of which a change is set aside: what follows must wait behind it."""
    rows = Work.objects.filter(kind=KIND, name=consumer_of(reaction), state__in=UNFINISHED)
    return set(rows.values_list("order_key", flat=True))


def change_runner(reactions: Iterable[Reaction]) -> Runner:
    """Runs work of the kind `change`: what was set aside."""
    by_name = {consumer_of(each): each for each in reactions if isinstance(each.to, EntityChange)}

    def run(work: Work) -> None:
        if (reaction := by_name.get(work.name)) is None:
            raise GiveUp(f"no installed module has a reaction {work.name}")
        if serves(reaction.module, work.where):
            _react(reaction, EntityChanged(**work.payload))

    return Runner(run)


def follow(reactions: Sequence[Reaction], reader: Reader, stop: threading.Event) -> None:
    """Every reaction to entity changes is called soon after the change, until `stop` is set. Outlives both stores."""
    followers = [each for each in reactions if isinstance(each.to, EntityChange)]
    seen: Position | None = None
    pause = SHORTEST_PAUSE
    try:
        while followers and not stop.is_set():
            try:
                head = reader.head()
                busy = head != seen
                for each in followers if busy else ():
                    while not stop.is_set() and consume_once(each, reader):
                        pass
                seen = head
            except Overtaken as consumer:
                log.debug("%s is followed by another process too", consumer)
            except Exception:
                log.exception("the change log cannot be followed just now; trying again")
                connections.close_all()
                stop.wait(PAUSE_AFTER_FAULT)
                continue
            pause = SHORTEST_PAUSE if busy else min(pause * 2, LONGEST_PAUSE)
            stop.wait(pause)
    finally:
        connections.close_all()
