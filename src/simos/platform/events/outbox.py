"""Emitting events: kept and queued in the action's transaction, so that nobody reacts to what is not committed."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import now
from simos.kernel.events import Event
from simos.platform.audit.transactions import require_transaction
from simos.platform.events.models import EventRecord
from simos.platform.events.reactions import Reaction, installed_reactions
from simos.platform.events.stored import payload_of
from simos.platform.jobs.actions import enqueue
from simos.platform.scopes.queries import serves

KIND = "event"
_LONGEST_SUBJECT = 100


def emit(
    event: Event, *, scope: Scope, by: Actor, at: datetime, reactions: Iterable[Reaction] | None = None
) -> EventRecord:
    """The event is kept, and each module at work in `scope` that reacts to it will be called after the commit.

    OutsideTransaction where there is none. Events with the same `subject()` reach each handler in order of commit.
    `reactions`: instead of those of the installed modules.
    """
    require_transaction("emit")
    kept = EventRecord.objects.create(
        key=event.key(),
        version=event.version,
        payload=payload_of(event),
        scope=str(scope),
        actor=by.as_dict(),
        at=at,
    )
    called = [each for each in (installed_reactions() if reactions is None else reactions) if each.to is type(event)]
    modules = {each.module.name: each.module for each in called}
    at_work = {name: serves(module, scope) for name, module in modules.items()}
    for each in called:
        if at_work[each.module.name]:
            order_key = _order_key(each, scope, event.subject())
            enqueue(KIND, each.name, scope=scope, by=by, at=now(), payload={"event": kept.pk}, order_key=order_key)
    return kept


def _order_key(reaction: Reaction, scope: Scope, subject: str) -> str:
    """A handler of its own each: where one fails the others go on."""
    if len(subject) > _LONGEST_SUBJECT:
        subject = hashlib.sha256(subject.encode()).hexdigest()
    return f"{reaction.name} {scope} {subject}" if subject else ""
