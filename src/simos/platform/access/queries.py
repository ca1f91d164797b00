"""May this actor do that, there? Denies whatever is not granted; changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from simos.kernel.acting import Actor, Assurance, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden
from simos.platform.access.declared import roles, roles_with
from simos.platform.access.models import RoleGrant, RoleGrants, Substitution
from simos.platform.people.models import Account


def permitted(actor: Actor, permission: str, scope: Scope) -> bool:
    """True for the platform itself, and for an active account with a role that gives `permission` in just this scope.

    A grant in the federation does not count in a city, nor one city's in another: each city decides who acts in it.
    Who stands in for an absent officer (`in_place_of`) may there what that officer may too. LookupError for a
    permission that nobody declares. Grants begin and expire by the platform's clock.
    """
    with_it = roles_with(permission)
    if actor.assurance is Assurance.SYSTEM:
        return True
    if not actor.account:
        return False
    return _grants_of(actor, now()).filter(role__in=with_it, scope=str(scope)).exists()


def permissions_of(actor: Actor) -> Mapping[str, frozenset[str]]:
    """What the roles of `actor` permit, by scope (as text); empty for one without account. Not for the platform itself,
    which is always permitted."""
    if not actor.account:
        return {}
    declared, found = roles(), dict[str, frozenset[str]]()
    for role, scope in _grants_of(actor, now()).values_list("role", "scope"):
        if role in declared:
            found[scope] = found.get(scope, frozenset()) | frozenset(declared[role].permissions)
    return found


def require(actor: Actor, permission: str, scope: Scope) -> None:
    """Returns if `actor` is permitted; else raises Forbidden."""
    if not permitted(actor, permission, scope):
        raise Forbidden(f"this needs the permission {permission!r} in {scope}")


def accounts_with(permission: str, scope: Scope, *, at: datetime) -> Iterable[Account]:
    """Active accounts that a role of their own permits this in just this scope, with their parties."""
    grants = RoleGrant.objects.in_force(at).filter(role__in=roles_with(permission), scope=str(scope))
    found = Account.objects.filter(is_active=True, pk__in=grants.values("account"))
    return found.select_related("party").order_by("email")


def _grants_of(actor: Actor, at: datetime) -> RoleGrants:
    """The grants that count for an active account at `at`: its own, and those of the officer in whose place it acts."""
    grants, own = RoleGrant.objects.in_force(at).filter(account__is_active=True), UUID(actor.account)
    if not actor.in_place_of:
        return grants.filter(account=own)
    stands_in = Substitution.objects.in_force(at).filter(
        substitute=own, absent=UUID(actor.in_place_of), scope=OuterRef("scope")
    )
    theirs = Q(account=UUID(actor.in_place_of)) & Exists(stands_in)
    return grants.filter(Q(account=own) | theirs).filter(Exists(Account.objects.filter(pk=own, is_active=True)))
