"""Mandates: who may act for whom. A person authorises another; an office enters what it has seen proved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.platform.access.models import Mandate
from simos.platform.access.queries import permitted, require
from simos.platform.access.terms import begun, ends_after, withdrawn
from simos.platform.people.models import Party

ENTER = "record-mandate"
_FULL = frozenset({Mandate.Kind.PARENT, Mandate.Kind.REPRESENTATIVE})
"""Who acts by law, not by another's word: they may authorise others in turn."""


def give_mandate(
    scope: Scope,
    *,
    principal: Party,
    holder: Party,
    kind: str,
    begins_at: datetime,
    ends_at: datetime | None = None,
    proof: str = "",
    by: Actor,
    at: datetime,
) -> Mandate:
    """`holder` may act for `principal` from `begins_at` to `ends_at` (None: until it is withdrawn), audited.

    To authorise another, the principal's own word is enough, or that of who represents it by law. Everything else is
    entered by who has `record-mandate` in `scope`, with the proof that was seen. Forbidden and Invalid otherwise;
    Conflict if the same mandate stands.
    """
    if kind not in Mandate.Kind.values:
        raise Invalid(f"a mandate is one of {', '.join(Mandate.Kind.values)}", field="kind")
    if not (kind == Mandate.Kind.AUTHORISED and _speaks_for(by, principal, at)):
        require(by, ENTER, scope)
        if not proof.strip():
            raise Invalid("say what proof was seen", field="proof")
    _may_be(kind, principal=principal, holder=holder)
    ends_after(begins_at, ends_at)
    if Mandate.objects.standing(at).filter(principal=principal, holder=holder, kind=kind).exists():
        raise Conflict("there is such a mandate already")
    row = Mandate(kind=kind, principal=principal, holder=holder, begins_at=begins_at, ends_at=ends_at)
    row.proof = proof.strip()[:300] or "own word"
    data: dict[str, object] = {"kind": kind, "principal": str(principal.pk), "holder": str(holder.pk)}
    begun(row, "give-mandate", scope=scope, by=by, at=at, data=data)
    return row


def withdraw_mandate(scope: Scope, mandate: Mandate, *, by: Actor, at: datetime) -> None:
    """The holder may act by this mandate no more. The holder may say so, an authorised person's principal, an officer.

    Forbidden for others, and for a child or a company against who represents it by law: that an office changes.
    """
    gives_up = by.party == str(mandate.holder_id) and not by.on_behalf_of
    takes_back = mandate.kind == Mandate.Kind.AUTHORISED and _speaks_for(by, mandate.principal, at)
    if not (gives_up or takes_back or permitted(by, ENTER, scope)):
        raise Forbidden("this mandate is not yours to withdraw")
    withdrawn(mandate, "withdraw-mandate", scope=scope, by=by, at=at)


def mandates_held(holder: str | UUID, *, at: datetime) -> Sequence[Mandate]:
    """By which mandates `holder` (a party) may act for others at `at`, by name."""
    if not holder:
        return []
    rows = Mandate.objects.in_force(at).filter(holder=holder).select_related("principal")
    return list(rows.order_by("principal__name", "begins_at"))


def mandates_given(principal: str | UUID, *, at: datetime) -> Sequence[Mandate]:
    """Who may act for `principal` (a party) at `at` or later, by name."""
    if not principal:
        return []
    rows = Mandate.objects.standing(at).filter(principal=principal).select_related("holder")
    return list(rows.order_by("holder__name", "begins_at"))


def mandate_with(mandate_id: str | UUID) -> Mandate:
    """The mandate with this id; NotFound if there is none."""
    found: Mandate | None = Mandate.objects.select_related("principal", "holder").filter(pk=mandate_id).first()
    if found is None:
        raise NotFound("there is no such mandate")
    return found


def _speaks_for(by: Actor, principal: Party, at: datetime) -> bool:
    """Whether `by` is the principal, or acts for it just now by law."""
    if not by.account or not by.party:
        return False
    if by.party == str(principal.pk) and not by.on_behalf_of:
        return True
    if by.on_behalf_of != str(principal.pk):
        return False
    held = Mandate.objects.in_force(at).filter(holder=by.party, principal=principal, kind__in=_FULL)
    return held.exists()


def _may_be(kind: str, *, principal: Party, holder: Party) -> None:
    if principal.pk == holder.pk:
        raise Invalid("nobody needs a mandate for themselves", field="holder")
    if holder.kind == Party.Kind.UNIT or principal.kind == Party.Kind.UNIT:
        raise Invalid("units act by their officers, not by mandates", field="holder")
    if kind == Mandate.Kind.PARENT and not principal.kind == holder.kind == Party.Kind.NATURAL:
        raise Invalid("a parent and a child are natural persons", field="kind")
    if kind == Mandate.Kind.REPRESENTATIVE and principal.kind != Party.Kind.LEGAL:
        raise Invalid("a representative acts for a company or another legal person", field="kind")
