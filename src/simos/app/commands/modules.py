"""Modules: what is installed, whether it keeps the contract, and the beginning of a new one."""

from pathlib import Path

import click

from simos.kernel.ids import MODULE_NAME
from simos.kernel.registry import RegistryError, installed_modules


@click.command()
def modules() -> None:
    """List the installed modules."""
    for installed in installed_modules():
        module = installed.module
        click.echo(f"{module.name:<28} {module.title.en:<28} {module.level:<10} {installed.package}")


@click.command()
@click.argument("names", metavar="MODULE...", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check modules (all installed, if none is named) against the contract."""
    from simos.kernel.checking import check_module

    registry = installed_modules()
    try:
        chosen = [registry[name] for name in names] or list(registry)
    except RegistryError as error:
        raise click.ClickException(str(error)) from None
    faults = 0
    for installed in chosen:
        found = check_module(installed)
        faults += len(found)
        for fault in found:
            click.echo(str(fault))
        if not found:
            click.echo(f"{installed.module.name}: keeps the contract")
    if faults:
        raise click.ClickException(f"{faults} faults.")


@click.command()
@click.argument("name", metavar="DOMAIN/NAME")
@click.option(
    "--package",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make a package of its own in this folder, outside the product's tree.",
)
def new_module(name: str, package: Path | None) -> None:
    """Begin a module that passes every check."""
    from simos.app.scaffold import new_module as make

    if not MODULE_NAME.fullmatch(name):
        raise click.BadParameter(f"a module is named domain/name in lower case, such as 'mobility/bikes'; not {name!r}")
    domain, short = name.split("/")
    try:
        made = make(domain, short, into=package or Path.cwd(), standalone=package is not None)
    except (FileExistsError, FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for path in made:
        click.echo(path)


COMMANDS = {"modules": modules, "check": check, "new module": new_module}
