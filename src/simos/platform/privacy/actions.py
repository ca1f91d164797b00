"""What people do about the data held of them: asking for a copy, and being erased. Jobs do the work."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor, Channel
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Forbidden, NotFound
from simos.platform.access.models import RoleGrant
from simos.platform.audit.log import record
from simos.platform.jobs.actions import enqueue
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import same_person
from simos.platform.privacy.models import DataExport, Erasure
from simos.platform.privacy.parts import person_of

KIND = "privacy"
EXPORT, ERASE, TELL = "export", "erase", "tell"
FOR_EVER = 0
ATTEMPTS = 50
"""Tried for three quarters of an hour; then it is a dead letter that the operator restarts."""


def ask_export(party: Party, *, language: str, by: Actor, at: datetime) -> DataExport:
    """A copy of the person's data is being made; the one that is being made already, if there is one."""
    _require_theirs(party, by)
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        if waiting := DataExport.objects.filter(party=party, ended_at=None).first():
            return waiting
        asked = DataExport.objects.create(party=party, asked_at=at, asked_by=by.as_dict(), language=language)
        _queue(EXPORT, asked.pk, by)
        record("ask-export", obj=party, by=by, scope=FEDERATION, at=at)
    return asked


def exports_of(party: Party) -> list[DataExport]:
    """The person's copies that are there or being made, the newest first."""
    return list(DataExport.objects.filter(party__in=same_person(party.pk)).order_by("-asked_at"))


def ask_erasure(party: Party, *, by: Actor, at: datetime) -> Erasure:
    """The person is being erased and their account is closed; nobody signs in to it from now on. Mail tells the end.

    Forbidden for anybody but the person, or an officer at the counter. Conflict while they have a role in an office.
    """
    _require_themselves(party, by)
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        if asked := Erasure.objects.filter(party=party, ended_at=None).first():
            return asked
        person = person_of(party)
        if RoleGrant.objects.in_force(now()).filter(account__in=person.accounts).exists():
            raise Conflict("this person has a role in an office; the office has to end it first", field="role")
        tell = sorted(person.emails)
        asked = Erasure.objects.create(party=party, asked_at=at, asked_by=by.as_dict(), tell=tell)
        Account.objects.filter(pk__in=person.accounts).update(is_active=False)
        _queue(ERASE, asked.pk, by)
        record("ask-erasure", obj=party, by=by, scope=FEDERATION, at=at)
    return asked


def erasure_of(erasure_id: UUID) -> Erasure:
    """How far it has got: for whoever has its number, since nobody can sign in any more. NotFound."""
    found = Erasure.objects.filter(pk=erasure_id).first()
    if found is None:
        raise NotFound("there is no such erasure")
    return found


def _queue(name: str, task: UUID, by: Actor) -> None:
    payload = {"task": str(task)}
    enqueue(KIND, name, scope=FEDERATION, by=by, at=now(), payload=payload, max_attempts=ATTEMPTS)


def _require_theirs(party: Party, by: Actor) -> None:
    """The person, who acts by their mandate, or an officer at the counter."""
    if party.pk not in same_person(by.principal) or (by.office and by.channel is not Channel.COUNTER):
        raise Forbidden("only the person may do this, or somebody who acts for them")


def _require_themselves(party: Party, by: Actor) -> None:
    _require_theirs(party, by)
    if by.on_behalf_of and by.channel is not Channel.COUNTER:
        raise Forbidden("only the person themselves can be erased, or at the counter")
