"""The lake of older days: how it stands, and moving days there. The platform must be running."""

import time
from typing import Any

import click

from simos.app.commands.operation import started
from simos.hub.client import HubClient

SECONDS = 0.5
"""Between two looks at how far it has come."""


def _client() -> HubClient:
    found = started("lake")
    return HubClient(f"unix:{found.socket('hub')}", found.secret("service.token"))


def _status(client: HubClient) -> dict[str, Any]:
    _, found = client.ask("GET", "/hub/lake")
    status: dict[str, Any] = found
    return status


@click.command()
def lake_status() -> None:
    """Show which days of which types lie in the lake, and their size. The platform must be running."""
    found = _status(_client())
    for each in found["held"]:
        name = f"{each['tenant'] or '(default)'}  {each['type'] or '(no type)'}"
        size = f"{each['instances']:,} instances in {each['files']} files, {each['bytes'] / 1e6:,.1f} MB"
        click.echo(f"{name:<50} {each['from']} to {each['to']} ({each['days']} days): {size}")
    if not found["held"]:
        click.echo("Nothing lies in the lake as yet.")
    days = found["afterDays"]
    click.echo(f"Days move by night when they are {days} days old." if days else "No days move by themselves.")


@click.command()
@click.option("--older-than", type=click.IntRange(1, 100_000), required=True, help="Days that ended so many days ago.")
def lake_move(older_than: int) -> None:
    """Move older days of history into the lake now. The platform must be running."""
    client = _client()
    client.ask("POST", "/hub/lake/moves", content={"olderThanDays": older_than}, patience=0)
    while (found := _status(client))["moving"]:
        time.sleep(SECONDS)
    last = found["last"]
    if "wrong" in last:
        raise click.ClickException(last["wrong"])
    click.echo(f"{last['instances']:,} instances moved into {last['files']} files, {last['bytes'] / 1e6:,.1f} MB.")
    if last["put_off"]:
        click.echo(f"{last['put_off']} parts were written to meanwhile and stay until the next time.")


COMMANDS = {"lake status": lake_status, "lake move": lake_move}
