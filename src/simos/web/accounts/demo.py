"""The accounts of the demo: who they are, and where their one password is kept. Nothing here is made at import."""

from dataclasses import dataclass
from datetime import datetime

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.text import Text
from simos.platform.access.actions import grant_role
from simos.platform.access.declared import roles
from simos.platform.people.models import Account
from simos.web.accounts.actions import add_account

DEMO_PASSWORD = "demo.password"  # noqa: S105  # the name of the file in <home>/secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A made-up person with an account; `roles` in `scope`."""

    email: str
    name: str
    what: Text
    language: str = "sl"
    scope: Scope = FEDERATION
    roles: tuple[str, ...] = ()


OFFICER = ("city-administrator", "counter-officer", "editor", "publisher", "parking-officer", "guidance-officer")
"""Roles of the demo's officers, as far as an installed module declares them."""

DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        email="ana@celje.example",
        name="Ana Novak",
        what=Text(sl="občanka Celja", en="a citizen of Celje", it="una cittadina di Celje"),
    ),
    DemoAccount(
        email="marko@celje.example",
        name="Marko Kovač",
        what=Text(sl="uradnik v Celju", en="an officer of Celje", it="un funzionario di Celje"),
        scope=Scope.city("celje"),
        roles=OFFICER,
    ),
    DemoAccount(
        email="giulia@koper.example",
        name="Giulia Rossi",
        what=Text(sl="uradnica v Kopru", en="an officer of Koper", it="una funzionaria di Capodistria"),
        language="it",
        scope=Scope.city("koper"),
        roles=OFFICER,
    ),
    DemoAccount(
        email="skrbnik@simos.example",
        name="Skrbnik Demo",
        what=Text(sl="skrbnik platforme", en="the platform's administrator", it="l’amministratore della piattaforma"),
        roles=("platform-administrator", "editor", "publisher"),
    ),
)


def make_demo_accounts(password: str, *, by: Actor, at: datetime) -> None:
    """The demo's accounts are there with this password and their roles. Done again, it changes nothing."""
    known = roles()
    for each in DEMO_ACCOUNTS:
        if Account.objects.filter(email=each.email).exists():
            continue
        account = add_account(each.email, name=each.name, language=each.language, password=password, by=by, at=at)
        for role in each.roles:
            if role in known:
                grant_role(each.scope, account, role=role, by=by, at=at)
