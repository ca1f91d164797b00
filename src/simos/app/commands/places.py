"""Places: importing the country's registers, and looking a place up."""

from pathlib import Path

import click

from simos.app.commands.operation import ready
from simos.kernel.acting import FEDERATION, Actor, Channel
from simos.kernel.clock import now

OPERATOR = Actor.system("simos", Channel.CLI)
SHOWN_ERRORS = 20


@click.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
@click.option("--whole", is_flag=True, help="The files hold all places of their kinds: mark the others as gone.")
@click.option("--preview", is_flag=True, help="Tell what would change, and store nothing.")
def import_files(files: tuple[Path, ...], whole: bool, preview: bool) -> None:
    """Import places from CSV and GeoJSON files of GURS. Good rows are kept; each bad one is told with its field."""
    ready("places")
    from simos.platform.places.actions import import_places
    from simos.platform.places.reading import table_in

    tables = [table_in(file) for file in files]
    imported = import_places(FEDERATION, tables, by=OPERATOR, at=now(), whole=whole, preview=preview)
    for each in imported:
        for kind, tally in each.tallies.items():
            click.echo(
                f"{each.name}: {kind}: {tally.added} added, {tally.changed} changed, "
                f"{tally.unchanged} unchanged, {tally.gone} gone"
            )
        for error in each.errors[:SHOWN_ERRORS]:
            click.echo(f"{each.name}: {error}", err=True)
        if len(each.errors) > SHOWN_ERRORS:
            click.echo(f"{each.name}: and {len(each.errors) - SHOWN_ERRORS} more", err=True)
    if preview:
        click.echo("Nothing was stored.")
    if any(each.errors for each in imported):
        raise SystemExit(2)


@click.command()
@click.argument("text")
@click.option("--city", default="", help="Only in the city with this code.")
def find(text: str, city: str) -> None:
    """Look a place up by name, or an address."""
    ready("places")
    from simos.platform.places.queries import search

    for each in search(text, city=city):
        where = f"{each.point.latitude:.5f}, {each.point.longitude:.5f}" if each.point else ""
        name = "/".join(part for part in (each.name, each.other_name) if part)
        click.echo(f"{each.kind:<20} {name:<32} {each.within:<24} {each.city:<14} {where}")


COMMANDS = {"places import": import_files, "places find": find}
