"""Facilities of a file and recorded counts on the command line. Holds no rule: it joins a file, an action, a replay."""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.conf import settings

from simos.kernel.acting import Actor, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.errors import RowError
from simos.modules.mobility.parking.actions import Imported, import_facilities, preview_import, save_facilities
from simos.modules.mobility.parking.feeds import CountRow, Recorded, counts_in, recorded_at
from simos.modules.mobility.parking.formats.tables import table_of
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.rules.rows import columns_in
from simos.modules.mobility.parking.values import FREE, TYPE, FacilityFacts, id_of
from simos.platform.scopes.acting import acting
from simos.platform.scopes.actions import set_clock, switch_on
from simos.platform.scopes.queries import city_of
from simos.platform.things.door import connect
from simos.platform.things.replay import Bookmark, Observation, Progress, Replay

OPERATOR = Actor.system("simos", Channel.CLI)
SHOWN_ERRORS = 20
ABSENCE_SECONDS, OUTAGE_SECONDS = 5.0, 120.0
"""How long a hub is waited for that is not there at the beginning, and one that falls in the middle."""

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _tell(imported: Imported) -> None:
    click.echo(
        f"facilities: {len(imported.added)} added, {len(imported.changed)} changed, "
        f"{len(imported.unchanged)} unchanged, {len(imported.errors)} left out"
    )
    _tell_errors(imported.errors)


def _tell_changes(imported: Imported) -> None:
    for code in imported.added:
        click.echo(f"  + {code}")
    for code, fields in imported.changes.items():
        for field, (old, new) in fields.items():
            click.echo(f"  ~ {code}, {field}: {old or '(nothing)'} -> {new or '(nothing)'}")
    for code in imported.unnamed:
        click.echo(f"  = {code} is not in the file and stays")
    click.echo("nothing was kept: a preview")


def _tell_errors(errors: tuple[RowError, ...] | list[RowError]) -> None:
    for error in errors[:SHOWN_ERRORS]:
        click.echo(f"  {error}", err=True)
    if len(errors) > SHOWN_ERRORS:
        click.echo(f"  and {len(errors) - SHOWN_ERRORS} more", err=True)


@click.command()
@click.argument("file", type=FILE)
@click.option("--city", required=True, help="Code of the city.")
@click.option("--preview", is_flag=True, help="Only say what would change, field by field.")
def import_file(file: Path, city: str, preview: bool) -> None:
    """Import facilities from a CSV or GeoJSON file. Good rows are kept; each bad one is told with its field."""
    table = table_of(file)
    act = preview_import if preview else import_facilities
    imported = act(city_of(city).scope, table.rows, header=table.header, by=OPERATOR, at=now())
    if preview:
        _tell_changes(imported)
    _tell(imported)
    if imported.errors:
        raise SystemExit(2)


@click.command()
@click.option("--city", required=True, help="Code of the city that takes on the counts.")
@click.option("--facilities", required=True, type=FILE, help="CSV of the facilities.")
@click.option("--counts", required=True, type=FILE, help="CSV (may be .gz): timestamp_utc,place_id,free.")
@click.option("--from", "since", required=True, type=DAY, help="First day (UTC).")
@click.option("--to", "until", required=True, type=DAY, help="Day at whose beginning it ends (UTC).")
@click.option("--place", help="Whose rows of the files, by city_name. Default: the city's own name.")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="Seconds of the record in one of ours.")
@click.option("--clock", type=click.Choice(["replay"]), help="The city's clock shows the record's time.")
@click.option(
    "--rebase", type=click.Choice(["now"]), help="Times are moved, so that the record ends (speed 1: begins) now."
)
@click.option("--restart", is_flag=True, help="From the beginning, though an earlier replay got further.")
@click.option("--token", help="Token to send with. Default: the platform's own.")
@click.option("--url", help="Address of the platform. Default: the one of this home folder.")
def replay(
    city: str,
    facilities: Path,
    counts: Path,
    since: datetime,
    until: datetime,
    place: str | None,
    speed: float | None,
    clock: str | None,
    rebase: str | None,
    restart: bool,
    token: str | None,
    url: str | None,
) -> None:
    """Play recorded counts back through the public port, as any feed would send them.

    With --clock replay or --rebase now they become the present; with neither only history grows. Broken off, the same
    command goes on where it was. Exit code 2 where rows were left out or refused.
    """
    since, until = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    _check(since, until, speed, clock, rebase)
    found = city_of(city)
    recorded = recorded_at(facilities, place or found.name_sl)
    hub = connect(public=True, url=url or "", token=token or "", patience=OUTAGE_SECONDS)
    hub.ask("GET", f"/ngsi-ld/v1/entities?type={TYPE}&limit=1", tenant=city, patience=ABSENCE_SECONDS)
    counted = _codes_in(counts, since, until, recorded)
    columns_in(recorded.header)  # files of another kind are refused before anything is done
    switch_on(found.scope, module.name, by=OPERATOR, at=now())
    _import(found.scope, recorded, counted)
    bookmark = _bookmark(city, counts, since, until, recorded, f"{clock}{rebase}{url}")
    before = _begun(bookmark, now() - (since if speed else until) if rebase else timedelta(), restart=restart)
    errors: list[RowError] = []
    follow = _clock_follower(found.scope, speed) if clock else lambda _at: None
    playing = Replay(
        client=hub,
        tenant=city,
        bookmark=bookmark,
        present=bool(clock or rebase),
        speed=speed,
        told=_teller(since, until, follow),
    )
    began, stands_at = time.monotonic(), until
    try:
        progress = playing.run(_observations(counts, since, until, recorded, city, errors))
    except BaseException:
        stands_at = bookmark.read().at or since
        raise
    finally:
        if clock:  # broken off too: it must not run away
            set_clock(found.scope, shown_at=stands_at, speed=0.0, by=OPERATOR, at=now())
    seconds = time.monotonic() - began
    sent = progress.sent - before.sent
    click.echo(f"\n{sent} counts sent in {seconds:.1f} s ({progress.sent} in all), {len(errors)} rows left out")
    _tell_errors(errors)
    if progress.refused:
        click.echo(f"the hub refused {progress.refused}, the first ones with these reasons:", err=True)
    for reason in progress.reasons:
        click.echo(f"  {reason}", err=True)
    if errors or progress.refused:
        raise SystemExit(2)


