"""Identifiers of parties: added with their proof, found by number, read only with a purpose. Decides no rights:
`access` does, before it calls."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid
from simos.platform.audit.log import record
from simos.platform.people.models import Identifier, Party
from simos.platform.people.queries import same_person
from simos.platform.people.rules import written_alike
from simos.platform.people.sealing import digest_of, seal, unseal


def add_identifier(
    scope: Scope, party: Party, *, scheme: str, value: str, proof: str, by: Actor, at: datetime
) -> Identifier:
    """`party` is known by `value` in `scheme`, audited without the number; nothing changes if it was.

    Invalid where the number cannot be, Conflict where it is another party's.
    """
    with transaction.atomic():
        found, is_new = Identifier.objects.get_or_create(
            scheme=scheme,
            digest=_digest(scheme, value),
            defaults={
                "party": party,
                "sealed": seal(_alike(scheme, value)),
                "proof": proof,
                "added_at": at,
                "added_by": by.as_dict(),
            },
        )
        if found.party_id not in same_person(party.pk):
            raise Conflict("this number belongs to somebody else who is known here", field=scheme)
        if is_new:
            data = {"scheme": scheme, "proof": proof}
            record("add-identifier", obj=party, by=by, scope=scope, at=at, data=data)
    return found


def party_known_by(scheme: str, value: str) -> Party | None:
    """The party that this number belongs to, or None. Invalid where it cannot be one."""
    found = Identifier.objects.select_related("party__merged_into").filter(scheme=scheme, digest=_digest(scheme, value))
    identifier = found.first()
    return (identifier.party.merged_into or identifier.party) if identifier else None


def reveal(identifier: Identifier, *, purpose: str, scope: Scope, by: Actor, at: datetime) -> str:
    """The number itself; who read it and why is audited first. Invalid without a purpose."""
    if not purpose.strip():
        raise Invalid("say why you need the number", field="purpose")
    with transaction.atomic():
        data = {"scheme": identifier.scheme}
        record("read-identifier", obj=identifier.party, by=by, scope=scope, at=at, purpose=purpose, data=data)
    return unseal(identifier.sealed)


def _alike(scheme: str, value: str) -> str:
    try:
        return written_alike(scheme, value)
    except ValueError as error:
        raise Invalid(str(error), field=scheme) from None


def _digest(scheme: str, value: str) -> str:
    return digest_of(scheme, _alike(scheme, value))
