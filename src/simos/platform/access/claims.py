"""Taking over: an account's holder is proved to be a person who is known here already, so that they see what was done.

By an officer who has seen a document, or by an e-identity that gives the same number. Each is audited.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from simos.kernel.acting import FEDERATION, Actor, Assurance, Scope
from simos.kernel.errors import Conflict, Forbidden, Invalid
from simos.platform.access.models import Mandate
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.people.identifiers import add_identifier, party_known_by
from simos.platform.people.models import Account, Identifier, Party

CONFIRM = "confirm-identity"
PROVES = frozenset({Assurance.SUBSTANTIAL, Assurance.HIGH})
"""Levels (eIDAS, art. 8) at which an e-identity proves who one is."""


def confirm_identity(scope: Scope, account: Account, party: Party, *, proof: str, by: Actor, at: datetime) -> Party:
    """`account` is held by `party`: an officer has seen the document `proof`. What was done for the party is theirs.

    Forbidden without `confirm-identity` in `scope` and for one's own account, Invalid without proof, Conflict if the
    person has another account.
    """
    require(by, CONFIRM, scope)
    if by.account == str(account.pk):
        raise Forbidden("nobody confirms who they are themselves")
    if not proof.strip():
        raise Invalid("say which document was seen", field="proof")
    if party.accounts.filter(is_active=True).exclude(pk=account.pk).exists():
        raise Conflict("this person has an account already; they sign in by that one", field="email")
    with transaction.atomic():
        return _take_over(scope, account, party, proof=proof.strip(), by=by, at=at)


def known_by_e_identity(
    account: Account, numbers: Mapping[str, str], *, provider: str, assurance: Assurance, by: Actor, at: datetime
) -> Party:
    """The party that holds `account`, after the e-identity of `provider` has told these numbers (scheme -> value).

    Where one is that of a party known here, the account takes that party over; others are kept with the party.
    Numbers told at a level that proves nothing are neither used nor kept.
    """
    proof = f"e-identity {provider} ({assurance})"
    with transaction.atomic():
        party = account.party
        for scheme, value in numbers.items() if assurance in PROVES else ():
            known = party_known_by(scheme, value)
            if known is not None and (party is None or known.pk != party.pk):
                party = _take_over(FEDERATION, account, known, proof=proof, by=by, at=at)
        if party is None:
            party = Party.objects.create(kind=Party.Kind.NATURAL, name="", language=account.language, created_at=at)
            account.party = party
            account.save(update_fields=("party",))
        for scheme, value in numbers.items() if assurance in PROVES else ():
            add_identifier(FEDERATION, party, scheme=scheme, value=value, proof=proof, by=by, at=at)
    return party


def _take_over(scope: Scope, account: Account, party: Party, *, proof: str, by: Actor, at: datetime) -> Party:
    """`account` has `party`, into which the one that it had is merged with all that belongs to it."""
    locked = Account.objects.select_for_update(of=("self",)).select_related("party").get(pk=account.pk)
    before = locked.party
    party = party.merged_into or party
    if before is not None and before.pk == party.pk:
        return party
    if party.kind != Party.Kind.NATURAL or (before is not None and before.kind != Party.Kind.NATURAL):
        raise Invalid("accounts are held by natural persons; who acts for a company has a mandate", field="party")
    if before is not None:
        Party.objects.filter(Q(pk=before.pk) | Q(merged_into=before)).update(merged_into=party)
        Identifier.objects.filter(party=before).update(party=party)
        Mandate.objects.filter(principal=before).exclude(holder=party).update(principal=party)
        Mandate.objects.filter(holder=before).exclude(principal=party).update(holder=party)
        Account.objects.filter(party=before).update(party=party)
    locked.party = account.party = party
    locked.save(update_fields=("party",))
    data = {"account": str(account.pk), "proof": proof, "merged": str(before.pk) if before else None}
    record("take-over-party", obj=party, by=by, scope=scope, at=at, data=data)
    return party
