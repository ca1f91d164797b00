"""Granting roles and taking them back. A role that is granted twice counts once and is withdrawn at once."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid, NotFound
from simos.platform.access.declared import role_named
from simos.platform.access.models import RoleGrant
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.people.models import Account


def grant_role(
    scope: Scope, account: Account, *, role: str, by: Actor, at: datetime, until: datetime | None = None
) -> RoleGrant:
    """`account` has `role` in `scope` from `at` to `until` (None: for ever), audited.

    Forbidden without `grant-role` there, LookupError for an undeclared role, Invalid if `until` is not after `at`.
    """
    role_named(role)
    require(by, "grant-role", scope)
    if until is not None and until <= at:
        raise Invalid("a grant ends after it begins", field="until")
    with transaction.atomic():
        grant = RoleGrant.objects.create(
            account=account, role=role, scope=str(scope), granted_at=at, granted_by=by.as_dict(), until=until
        )
        data = {"role": role, "until": until.isoformat() if until else None}
        record("grant-role", obj=account, by=by, scope=scope, at=at, data=data)
    return grant


def withdraw_role(scope: Scope, account: Account, *, role: str, by: Actor, at: datetime) -> int:
    """`account` has `role` in `scope` no more, audited; how many grants ended. NotFound if there was none in force.

    Forbidden without `grant-role` there. A role whose module is gone can be withdrawn too.
    """
    require(by, "grant-role", scope)
    with transaction.atomic():
        grants = RoleGrant.objects.in_force(at).filter(account=account, role=role, scope=str(scope))
        ended = grants.update(withdrawn_at=at, withdrawn_by=by.as_dict())
        if not ended:
            raise NotFound(f"the account has no role {role!r} in {scope}")
        record("withdraw-role", obj=account, by=by, scope=scope, at=at, data={"role": role})
    return ended
