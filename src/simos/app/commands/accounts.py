"""People: their accounts and roles, and the applications that sign them in here."""

import click

from simos.app.commands.operation import ready
from simos.kernel.acting import FEDERATION, Actor, Channel, Scope, ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import NotFound

OPERATOR = Actor.system("simos", Channel.CLI)


@click.command()
@click.argument("email")
@click.option("--name", default="", help="The holder's name.")
@click.option("--language", default="sl", show_default=True, help="Language of mails.")
def account_add(email: str, name: str, language: str) -> None:
    """Make an account. Its holder signs in by a code that is sent to EMAIL."""
    ready("accounts")
    from simos.web.accounts.actions import add_account

    account = add_account(email, name=name, language=language, by=OPERATOR, at=now())
    click.echo(f"{account.email} can sign in by a code that is sent there.")


@click.command()
def accounts() -> None:
    """List the accounts with their roles."""
    ready("accounts")
    from simos.platform.access.models import RoleGrant
    from simos.platform.people.models import Account

    grants: dict[str, list[str]] = {}
    for grant in RoleGrant.objects.in_force(now()).order_by("scope", "role"):
        grants.setdefault(str(grant.account_id), []).append(f"{grant.role} in {grant.scope}")
    for account in Account.objects.select_related("party").order_by("email"):
        name = account.party.name if account.party else ""
        state = "" if account.is_active else "  (closed)"
        click.echo(f"{account.email:<32} {name:<24} {', '.join(grants.get(str(account.pk), ()))}{state}".rstrip())


def _scope(text: str) -> Scope:
    """`celje`, `city:celje`, `federation` or `partner:aums`; NotFound for a city that is none."""
    from simos.platform.scopes.queries import city_of

    try:
        scope = Scope.parse(text) if ":" in text or text == str(FEDERATION) else Scope.city(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no scope: a city's code, 'federation' or 'partner:CODE'") from None
    if scope.kind is ScopeKind.CITY:
        city_of(scope.code)
    return scope


def _change(verb: str, email: str, role: str, scope: str) -> None:
    ready("accounts")
    from simos.platform.access.actions import grant_role, withdraw_role
    from simos.platform.people.models import Account

    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise NotFound(f"there is no account {email}")
    act = grant_role if verb == "granted" else withdraw_role
    try:
        act(_scope(scope), account, role=role, by=OPERATOR, at=now())
    except LookupError as error:
        raise click.BadParameter(str(error)) from None
    click.echo(f"{role} in {scope} is {verb}: {account.email}.")


@click.command()
@click.argument("email")
@click.argument("role")
@click.argument("scope")
def role_grant(email: str, role: str, scope: str) -> None:
    """Grant the account EMAIL a ROLE in SCOPE: a city's code, 'federation' or 'partner:CODE'."""
    _change("granted", email, role, scope)


@click.command()
@click.argument("email")
@click.argument("role")
@click.argument("scope")
def role_withdraw(email: str, role: str, scope: str) -> None:
    """Withdraw a ROLE of the account EMAIL in SCOPE."""
    _change("withdrawn", email, role, scope)


@click.command()
def roles() -> None:
    """List the roles that can be granted, with what they permit."""
    from simos.app.django_ready import make_django_ready

    make_django_ready()
    from simos.platform.access.declared import roles as declared

    for role in declared().values():
        click.echo(f"{role.name:<26} {role.title.en:<32} {', '.join(role.permissions)}")


@click.command()
@click.argument("name")
@click.option("--redirect", "addresses", multiple=True, required=True, help="Address to which it sends people back.")
@click.option("--public", is_flag=True, help="An application that cannot keep a secret, such as one on phones.")
def client_add(name: str, addresses: tuple[str, ...], public: bool) -> None:
    """Register an application that signs people in here by OpenID Connect. Its secret is shown once."""
    found = ready("accounts")
    from simos.web.accounts.actions import add_client

    made = add_client(name, redirect_uris=addresses, is_public=public, by=OPERATOR, at=now())
    click.echo(f"issuer         {found.base_url}")
    click.echo(f"client_id      {made.client.pk}")
    if made.secret:
        click.echo(f"client_secret  {made.secret}")


@click.command()
def clients() -> None:
    """List the applications that sign people in here."""
    ready("accounts")
    from allauth.idp.oidc.models import Client

    for client in Client.objects.order_by("name"):
        click.echo(f"{client.pk}  {client.name:<30} {', '.join(client.get_redirect_uris())}")


@click.command()
@click.argument("client_id")
def client_delete(client_id: str) -> None:
    """Take an application out. It can sign nobody in any more."""
    ready("accounts")
    from simos.web.accounts.actions import remove_client

    remove_client(client_id, by=OPERATOR, at=now())
    click.echo("It can sign nobody in any more.")


COMMANDS = {
    "accounts": accounts,
    "account add": account_add,
    "roles": roles,
    "role grant": role_grant,
    "role withdraw": role_withdraw,
    "oidc client add": client_add,
    "oidc client list": clients,
    "oidc client delete": client_delete,
}
