"""Four eyes: what one person asks for, another one approves, before it may be carried out, once, just as asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import QuerySet

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.platform.access.declared import roles_with
from simos.platform.access.queries import require
from simos.platform.audit.chain import canonical
from simos.platform.audit.log import record
from simos.platform.audit.transactions import require_transaction
from simos.platform.people.models import Account
from simos.platform.procedure.models import Approval

_State = Approval.State
_VERBS: Mapping[str, str] = {_State.APPROVED: "approve", _State.REFUSED: "refuse", _State.WITHDRAWN: "withdraw"}


def may_decide(asker: Iterable[str], decider: Iterable[str]) -> bool:
    """Whether none of those behind the request is among those behind the decision.

    Each side is the account that acts, whoever holds it, and the party on whose behalf it acts; empty ones are none.
    """
    return not ({each for each in asker if each} & {each for each in decider if each})


def ask_approval(
    scope: Scope,
    act: str,
    *,
    obj: models.Model | tuple[str, str],
    content: Mapping[str, object],
    permission: str,
    by: Actor,
    at: datetime,
    expires_at: datetime,
) -> Approval:
    """A request that whoever has `permission` in `scope` may approve until `expires_at`; in the caller's transaction.

    `content`: all that will be done, in JSON's types. Whether `by` may ask is the caller's to check. Conflict while the
    same act on the same object waits or is approved and not carried out; LookupError for an undeclared permission.
    """
    require_transaction("ask_approval")
    roles_with(permission)
    if expires_at <= at:
        raise Invalid("an approval expires after it is asked for", field="expires_at")
    object_type, object_id = obj if isinstance(obj, tuple) else (obj._meta.label_lower, str(obj.pk))
    asked = Approval(
        scope=str(scope),
        act=act,
        permission=permission,
        object_type=object_type,
        object_id=object_id,
        content=canonical(dict(content)),
        asked_by=by.as_dict(),
        asked_at=at,
        expires_at=expires_at,
    )
    with transaction.atomic():
        # First the record: it locks the scope's chain, so that no twin is asked for at the same moment.
        record(f"ask-{act}", obj=asked, by=by, scope=scope, at=at, data={"object": f"{object_type} {object_id}"})
        twins = Approval.objects.filter(scope=str(scope), act=act, object_type=object_type, object_id=object_id)
        if twins.filter(state__in=(_State.ASKED, _State.APPROVED), expires_at__gt=at).exists():
            raise Conflict("the same has been asked for already and is open")
        asked.save(force_insert=True)
    return asked


def approve(scope: Scope, approval_id: UUID, *, by: Actor, at: datetime) -> Approval:
    """What was asked for may be carried out until it expires. Refused as by `refuse`."""
    return _decide(scope, approval_id, _State.APPROVED, by=by, at=at)


def refuse(scope: Scope, approval_id: UUID, *, reason: str, by: Actor, at: datetime) -> Approval:
    """What was asked for is not carried out. Invalid without a reason; NotFound in another scope.

    Forbidden without the permission, for whoever asked, and for a program; Conflict once decided or expired.
    """
    if not reason.strip():
        raise Invalid("say why it is refused", field="reason")
    return _decide(scope, approval_id, _State.REFUSED, by=by, at=at, reason=reason.strip())


def withdraw(scope: Scope, approval_id: UUID, *, by: Actor, at: datetime) -> Approval:
    """Who asked asks no more. Forbidden for others; Conflict once it is carried out, refused or expired."""
    with transaction.atomic():
        asked = _open(scope, approval_id, at, states=(_State.ASKED, _State.APPROVED))
        if not by.account or by.account != asked.asker.account:
            raise Forbidden("only who asked for it may withdraw it")
        return _keep(asked, _State.WITHDRAWN, by=by, at=at)


def use_approval(
    scope: Scope, approval_id: UUID, act: str, *, content: Mapping[str, object], by: Actor, at: datetime
) -> Approval:
    """The approval is spent, in the transaction that carries out what was approved.

    Conflict if it is not approved, is spent or expired, or another act or content was approved.
    """
    require_transaction("use_approval")
    given = _open(scope, approval_id, at, states=(_State.APPROVED,))
    if given.act != act or given.content != canonical(dict(content)):
        raise Conflict("something else was approved; ask for approval of what is to be done now")
    given.state = _State.USED
    given.save(update_fields=("state",))
    record(f"use-approval-of-{act}", obj=given, by=by, scope=scope, at=at)
    return given


def approvals_to_decide(scope: Scope, *, at: datetime) -> QuerySet[Approval]:
    """What waits for a decision in `scope`, the most urgent first."""
    waiting = Approval.objects.filter(scope=str(scope), state=_State.ASKED, expires_at__gt=at)
    return waiting.order_by("expires_at", "asked_at")


def _decide(scope: Scope, approval_id: UUID, state: str, *, by: Actor, at: datetime, reason: str = "") -> Approval:
    with transaction.atomic():
        asked = _open(scope, approval_id, at, states=(_State.ASKED,))
        require(by, asked.permission, scope)
        if not by.account:
            raise Forbidden("a person decides, not a program")
        if not may_decide(_behind(asked.asker), _behind(by)):
            raise Forbidden("somebody else decides: not who asked, nor on behalf of the same person")
        return _keep(asked, state, by=by, at=at, reason=reason)


def _open(scope: Scope, approval_id: UUID, at: datetime, *, states: tuple[str, ...]) -> Approval:
    """The approval, locked, if it is in one of `states` and in time."""
    found = Approval.objects.select_for_update().filter(pk=approval_id, scope=str(scope)).first()
    if found is None:
        raise NotFound("there is no such request for approval")
    if found.state not in states:
        raise Conflict(f"it is {found.state}", state=found.state)
    if found.is_late(at):
        raise Conflict("it has expired; ask again", state="expired")
    return found


def _behind(actor: Actor) -> frozenset[str]:
    """The accounts and the parties behind an act: those that it names and the one that holds the account now."""
    holder = Account.objects.filter(pk=UUID(actor.account)).values_list("party", flat=True) if actor.account else ()
    return frozenset(
        str(each) for each in (actor.account, actor.in_place_of, actor.party, actor.on_behalf_of, *holder) if each
    )


def _keep(asked: Approval, state: str, *, by: Actor, at: datetime, reason: str = "") -> Approval:
    asked.state, asked.decided_by, asked.decided_at, asked.reason = state, by.as_dict(), at, reason
    asked.save(update_fields=("state", "decided_by", "decided_at", "reason"))
    record(f"{_VERBS[state]}-{asked.act}", obj=asked, by=by, scope=asked.where, at=at)
    return asked
