"""Erasing a person, part by part. Killed, it goes on where it was: each part is erased and noted in one transaction."""

from collections import Counter

from django.db import transaction

from simos.kernel.acting import FEDERATION, ScopeKind
from simos.kernel.clock import now
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.jobs.actions import enqueue
from simos.platform.privacy.actions import FOR_EVER, KIND, TELL
from simos.platform.privacy.events import PersonErased
from simos.platform.privacy.models import Erasure
from simos.platform.privacy.parts import in_step, person_of, steps
from simos.platform.privacy.values import Person, Step
from simos.platform.scopes.queries import city_of, now_in


def erase(task: str) -> None:
    """The person of this erasure is erased from all parts, and it is written down with counts and no name."""
    asked = Erasure.objects.select_related("party").get(pk=task)
    if asked.ended_at:
        return
    person, todo = person_of(asked.party), steps()
    Erasure.objects.filter(pk=task).update(parts=len(todo))
    for step in todo:
        _erase_step(task, step, person)
    with transaction.atomic():
        asked = Erasure.objects.select_for_update().get(pk=task)
        if asked.ended_at:
            return
        at = now()
        asked.ended_at = at
        asked.save(update_fields=("ended_at",))
        record("erase-person", obj=asked.party, by=asked.by, scope=FEDERATION, at=at, data={"counts": asked.counts})
        emit(PersonErased(party=str(asked.party_id)), scope=FEDERATION, by=asked.by, at=at)
        if asked.tell:
            enqueue(KIND, TELL, scope=FEDERATION, by=asked.by, at=at, payload={"task": task}, max_attempts=FOR_EVER)


def _erase_step(task: str, step: Step, person: Person) -> None:
    with transaction.atomic():
        asked = Erasure.objects.select_for_update().get(pk=task)
        if str(step) in asked.done:
            return
        at = now_in(city_of(step.scope.code)) if step.scope.kind is ScopeKind.CITY else now()
        with in_step(step, asked.by) as privacy:
            counts = privacy.erase(person, step.scope, by=asked.by, at=at)
        asked.done = [*asked.done, str(step)]
        asked.counts = {table: n for table, n in (Counter(asked.counts) + Counter(counts)).items() if n}
        asked.save(update_fields=("done", "counts"))