def _check(since: datetime, until: datetime, speed: float | None, clock: str | None, rebase: str | None) -> None:
    if since >= until:
        raise click.BadParameter("--from is before --to")
    if clock and rebase:
        raise click.BadParameter("--clock replay and --rebase now exclude each other")
    if rebase and speed not in (None, 1.0):
        raise click.BadParameter("--rebase now goes with --speed 1 (the record begins now) or none (it ends now)")


def _bookmark(city: str, counts: Path, since: datetime, until: datetime, recorded: Recorded, how: str) -> Bookmark:
    """The bookmark of just this replay: another file, time, place or city has its own."""
    what = (city, counts.name, counts.stat().st_size, since.isoformat(), until.isoformat(), sorted(recorded.codes), how)
    mark = hashlib.sha256(repr(what).encode()).hexdigest()[:16]
    return Bookmark(settings.SIMOS.home / "replays" / f"parking-{city}-{mark}.json")


def _begun(bookmark: Bookmark, shift: timedelta, *, restart: bool) -> Progress:
    """Where the replay goes on. One that begins keeps its shift from the first moment."""
    if restart:
        bookmark.forget()
    if not bookmark.path.exists():
        bookmark.write(Progress(shift=shift))
    return bookmark.read()


def _codes_in(counts: Path, since: datetime, until: datetime, recorded: Recorded) -> frozenset[str]:
    """The codes of the place that are counted in the span. Invalid for another kind of file."""
    rows = counts_in(counts, since=since, until=until)
    return frozenset(row.code for row in rows if isinstance(row, CountRow) and recorded.has(row.code))


def _import(scope: Scope, recorded: Recorded, counted: frozenset[str]) -> None:
    """The facilities of the file, and those that are only counted: these have their code for a name."""
    _tell(import_facilities(scope, recorded.rows, header=recorded.header, by=OPERATOR, at=now()))
    with acting(OPERATOR, scope):
        known = {facility.code for facility in facilities_of()}
    if unnamed := sorted(counted - known):
        save_facilities(scope, [FacilityFacts(code=code, name=code) for code in unnamed], by=OPERATOR, at=now())
        click.echo(f"counted but not in the facilities file, known by their code: {', '.join(unnamed)}")


def _clock_follower(scope: Scope, speed: float | None) -> Callable[[datetime], None]:
    """Sets the city's clock by the record: once where it has a pace, else every second or so."""
    last_set: list[float] = []

    def follow(at: datetime) -> None:
        if last_set and (speed is not None or time.monotonic() - last_set[-1] < 1.0):
            return
        set_clock(scope, shown_at=at, speed=speed or 0.0, by=OPERATOR, at=now())
        last_set.append(time.monotonic())

    return follow


def _teller(since: datetime, until: datetime, follow: Callable[[datetime], None]) -> Callable[[Progress], None]:
    whole = (until - since).total_seconds()

    def told(progress: Progress) -> None:
        if progress.at is None:
            return
        follow(progress.at)
        share = (progress.at - since).total_seconds() / whole
        click.echo(f"\r{progress.at:%Y-%m-%d %H:%M} UTC  {share:6.1%}  {progress.sent} counts", nl=False, err=True)

    return told


def _observations(
    counts: Path, since: datetime, until: datetime, recorded: Recorded, city: str, errors: list[RowError]
) -> Iterator[Observation]:
    for row in counts_in(counts, since=since, until=until):
        if isinstance(row, RowError):
            errors.append(row)
        elif recorded.has(row.code):
            yield _observation(row, city)


def _observation(row: CountRow, city: str) -> Observation:
    return Observation(row.number, row.at, id_of(city, row.code), TYPE, {FREE: row.free})
