"""Feeds: what a mapping makes of a file, before anything is stored."""

import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click
import orjson

from simos.app.commands.hub import client_of
from simos.app.commands.operation import started
from simos.hub.ingest.blocks import Block
from simos.hub.ingest.feeds import read_feed
from simos.hub.ingest.files import blocks_of, check_format, payload_block
from simos.hub.ingest.mapped import map_block
from simos.hub.ingest.mapping import Mapping, read_mapping
from simos.hub.ingest.rows import documents_of
from simos.kernel.errors import RowError

FAULTS_SHOWN = 100

AT_ONCE = 5000
"""Records of a file that are looked at together."""


@click.command()
@click.argument("map_file", metavar="MAP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Records that are shown.")
@click.option("--topic", default="", help="MQTT topic under which it came.")
def feed_try(map_file: Path, file: Path, limit: int, topic: str) -> None:
    """Show what MAP, a mapping or a feed, makes of FILE (or of standard input: -): entities as they would come, then
    what is wrong, row by row. Nothing is stored."""
    mapping = _mapping_in(map_file)
    records = understood = 0
    faults: list[RowError] = []
    for block in _blocks(file, mapping, topic):
        mapped = map_block(mapping, block)
        for document in islice(documents_of(mapped.rows), max(0, limit - understood)):
            click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        records += mapped.records
        understood += len(mapped.rows)
        faults += mapped.faults
    click.echo(f"{records} records, {understood} understood, {len(faults)} faults; nothing is stored.", err=True)
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(str(fault), err=True)
    if len(faults) > FAULTS_SHOWN:
        click.echo(f"... and {len(faults) - FAULTS_SHOWN} more.", err=True)
    if faults:
        raise SystemExit(1)


def _blocks(file: Path, mapping: Mapping, topic: str) -> Iterable[Block]:
    if topic or str(file) == "-":
        payload = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return [payload_block(payload, mapping, topic)]
    check_format(file, mapping)
    return blocks_of(file, mapping, size=AT_ONCE)


def _mapping_in(path: Path) -> Mapping:
    """The mapping of a sheet that is one, or of a feed."""
    text = path.read_text(encoding="utf-8")
    is_feed = any(line.startswith("map:") for line in text.splitlines())
    return read_feed(text, path.name).mapping if is_feed else read_mapping(text, path.name)


@click.command()
def feed_list() -> None:
    """List the feeds: where each comes from, when it last went well and ill, and what it has brought."""
    _, found = client_of(started("feed")).ask("GET", "/hub/feeds")
    if not found:
        click.echo("There are no feeds: they are YAML files in the folder feeds of the home folder.")
    for each in found:
        if "broken" in each:
            click.echo(f"{each['name']}: NOT AT WORK: {each['broken']}")
            continue
        counts = f"{each['stored']} stored, {each['rejected']} rejected, {each['duplicates']} duplicates"
        click.echo(f"{each['name']} ({each['tenant'] or 'default tenant'}; {each['source']}): {counts}")
        click.echo(f"    last ok {each['lastOkAt'] or 'never'}")
        if each["lastErrorAt"]:
            click.echo(f"    last error {each['lastErrorAt']}: {each['lastError']}")


COMMANDS = {"feed try": feed_try, "feed list": feed_list}
