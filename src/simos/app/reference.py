"""Writes the reference pages that are made from the code (`make docs`): settings, commands, mappings."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel
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


def _part_table(part: type[BaseModel]) -> Iterator[str]:
    yield from ("| key | default | meaning |", "| --- | --- | --- |")
    for name, field in part.model_fields.items():
        default = "needed" if field.is_required() else _plain(field.get_default(call_default_factory=True))
        yield f"| `{field.alias or name}` | {default} | {field.description} |"


def _plain(value: object) -> str:
    """A default as people write it in YAML; an empty cell where there is none."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""


def mappings_page() -> str:
    """What a mapping may say, in Markdown."""
    from simos.hub.ingest.mapping import AttributeRule, Csv, Location, Mapping, Moment
    from simos.hub.ingest.units import UNITS

    parts: list[tuple[str, str, type[BaseModel]]] = [
        ("A mapping", "How records of another's making become entities of one type.", Mapping),
        ("`observedAt`", "Short: the expression alone, `observedAt: time`.", Moment),
        ("`location`", "In WGS 84.", Location),
        ("An attribute", "Under its name. Short: the expression alone, `pm10: PM10`.", AttributeRule),
        ("`csv`", "How a CSV file is written.", Csv),
    ]
    lines = [
        "# Mappings",
        "",
        MADE,
        "",
        "A mapping says in YAML how records of others become entities. `simos feed try MAP FILE` shows what it makes.",
        "A key that is not known is refused, with its line and the one that was probably meant.",
        "",
        "Where a value stands is said as an expression: JMESPath, as in `deviceInfo.devEui` or `rxInfo[0].rssi`.",
        "A name with other signs than letters, digits and `_` stands in double quotes. In CSV and Parquet it is the",
        "name of a column as it is written. A template is a text with expressions in braces; in ids, signs that an id",
        "cannot have are escaped.",
        "",
        "What is wrong with a value loses that value; without id or time the record is lost. Both are told.",
        "",
    ]
    for title, said, part in parts:
        lines += [f"## {title}", "", said, "", *_part_table(part), ""]
    lines += [
        "## Units",
        "",
        "Converted among the units of one quantity, by code (UN/CEFACT) or as people write them (°F, mph, hPa, kWh).",
        "For others say `factor` and `offset`.",
        "",
        "| quantity | codes |",
        "| --- | --- |",
        *(f"| {quantity} | {', '.join(f'`{code}`' for code in codes)} |" for quantity, codes in UNITS.items()),
        "",
    ]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """File name and content of every page made from the code."""
    from simos.app.cli import with_modules

    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(with_modules()),
        "mappings.md": mappings_page(),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
