"""Forecasts judged after a replay or an import of history, so that the accuracy pages tell of it. Holds no rule."""

from datetime import UTC, datetime

import click

from simos.kernel.acting import Actor, Channel
from simos.platform.scopes.queries import city_of
from simos.platform.things.door import reader

OPERATOR = Actor.system("simos", Channel.CLI)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.command()
@click.option("--city", required=True, help="Code of the city.")
@click.option("--from", "since", required=True, type=DAY, help="First day (UTC) that is judged.")
@click.option("--to", "until", required=True, type=DAY, help="Day at whose beginning it ends (UTC).")
def judge(city: str, since: datetime, until: datetime) -> None:
    """Judge forecasts of past days as if it had been then, by the city's history in the hub.

    What came before --from is learnt from. Forecasts that were made at the time keep their verdict.
    """
    from simos.modules.mobility.parking.actions.days import mend_days  # numpy: loaded where it is needed
    from simos.modules.mobility.parking.actions.forecasts import judge_past

    since, until = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    if since >= until:
        raise click.BadParameter("--from is before --to")
    scope = city_of(city).scope
    click.echo(f"{mend_days(scope, reader(), by=OPERATOR, at=until)} days taken from the hub's history")
    found = judge_past(scope, since=since, until=until, by=OPERATOR)
    for minutes, score in found.scores().items():
        if (told := score.as_json())["points"]:
            click.echo(
                f"{minutes} minutes: error {told['model_mae_pct']:.1f} %, baseline {told['drift_mae_pct']:.1f} %, "
                f"{told['interval_coverage']:.0f} of 100 intervals held ({told['points']} forecasts)"
            )
    if found.why_not:
        click.echo(f"no model: {WHY_NOT[found.why_not]}")


WHY_NOT = {
    "short": "three weeks of counts before --from are needed",
    "seldom": "there are too few counts before --from",
    "baseline": "what was learnt was no better than the usual change of the weekday",
}
