"""The command `simos`: the platform's own verbs, and those that modules add. Each verb loads only what it needs."""

import sys

import click

import simos
from simos.app.commands import accounts, api, audit, basemap, city, feeds, hub, init, lake, modules, operation, places
from simos.app.django_ready import make_django_ready
from simos.app.words import Words
from simos.kernel.errors import Problem
from simos.kernel.registry import RegistryError, installed_modules


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"simos {simos.__version__}")
        context.exit()


simos_command = Words(
    "simos",
    help="SiMOS: one urban digital platform for many cities.",
    params=[click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version)],
)
for part in (init, operation, accounts, city, hub, feeds, lake, api, modules, places, basemap, audit):
    for words, command in part.COMMANDS.items():
        simos_command.add_words(words, command)
OWN = frozenset(simos_command.commands)
"""The platform's own first words."""


def with_modules() -> Words:
    """The whole command: the platform's verbs and what installed modules export from `commands.py`."""
    make_django_ready()
    for module, cli in installed_modules().exports("commands"):
        for words, command in cli.items():
            if words.split()[0] in OWN:
                raise RegistryError(f"module {module.name}: 'simos {words}' would be under a verb of the platform")
            try:
                simos_command.add_words(words, command)
            except ValueError as error:
                raise RegistryError(f"module {module.name}: {error}") from None
    return simos_command


def main() -> None:
    """Runs the command; a refusal is one clear line and exit code 1, never a stack trace."""
    try:
        # The platform's own verbs need no module's commands: the hub process must start without Django.
        own = len(sys.argv) > 1 and sys.argv[1] in OWN
        (simos_command if own else with_modules()).main(prog_name="simos")
    except Problem as problem:
        sys.exit(f"simos: {problem.title}: {problem.detail}" if problem.detail else f"simos: {problem.title}")
    except RegistryError as error:
        sys.exit(f"simos: {error}")


if __name__ == "__main__":
    main()
