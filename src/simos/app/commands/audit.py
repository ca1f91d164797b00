"""The audit log: proving that it is as it was written."""

import click

from simos.app.commands.operation import ready
from simos.kernel.acting import Scope


def _scope(_context: click.Context, _parameter: click.Parameter, text: str) -> Scope | None:
    try:
        return Scope.parse(text) if text else None
    except ValueError:
        raise click.BadParameter("a scope is written 'city:celje', 'federation' or 'partner:aums'") from None


@click.command()
@click.option("--scope", default="", callback=_scope, help="Only the log of this scope, such as city:celje.")
def verify_log(scope: Scope | None) -> None:
    """Check that no audit record was changed, removed, moved or added by hand. Ends with 2 where one was."""
    ready("the audit log")
    from simos.platform.audit.queries import record_count, verify

    if faults := verify(scope):
        for fault in faults:
            click.echo(str(fault), err=True)
        raise SystemExit(2)
    click.echo(f"{record_count(scope)} audit records are as they were written.")


COMMANDS = {"audit verify": verify_log}
