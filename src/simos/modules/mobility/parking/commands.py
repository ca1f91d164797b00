"""Parking on the command line: import facilities, replay recorded counts."""

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
from simos.modules.mobility.parking.actions import Imported, import_facilities, save_facilities
from simos.modules.mobility.parking.feeds import CountRow, Recorded, counts_in, recorded_at, table_in
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.values import FREE, TYPE, FacilityFacts, id_of
from simos.platform.scopes.acting import acting
from simos.platform.scopes.actions import set_clock, switch_on
from simos.platform.scopes.queries import city_of
from simos.platform.things.door import connect
from simos.platform.things.replay import Bookmark, Observation, Progress, Replay

OPERATOR = Actor.system("simos", Channel.CLI)
SHOWN_ERRORS = 20
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _tell(imported: Imported) -> None:
    click.echo(
        f"facilities: {len(imported.added)} added, {len(imported.changed)} changed, "
        f"{len(imported.unchanged)} unchanged, {len(imported.errors)} left out"
    )
    _tell_errors(imported.errors)


def _tell_errors(errors: tuple[RowError, ...] | list[RowError]) -> None:
    for error in errors[:SHOWN_ERRORS]:
        click.echo(f"  {error}", err=True)
    if len(errors) > SHOWN_ERRORS:
        click.echo(f"  and {len(errors) - SHOWN_ERRORS} more", err=True)


@click.command()
@click.argument("file", type=FILE)
@click.option("--city", required=True, help="Code of the city.")
def import_file(file: Path, city: str) -> None:
    """Import facilities from a CSV file. Good rows are kept; each bad one is told with its field."""
    table = table_in(file)
    imported = import_facilities(city_of(city).scope, table.rows, header=table.header, by=OPERATOR, at=now())
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
    command goes on where it was.
    """
    since, until = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    _check(since, until, speed, clock, rebase)
    found = city_of(city)
    recorded = recorded_at(facilities, place or found.name_sl)
    bookmark = _bookmark(city, counts, since, until, recorded, f"{clock}{rebase}")
    if restart:
        bookmark.forget()
    before = bookmark.read()
    switch_on(found.scope, module.name, by=OPERATOR, at=now())
    _import(found.scope, recorded, counts, since, until)
    shift = _shift(rebase, since, until, speed, bookmark)
    errors: list[RowError] = []
    follow = _clock_follower(found.scope, speed) if clock else lambda _at: None
    playing = Replay(
        client=connect(public=True, url=url or "", token=token or "", patience=120),
        tenant=city,
        bookmark=bookmark,
        present=bool(clock or rebase),
        shift=shift,
        speed=speed,
        told=_teller(since, until, follow),
    )
    began = time.monotonic()
    progress = playing.run(_observations(counts, since, until, recorded, city, errors))
    if clock:
        set_clock(found.scope, shown_at=until, speed=0.0, by=OPERATOR, at=now())
    seconds = time.monotonic() - began
    sent = progress.sent - before.sent
    click.echo(f"\n{sent} counts sent in {seconds:.1f} s ({progress.sent} in all), {len(errors)} rows left out")
    _tell_errors(errors)
    for refused in progress.refused[:SHOWN_ERRORS]:
        click.echo(f"  refused: {refused}", err=True)


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


def _import(scope: Scope, recorded: Recorded, counts: Path, since: datetime, until: datetime) -> None:
    """The facilities of the file, and those that are only counted: these have their code for a name."""
    _tell(import_facilities(scope, recorded.rows, header=recorded.header, by=OPERATOR, at=now()))
    counted = {row.code for row in counts_in(counts, since=since, until=until) if isinstance(row, CountRow)}
    with acting(OPERATOR, scope):
        known = {facility.code for facility in facilities_of()}
    unnamed = sorted(code for code in counted - known if recorded.has(code))
    if unnamed:
        save_facilities(scope, [FacilityFacts(code=code, name=code) for code in unnamed], by=OPERATOR, at=now())
        click.echo(f"counted but not in the facilities file, known by their code: {', '.join(unnamed)}")


def _shift(rebase: str | None, since: datetime, until: datetime, speed: float | None, bookmark: Bookmark) -> timedelta:
    """What is added to every time; kept beside the bookmark, so that a replay that goes on moves by the same."""
    if not rebase:
        return timedelta()
    kept = bookmark.path.with_suffix(".shift")
    if bookmark.path.exists() and kept.exists():
        return timedelta(seconds=float(kept.read_text()))
    shift = now() - (since if speed else until)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(shift.total_seconds()))
    return timedelta(seconds=float(kept.read_text()))


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


cli = {"parking import": import_file, "replay parking": replay}
