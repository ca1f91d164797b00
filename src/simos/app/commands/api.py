"""Tokens of the API: for programs that do what an account may do in one city."""

from datetime import timedelta
from uuid import UUID

import click

from simos.app.commands.city import OPERATOR
from simos.app.commands.operation import ready
from simos.kernel.acting import Scope
from simos.kernel.clock import now


def _scope(_context: click.Context, _parameter: click.Parameter, said: str) -> Scope:
    try:
        return Scope.parse(said)
    except ValueError:
        raise click.BadParameter(f"a scope is federation, city:CODE or partner:CODE, not {said!r}") from None


SCOPE = click.argument("scope", callback=_scope)


@click.command()
@SCOPE
@click.argument("email")
@click.option("--name", required=True, help="What it is for, such as 'timetable import'.")
@click.option("--write", is_flag=True, help="May write, not only read.")
@click.option("--days", type=click.IntRange(1, 3650), help="Expires after so many days.")
def token_add(scope: Scope, email: str, name: str, write: bool, days: int | None) -> None:
    """Make a token that may do in SCOPE (city:celje) what the account EMAIL may do. Its secret is shown once."""
    ready("api")
    from simos.platform.people.models import Account
    from simos.platform.tokens.actions import issue_token

    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        raise click.BadParameter(f"there is no account {email!r}")
    until = now() + timedelta(days=days) if days else None
    issued = issue_token(scope, account, name=name, may_write=write, by=OPERATOR, at=now(), until=until)
    click.echo(issued.secret)


@click.command()
@SCOPE
def tokens(scope: Scope) -> None:
    """List the tokens of SCOPE (not their secrets)."""
    ready("api")
    from simos.platform.tokens.queries import tokens_in

    for each in tokens_in(scope):
        rights = "write" if each.may_write else "read"
        until = "revoked" if each.revoked_at else f"{each.until:%Y-%m-%d}" if each.until else "for ever"
        click.echo(f"{each.id}  {each.name:<30} {each.account.email:<30} {rights:<6} {until}")


@click.command()
@SCOPE
@click.argument("token_id", type=UUID)
def token_revoke(scope: Scope, token_id: UUID) -> None:
    """Take a token back at once."""
    ready("api")
    from simos.platform.tokens.actions import revoke_token

    revoke_token(scope, token_id, by=OPERATOR, at=now())
    click.echo("It no longer counts.")


COMMANDS = {"api token add": token_add, "api token list": tokens, "api token revoke": token_revoke}
