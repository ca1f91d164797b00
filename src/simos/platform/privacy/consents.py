"""Asking whether a person has agreed to something, and writing down that they do or do not any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import QuerySet

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import ConsentRequest
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.messages.actions import send
from simos.platform.people.models import Party
from simos.platform.people.queries import same_person
from simos.platform.privacy.addresses import page
from simos.platform.privacy.events import ConsentWithdrawn
from simos.platform.privacy.models import Consent


@dataclass(frozen=True, slots=True)
class Declared:
    """What may be agreed to, by its full name, and who asks."""

    name: str
    request: ConsentRequest
    asker: Text


@cache
def declared_consents() -> Mapping[str, Declared]:
    """What the installed modules ask people to agree to."""
    return {
        name: Declared(name, request, each.module.title)
        for each in installed_modules()
        for request in each.module.consents
        for name in (f"{each.module.name}:{request.name}",)
    }


def consent_of(party: Party, consent: str) -> Consent | None:
    """What the person agreed to and has not withdrawn, in the version asked for today; None: they do not agree.

    LookupError where no installed module asks for it.
    """
    version = _declared(consent).request.version
    agreed = Consent.objects.filter(party__in=same_person(party.pk), consent=consent, withdrawn_at=None)
    return agreed.filter(version=version).first()


def consents_of(party: Party) -> QuerySet[Consent]:
    """All that the person ever agreed to and is still known, what is in force first."""
    theirs = Consent.objects.filter(party__in=same_person(party.pk))
    return theirs.order_by("withdrawn_at", "-given_at")


def give(scope: Scope, *, party: Party, consent: str, language: str, by: Actor, at: datetime) -> Consent:
    """The person agrees to today's text, as shown in `language`, in place of an older one, and has a message of it;
    again, nothing changes."""
    request = _declared(consent).request
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        if agreed := consent_of(party, consent):
            return agreed
        _end(party, consent, by=by, at=at)
        given = Consent.objects.create(
            party=party,
            consent=consent,
            version=request.version,
            language=language,
            text=request.text.in_(language),
            scope=str(scope),
            given_at=at,
            given_by=by.as_dict(),
        )
        record("give-consent", obj=given, by=by, scope=scope, at=at, data={"consent": consent})
        _confirm(scope, given, request, by=by, at=at)
    return given


def _confirm(scope: Scope, given: Consent, request: ConsentRequest, *, by: Actor, at: datetime) -> None:
    """The person has in hand what they agreed to, and where to withdraw it (GDPR, art. 7)."""
    said = {"consent": request.title.in_(given.party.language), "text": given.text}
    link = page("consents", given.party.language)
    send(scope, to=given.party, template="platform:consent-given", context=said, link=link, by=by, at=at)


def withdraw(scope: Scope, *, party: Party, consent: str, by: Actor, at: datetime) -> bool:
    """The person does not agree any more, and modules are told; whether they did until now."""
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        ended = _end(party, consent, by=by, at=at)
        for each in ended:
            record("withdraw-consent", obj=each, by=by, scope=scope, at=at, data={"consent": consent})
        if ended:
            emit(ConsentWithdrawn(party=str(party.pk), consent=consent), scope=scope, by=by, at=at)
    return bool(ended)


def _end(party: Party, consent: str, *, by: Actor, at: datetime) -> list[Consent]:
    agreed = list(Consent.objects.filter(party__in=same_person(party.pk), consent=consent, withdrawn_at=None))
    for each in agreed:
        each.withdrawn_at, each.withdrawn_by = at, by.as_dict()
        each.save(update_fields=("withdrawn_at", "withdrawn_by"))
    return agreed


def _declared(consent: str) -> Declared:
    try:
        return declared_consents()[consent]
    except KeyError:
        raise LookupError(f"consent {consent!r} is asked for by no installed module") from None
