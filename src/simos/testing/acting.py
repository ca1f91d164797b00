"""Who acts in a test, and where: short ways to say it, and accounts with roles. Not for use outside of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from simos.kernel.acting import Actor, Assurance, Channel, Scope
from simos.kernel.clock import now
from simos.platform.access.actions import grant_role
from simos.platform.people.models import Account
from simos.platform.scopes.acting import Acting, acting

SYSTEM = Actor.system("test")
"""The platform itself, which is always permitted."""


@contextmanager
def in_city(code: str, actor: Actor = SYSTEM) -> Iterator[Acting]:
    """Within the block `actor` acts in the city with this code."""
    with acting(actor, Scope.city(code)) as now_acting:
        yield now_acting


def make_account(email: str = "", **fields: Any) -> Account:
    """A saved account; without an address it gets one of its own."""
    return Account.objects.create_user(email or f"{uuid4().hex}@example.si", **fields)


def actor_for(account: Account, channel: Channel = Channel.WEB) -> Actor:
    """The account's holder, signed in."""
    return Actor(account=str(account.pk), channel=channel, assurance=Assurance.ACCOUNT)


def officer(scope: Scope, *roles: str) -> Actor:
    """A new account's holder, who has these roles in `scope` from now on."""
    account = make_account()
    for role in roles:
        grant_role(scope, account, role=role, by=SYSTEM, at=now())
    return actor_for(account)
