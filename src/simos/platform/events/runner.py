"""Calling those who react to an event, in the transaction that marks the call done."""

from collections.abc import Iterable

from simos.platform.events.models import EventRecord
from simos.platform.events.reactions import Reaction
from simos.platform.events.stored import event_from
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import GiveUp, Runner
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import serves


def event_runner(reactions: Iterable[Reaction]) -> Runner:
    """Runs work of the kind `event`: the handler acts as who caused the event, where it happened, at its time."""
    handlers = {(each.to.key(), each.name): each for each in reactions if isinstance(each.to, type)}

    def run(work: Work) -> None:
        kept = EventRecord.objects.get(pk=work.payload["event"])
        reaction = handlers.get((kept.key, work.name))
        if reaction is None or not isinstance(reaction.to, type):
            raise GiveUp(f"no installed module has {work.name} react to {kept.key}")
        if not serves(reaction.module, kept.where):
            return  # it was switched off since
        event = event_from(reaction.to, kept.payload, kept.version)
        with acting(kept.by, kept.where):
            reaction.handler(event, scope=kept.where, by=kept.by, at=kept.at)

    return Runner(run)
