"""The basemap under all maps, made from the operator's own files."""

from pathlib import Path

import click

SHOWN_ERRORS = 20


@click.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; else that of this platform.")
def build(files: tuple[Path, ...], out: Path | None) -> None:
    """Make the basemap from boundary and place files (CSV and GeoJSON of GURS). Bad rows are told and left out."""
    from simos.app.settings import settings
    from simos.kernel.errors import Problem
    from simos.platform.places.reading import table_in
    from simos.web.tiling import ZOOMS, build_basemap

    def progress(done: int, of: int) -> None:
        if done < of:
            click.echo(f"zoom {ZOOMS[done]} of {ZOOMS[-1]}", err=True)

    where = out or settings().map_file
    try:
        built = build_basemap([table_in(file) for file in files], where, progress=progress)
    except Problem as refused:
        raise click.ClickException(str(refused)) from None
    for name, errors in built.errors.items():
        for error in errors[:SHOWN_ERRORS]:
            click.echo(f"{name}: {error}", err=True)
        if len(errors) > SHOWN_ERRORS:
            click.echo(f"{name}: and {len(errors) - SHOWN_ERRORS} more", err=True)
    click.echo(f"{where}: {built.areas} areas, {built.places} names, {built.tiles} tiles, {built.bytes // 1000} kB")
    if any(built.errors.values()):
        raise SystemExit(2)


COMMANDS = {"basemap build": build}
