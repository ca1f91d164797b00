"""Feeds: what a mapping makes of a file, before anything is stored."""

import sys
from itertools import islice
from pathlib import Path

import click
import orjson

from simos.hub.ingest.files import blocks_of, check_format, payload_block
from simos.hub.ingest.mapped import map_block
from simos.hub.ingest.mapping import read_mapping
from simos.hub.ingest.rows import documents_of
from simos.kernel.errors import Invalid


@click.command()
@click.argument("map_file", metavar="MAP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Records that are shown.")
def feed_try(map_file: Path, file: Path, limit: int) -> None:
    """Show what MAP makes of FILE (or of standard input: -): entities as they would come, then what is wrong, row by
    row. Nothing is stored."""
    mapping = read_mapping(map_file.read_text(encoding="utf-8"), map_file.name)
    if str(file) == "-":
        block = payload_block(sys.stdin.buffer.read(), mapping)
    else:
        check_format(file, mapping)
        first = next(blocks_of(file, mapping, size=limit), None)
        if first is None:
            raise Invalid(f"{file.name} has no records.")
        block = first
    mapped = map_block(mapping, block)
    for document in islice(documents_of(mapped.rows), limit):
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    click.echo(
        f"{mapped.records} records, {len(mapped.rows)} understood, {len(mapped.faults)} faults; nothing is stored.",
        err=True,
    )
    for fault in mapped.faults:
        click.echo(str(fault), err=True)
    if mapped.faults:
        raise SystemExit(1)


COMMANDS = {"feed try": feed_try}
