"""Forecasts judged on recorded counts, on the command line. Needs neither register nor hub, and changes nothing."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simos.kernel.errors import Invalid
from simos.modules.mobility.parking.feeds import capacities_in, counted_in, places_of, table_in

if TYPE_CHECKING:
    from simos.modules.mobility.parking.rules.grid import Panel

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
HORIZON_STEP, HORIZON_LIMIT = 15, 12 * 60
SHOWN_ERRORS = 5


def _horizons(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, ...]:
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or any(each % HORIZON_STEP or not 0 < each <= HORIZON_LIMIT for each in found):
        raise click.BadParameter(f"minutes such as 30,60,120: multiples of {HORIZON_STEP} up to {HORIZON_LIMIT}")
    return found


def _tell(text: str) -> None:
    click.echo(text, err=True)


@click.command()
@click.option("--facilities", required=True, type=FILE, help="CSV of the facilities, with their place and capacity.")
@click.option("--counts", required=True, type=FILE, help="CSV (may be .gz): timestamp_utc,place_id,free.")
@click.option("--train-to", required=True, type=DAY, help="Instant (UTC) up to which is learnt.")
@click.option("--test-to", required=True, type=DAY, help="Instant (UTC) up to which forecasts are judged.")
@click.option("--horizons", default="30,60,120", show_default=True, callback=_horizons, help="Minutes ahead.")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 64), help="Processors to learn with.")
@click.option("--json", "as_json", is_flag=True, help="The result as one line of JSON on stdout.")
def backtest(
    facilities: Path,
    counts: Path,
    train_to: datetime,
    test_to: datetime,
    horizons: tuple[int, ...],
    threads: int,
    as_json: bool,
) -> None:
    """Forecast recorded free spaces as if it were then, beside both baselines.

    Learns from what lies before --train-to and forecasts at every quarter of an hour (06-19 UTC) up to --test-to,
    never looking at anything later than the instant of the forecast. Progress goes to stderr.
    """
    from simos.modules.mobility.parking.rules.backtest import backtest as judge  # numpy: loaded where it is needed

    train_to, test_to = train_to.replace(tzinfo=UTC), test_to.replace(tzinfo=UTC)
    if train_to >= test_to:
        raise click.BadParameter("--train-to is before --test-to")
    panel, without = _panel(facilities, counts, train_to, test_to)
    outcome = judge(
        panel, train_to=train_to, test_to=test_to, horizons=horizons, left_out=without, threads=threads, told=_tell
    )
    found = outcome.as_json()
    if as_json:
        click.echo(json.dumps(found))
    else:
        _show(found)


def _panel(facilities: Path, counts: Path, train_to: datetime, test_to: datetime) -> tuple["Panel", int]:
    """The counts on the grid, and how many facilities have no capacity, neither in the file nor by their counts."""
    import numpy as np

    from simos.modules.mobility.parking.rules.grid import STEP, capacity_of, grid_start, panel_of

    table = table_in(facilities)
    said, errors = capacities_in(table)
    _tell(f"reading {counts.name}")
    recorded = counted_in(counts)
    for error in (*errors, *recorded.errors)[:SHOWN_ERRORS]:
        _tell(f"  {error}")
    if left := len(errors) + recorded.left_out:
        _tell(f"{left} rows left out")
    series = {
        code: (np.frombuffer(times, dtype=np.int64), np.frombuffer(free, dtype=np.int64))
        for code, (times, free) in recorded.series.items()
    }
    first = min((int(times[0]) for times, _ in series.values()), default=int(test_to.timestamp()))
    if first >= train_to.timestamp():
        raise Invalid(f"{counts.name} has no counts before {train_to:%Y-%m-%d}, from which could be learnt")
    start = grid_start(datetime.fromtimestamp(first, UTC))
    capacities = {code: said.get(code) or capacity_of(counted, until=train_to) for code, counted in series.items()}
    points = (int(test_to.timestamp()) - start) // STEP
    panel = panel_of(series, capacities, places_of(table, series), start=start, points=points)
    return panel, len(series) - len(panel.codes)


def _show(found: Any) -> None:
    """A table for people: errors in percent of the capacity, for all and for each place."""
    places = {"all": found} | found["places"]
    click.echo(f"{found['facilities']} facilities, {found['left_out']} left out, learnt in {found['train_seconds']} s")
    click.echo(f"{'place':<20}{'min':>5}{'model':>9}{'drift':>9}{'nothing':>9}{'of drift':>10}{'interval':>10}{'n':>9}")
    for place, judged in places.items():
        for horizon, score in judged["horizons"].items():
            if not score["points"]:
                continue
            model, drift = score["model_mae_pct"], score["drift_mae_pct"]
            click.echo(
                f"{place[:19]:<20}{horizon:>5}{model:>8.2f}%{drift:>8.2f}%{score['persistence_mae_pct']:>8.2f}%"
                f"{model / drift if drift else 1:>10.3f}{score['interval_coverage']:>9.1f}%{score['points']:>9}"
            )
    sys.stdout.flush()
