"""Writes the reference pages that are made from the code (`make docs`): settings, commands, feeds."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic.fields import FieldInfo

from simos.app.settings import EIdentity, Settings

MADE = "<!-- Made by `make docs` from the code. Change it there. -->"


def _shown(value: object) -> str:
    return "empty" if value == "" else f"`{value}`"


def _default_of(name: str, field: FieldInfo) -> str:
    if name == "home":
        return "`~/.local/share/simos`"
    if field.is_required():
        return "needed"
    return _shown(field.get_default(call_default_factory=True, validated_data={}))


def settings_page() -> str:
    """The settings, each with its default and meaning, in Markdown."""
    rows = [
        f"| `SIMOS_{name.upper()}` | `{name}` | {_default_of(name, field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            MADE,
            "",
            "A setting is taken from the environment, else from `simos.toml` in the home folder, else from here.",
            "A name that is not known, or a value that cannot be, stops the start with a message that says which.",
            "",
            "| environment | in simos.toml | default | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "Lists are JSON in the environment: `SIMOS_ALLOWED_HOSTS='[\"mesto.example\"]'`.",
            "Secrets are no settings: they are made at first use and lie in `secrets` in the home folder.",
            "",
            "## An e-identity",
            "",
            "One `[[e_identities]]` in `simos.toml` for each:",
            "",
            "| in simos.toml | default | meaning |",
            "| --- | --- | --- |",
            *(
                f"| `{name}` | {_default_of(name, field)} | {field.description} |"
                for name, field in EIdentity.model_fields.items()
            ),
            "",
        ]
    )


def _commands_in(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _commands_in(inner, f"{words} {name}")
    elif not command.hidden:
        yield words, command


def _parameters_of(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            needed = " (needed)" if parameter.required else ""
            yield f"- `{', '.join(parameter.opts)}`{needed}: {parameter.help or ''}".rstrip(": ")


def commands_page(command: click.Command) -> str:
    """Every verb of the command line with its options, in Markdown."""
    parts = ["# Commands", "", MADE, ""]
    for words, each in _commands_in(command, "simos"):
        arguments = " ".join(p.make_metavar(click.Context(each)) for p in each.params if isinstance(p, click.Argument))
        parts += [f"## `{f'{words} {arguments}'.strip()}`", "", (each.help or "").replace("\n\n", "\n").strip(), ""]
        if options := list(_parameters_of(each)):
            parts += [*options, ""]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """File name and content of every page made from the code."""
    from simos.app.cli import with_modules
    from simos.app.reference_of_feeds import feeds_page, mappings_page

    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(with_modules()),
        "mappings.md": mappings_page(MADE),
        "feeds.md": feeds_page(MADE),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
