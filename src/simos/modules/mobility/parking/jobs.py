"""Parking's scheduled work: sources looked at each minute, forecasts every few minutes, learning each day, judging
each hour. Decides nothing.

What learns is loaded when it is needed: this file is read wherever jobs are only listed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simos.kernel.acting import Actor, Scope
from simos.kernel.ids import entity_id
from simos.modules.mobility.parking.actions.sources import judge_sources
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.queries.sources import known_of_sources
from simos.modules.mobility.parking.rules.forecasts import CHANCE, FORECAST_TYPE, Forecast
from simos.platform.jobs.values import Job
from simos.platform.scopes.queries import city_of, now_in
from simos.platform.things.door import hub, reader

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def forecast(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The counts so far are kept on the grid, every facility is forecast, and the hub has the forecasts."""
    from simos.modules.mobility.parking.actions.days import keep_days
    from simos.modules.mobility.parking.actions.forecasts import make_forecasts

    keep_days(scope, reader(), by=by, at=at)
    if made := make_forecasts(scope, by=by, at=at):
        sites = {facility.code: facility.facts.entity_in(scope.code) for facility in facilities_of()}
        hub().upsert(scope.code, [entity_of(each, scope.code, sites[each.code]) for each in made])


def entity_of(forecast: Forecast, city: str, site: str) -> Mapping[str, Any]:
    """The forecast as an NGSI-LD entity of its own, which points to that of the facility, `site`."""
    made_at = _stamp(forecast.made_at)
    expected = [
        {"at": _stamp(forecast.made_at + each.minutes * MINUTE)}
        | {"minutes": each.minutes, "free": each.middle, "low": each.low, "high": each.high}
        for each in forecast.expected
    ]
    values = {
        "expected": expected,
        "chance": CHANCE,
        "method": "model" if forecast.learnt else "baseline",
        "modelVersion": forecast.model or "drift",
    }
    return {
        "id": entity_id(FORECAST_TYPE, city, forecast.code),
        "type": FORECAST_TYPE,
        "refParkingSite": {"type": "Relationship", "object": site},
    } | {name: {"type": "Property", "value": value, "observedAt": made_at} for name, value in values.items()}


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def learn(scope: Scope, *, by: Actor, at: datetime) -> None:
    """Once a day the city's model is learnt anew; where there is none yet, as soon as its history allows."""
    from simos.modules.mobility.parking.actions.forecasts import is_due, learn

    if is_due(scope, by=by, at=at):
        learn(scope, by=by, at=at)


def judge(scope: Scope, *, by: Actor, at: datetime) -> None:
    """Forecasts are judged by what came; what is past its time is gone."""
    from simos.modules.mobility.parking.actions.days import forget_days
    from simos.modules.mobility.parking.actions.forecasts import forget_forecasts, judge_forecasts

    judge_forecasts(scope, by=by, at=at)
    forget_forecasts(scope, by=by, at=at)
    forget_days(scope, by=by, at=at)


def mend(scope: Scope, *, by: Actor, at: datetime) -> None:
    """Counts that came late are taken into the days that they belong to."""
    from simos.modules.mobility.parking.actions.days import mend_days

    mend_days(scope, reader(), by=by, at=at)


def look_at_sources(scope: Scope, *, by: Actor, at: datetime) -> None:
    """Whether each source of counts can be believed stands written as it is now, by the city's own clock."""
    now = now_in(city_of(scope.code))
    judge_sources(scope, known_of_sources(reader(), scope.code, now), by=by, at=now)


jobs = (
    Job(name="look-at-sources", handler=look_at_sources, every=MINUTE, deadline=MINUTE),
    Job(name="forecast", handler=forecast, every=5 * MINUTE, deadline=5 * MINUTE, outside=True),
    Job(name="learn-forecasts", handler=learn, every=10 * MINUTE, deadline=10 * MINUTE, outside=True),
    Job(name="judge-forecasts", handler=judge, every=HOUR, deadline=HOUR, outside=True),
    Job(name="mend-days", handler=mend, every=24 * HOUR, deadline=6 * HOUR, outside=True),
)
