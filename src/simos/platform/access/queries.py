"""May this actor do that, there? Denies whatever is not granted; changes nothing."""

from collections.abc import Mapping
from uuid import UUID

from simos.kernel.acting import Actor, Assurance, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden
from simos.platform.access.declared import roles, roles_with
from simos.platform.access.models import RoleGrant


def permitted(actor: Actor, permission: str, scope: Scope) -> bool:
    """True for the platform itself, and for an active account with a role that gives `permission` in just this scope.

    A grant in the federation does not count in a city, nor one city's in another: each city decides who acts in it.
    LookupError for a permission that nobody declares. Grants begin and expire by the platform's clock.
    """
    with_it = roles_with(permission)
    if actor.assurance is Assurance.SYSTEM:
        return True
    if not actor.account:
        return False
    grants = RoleGrant.objects.in_force(now()).filter(role__in=with_it, scope=str(scope), account__is_active=True)
    return grants.filter(account=UUID(actor.account)).exists()


def permissions_of(actor: Actor) -> Mapping[str, frozenset[str]]:
    """What the roles of `actor` permit, by scope (as text); empty for one without account. Not for the platform itself,
    which is always permitted."""
    if not actor.account:
        return {}
    grants = RoleGrant.objects.in_force(now()).filter(account=UUID(actor.account), account__is_active=True)
    declared, found = roles(), dict[str, frozenset[str]]()
    for role, scope in grants.values_list("role", "scope"):
        if role in declared:
            found[scope] = found.get(scope, frozenset()) | frozenset(declared[role].permissions)
    return found


def require(actor: Actor, permission: str, scope: Scope) -> None:
    """Returns if `actor` is permitted; else raises Forbidden."""
    if not permitted(actor, permission, scope):
        raise Forbidden(f"this needs the permission {permission!r} in {scope}")
