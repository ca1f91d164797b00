"""Organisation units of an office, who works in them, and who stands in for whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.kernel.ids import CODE
from simos.platform.access.models import Membership, RoleGrant, Substitution, Unit
from simos.platform.access.queries import permitted, require
from simos.platform.access.terms import begun, ends_after, withdrawn
from simos.platform.audit.log import record
from simos.platform.people.models import Account, Party

MANAGE = "manage-units"


def open_unit(scope: Scope, code: str, *, name: str, within: Unit | None = None, by: Actor, at: datetime) -> Unit:
    """A unit of the office of `scope`, part of `within` if that is given. Conflict if the code is taken there."""
    require(by, MANAGE, scope)
    if not CODE.fullmatch(code) or len(code) > 64:
        raise Invalid("a unit's code is lower-case letters, digits and dashes", field="code")
    if not name.strip():
        raise Invalid("a unit has a name", field="name")
    if within is not None and within.scope != str(scope):
        raise Invalid("a unit is part of one of the same office", field="within")
    with transaction.atomic():
        if Unit.objects.filter(scope=str(scope), code=code).exists():
            raise Conflict(f"there is a unit {code!r} already", field="code")
        party = Party.objects.create(kind=Party.Kind.UNIT, name=name.strip()[:200], created_at=at)
        unit = Unit.objects.create(party=party, scope=str(scope), code=code, within=within)
        record("open-unit", obj=unit, by=by, scope=scope, at=at, data={"code": code})
    return unit


def unit_of(scope: Scope, code: str) -> Unit:
    """The open unit with this code; NotFound if the office has none."""
    found = Unit.objects.select_related("party").filter(scope=str(scope), code=code, closed_at=None).first()
    if found is None:
        raise NotFound(f"there is no unit {code!r} in {scope}")
    return found


def units_in(scope: Scope) -> Sequence[Unit]:
    """The open units of the office, by name."""
    return list(Unit.objects.select_related("party").filter(scope=str(scope), closed_at=None).order_by("party__name"))


def close_unit(scope: Scope, unit: Unit, *, by: Actor, at: datetime) -> None:
    """The unit is no more; what it did keeps its name. Conflict while somebody works in it or a part of it is open."""
    require(by, MANAGE, scope)
    _of(scope, unit)
    with transaction.atomic():
        if Membership.objects.standing(at).filter(unit=unit).exists() or unit.parts.filter(closed_at=None).exists():
            raise Conflict("somebody works there, or a part of it is open")
        unit.closed_at = at
        unit.save(update_fields=("closed_at",))
        record("close-unit", obj=unit, by=by, scope=scope, at=at)


def add_member(
    scope: Scope,
    unit: Unit,
    account: Account,
    *,
    leads: bool = False,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """`account` works in `unit` from `begins_at` (now). Conflict if it does already."""
    require(by, MANAGE, scope)
    _of(scope, unit)
    begins_at = begins_at or at
    ends_after(begins_at, ends_at)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        if Membership.objects.standing(at).filter(unit=unit, account=account).exists():
            raise Conflict("this account works there already")
        row = Membership(unit=unit, account=account, leads=leads, begins_at=begins_at, ends_at=ends_at)
        begun(row, "add-member", scope=scope, by=by, at=at, data={"unit": unit.code, "account": str(account.pk)})
    return row


def remove_member(scope: Scope, membership: Membership, *, by: Actor, at: datetime) -> None:
    """The account works there no more."""
    require(by, MANAGE, scope)
    _of(scope, membership.unit)
    withdrawn(membership, "remove-member", scope=scope, by=by, at=at)


def units_of(account: str | UUID, *, at: datetime, scope: Scope | None = None) -> Sequence[Unit]:
    """The units in which `account` works at `at`, those that it leads first; only those of `scope`, if it is given."""
    rows = Membership.objects.in_force(at).filter(account=account, unit__closed_at=None)
    if scope is not None:
        rows = rows.filter(unit__scope=str(scope))
    return [row.unit for row in rows.select_related("unit__party").order_by("-leads", "begins_at")]


def members_of(unit: Unit, *, at: datetime) -> Sequence[Account]:
    """Who works in the unit at `at`, who leads it first."""
    rows = Membership.objects.in_force(at).filter(unit=unit).select_related("account__party")
    return [row.account for row in rows.order_by("-leads", "begins_at")]


def name_substitute(
    scope: Scope,
    *,
    absent: Account,
    substitute: Account,
    begins_at: datetime,
    ends_at: datetime | None,
    by: Actor,
    at: datetime,
) -> Substitution:
    """`substitute` may in `scope` what `absent` may, from `begins_at` to `ends_at`, when standing in for them.

    The absent officer says so, or who manages units; Forbidden for others. Invalid for oneself, for one who has no role
    there, or without an end.
    """
    if by.account != str(absent.pk) or by.in_place_of:
        require(by, MANAGE, scope)
    if absent.pk == substitute.pk:
        raise Invalid("somebody else stands in", field="substitute")
    if ends_at is None:
        raise Invalid("say until when", field="ends_at")
    ends_after(begins_at, ends_at)
    if not RoleGrant.objects.in_force(at).filter(account=absent, scope=str(scope)).exists():
        raise Invalid("who is absent has no role here that another could take", field="absent")
    row = Substitution(scope=str(scope), absent=absent, substitute=substitute, begins_at=begins_at, ends_at=ends_at)
    data: dict[str, object] = {"absent": str(absent.pk), "substitute": str(substitute.pk)}
    begun(row, "name-substitute", scope=scope, by=by, at=at, data=data)
    return row


def withdraw_substitute(scope: Scope, substitution: Substitution, *, by: Actor, at: datetime) -> None:
    """Nobody stands in by this any more. The absent officer may say so, the substitute, and who manages units."""
    if substitution.scope != str(scope):
        raise NotFound("there is no such substitution here")
    concerned = {str(substitution.absent_id), str(substitution.substitute_id)}
    if by.account not in concerned and not permitted(by, MANAGE, scope):
        raise Forbidden("this is for those concerned, or who manages units")
    withdrawn(substitution, "withdraw-substitute", scope=scope, by=by, at=at)


def substitutions_of(substitute: str | UUID, *, at: datetime) -> Sequence[Substitution]:
    """For whom, and where, `substitute` may stand in at `at`."""
    rows = Substitution.objects.in_force(at).filter(substitute=substitute, absent__is_active=True)
    return list(rows.select_related("absent__party").order_by("scope", "begins_at"))


def _of(scope: Scope, unit: Unit) -> None:
    if unit.scope != str(scope):
        raise NotFound("there is no such unit here")
