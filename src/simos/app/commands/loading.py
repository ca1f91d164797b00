"""What `simos hub load` does and shows: which way a file goes into the hub, and how far it is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from simos.app.settings import Settings
from simos.hub.client import HubClient
from simos.hub.ingest.bulk import HubSink, Progress, Sink, StoreSink, errors_file, key_of, load_file
from simos.hub.ingest.files import check_format
from simos.hub.ingest.mapping import read_mapping, refuse_untimed
from simos.kernel.errors import Unavailable

SHOWN_EVERY = 0.5
"""Seconds between two looks at how far it is."""


def load_shown(found: Settings, file: Path, map_file: Path, *, tenant: str, notify: bool, again: bool) -> None:
    """Loads `file` and tells how it went. A Problem says why nothing more can be loaded."""
    text = map_file.read_text(encoding="utf-8")
    mapping = read_mapping(text, map_file.name)
    refuse_untimed(mapping, map_file.name)
    check_format(file, mapping)
    with _way_in(found) as sink:
        key = key_of(file, text, tenant)
        done = load_file(
            file, mapping, tenant, sink, key=key, notify=notify, again=again, told=_shower(sys.stderr.isatty())
        )
    if done.finished_before:
        click.echo(f"{file.name} was loaded already, {done.finished_before}. To load it once more: --again.")
        return
    if done.before:
        click.echo(f"It went on behind row {done.before:,} of an earlier run.")
    corrected = f", {done.corrected:,} of them corrections" if done.corrected else ""
    click.echo(f"{done.rows:,} rows, {done.observations:,} observations{corrected}, {done.rate:,.0f} a second.")
    if done.faults:
        click.echo(f"{done.faults:,} faults stand in {errors_file(file)}; what is right is stored.")


@contextmanager
def _way_in(found: Settings) -> Iterator[Sink]:
    """The hub of this home where it runs, else its store, with the home locked so that none is started meanwhile."""
    from simos.app.processes import only_one
    from simos.hub.store.opening import open_store

    client = HubClient(f"unix:{found.socket('hub')}", found.secret("service.token"), patience=60.0)
    try:
        client.health()
    except Unavailable:
        pass
    else:
        yield HubSink(client)
        return
    found.home.mkdir(parents=True, exist_ok=True)
    with only_one(found):
        store = open_store(found.hub_url)
        try:
            store.migrate()
            yield StoreSink(store)
        finally:
            store.close()


def _shower(is_terminal: bool) -> Callable[[Progress], None]:
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        if not is_terminal or time.monotonic() - last < SHOWN_EVERY:
            return
        last = time.monotonic()
        share = f"{progress.share:4.0%}  " if progress.share is not None else ""
        line = f"{share}{progress.rows:,} rows, {progress.observations:,} observations, {progress.rate:,.0f}/s"
        click.echo(f"\r{line:<78}", nl=False, err=True)

    return show
