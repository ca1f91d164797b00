"""Finding out what every panel is to show and how it is, from what is stored. Done again, it changes nothing.

There is nothing to be lost: killed at any moment, the next look finds the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.modules.mobility.guidance.events import PanelFailed, PanelRecovered
from simos.modules.mobility.guidance.models import Panel, PanelState
from simos.modules.mobility.guidance.queries import (
    facilities_of,
    hand_text_of,
    panels_of,
    reports_of,
    sources_of,
    state_of,
)
from simos.modules.mobility.guidance.rules.content import wanted_of
from simos.modules.mobility.guidance.rules.entities import content_entity
from simos.modules.mobility.guidance.rules.verdict import condition_of, differing_since
from simos.modules.mobility.guidance.values import ORDER, Condition, Pages, Report, Wanted
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import city_of, now_in
from simos.platform.things.door import reader
from simos.platform.things.publishing import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look at a panel has found, beside what was known."""

    panel: Panel
    before: PanelState | None
    wanted: Wanted
    wanted_at: datetime
    confirmed: Pages | None
    differs_since: datetime | None
    condition: Condition

    @property
    def has_turned(self) -> bool:
        """Whether its condition is another than before."""
        return self.before is None or self.before.condition != str(self.condition)

    @property
    def is_news(self) -> bool:
        if self.before is None:
            return True
        known = (self.before.is_to_show, self.before.is_shown, self.before.differs_since, self.before.condition)
        return known != (self.wanted, self.confirmed, self.differs_since, str(self.condition))


def look_after(scope: Scope, *, by: Actor, at: datetime) -> Sequence[str]:
    """What is stored of every panel of the city is what follows from counts, hand texts and reports at `at`.

    Gives the codes of those of which something has changed; the hub is told of them, and faults and recoveries have an
    audit record and an event. Takes no lock where nothing has changed.
    """
    with acting(by, scope):
        if not any(each.is_news for each in _look(city_of(scope.code), at)):
            return ()
        with transaction.atomic():
            city = City.objects.select_for_update(no_key=True).get(code=scope.code)
            news = [each for each in _look(city, at) if each.is_news]
            publish([_told(each, scope, at) for each in news], scope=scope, order_key=ORDER)
            for each in news:
                _keep(each, scope, by=by, at=at)
        return tuple(each.panel.code for each in news)


def _look(city: City, at: datetime) -> Iterator[Found]:
    """The present is the city's for counts, and ours for panels."""
    panels = panels_of()
    if not panels:
        return
    sources, reports = sources_of(facilities_of(reader(), city)), reports_of(reader(), city.code)
    present = now_in(city)
    for panel in panels:
        before, hand = state_of(panel), hand_text_of(panel)
        by_hand = hand.override if hand and at < hand.until else None
        full = before.is_to_show.full if before else frozenset[int]()
        wanted = wanted_of(panel.facts, sources, present, full=full, by_hand=by_hand)
        same = before is not None and before.is_to_show.pages == wanted.pages
        wanted_at = before.wanted_at if before and same else at
        report = reports.get(panel.code, Report())
        known_since = before.differs_since if before else None
        differs = differing_since(wanted.pages, wanted_at, report, known_since)
        yield Found(
            panel=panel,
            before=before,
            wanted=wanted,
            wanted_at=wanted_at,
            confirmed=report.shown,
            differs_since=differs,
            condition=condition_of(report, differs, at),
        )


def _keep(found: Found, scope: Scope, *, by: Actor, at: datetime) -> None:
    state = found.before or PanelState(panel=found.panel)
    was = Condition(state.condition)
    turned = found.has_turned
    state.wanted, state.full = [list(page) for page in found.wanted.pages], sorted(found.wanted.full)
    state.by_hand, state.wanted_at = found.wanted.by_hand, found.wanted_at
    state.confirmed = None if found.confirmed is None else [list(page) for page in found.confirmed]
    state.differs_since = found.differs_since
    if turned:
        state.condition, state.condition_since = found.condition, at
    state.save()
    if not turned or found.before is None:
        return
    code, data = found.panel.code, {"condition": str(found.condition)}
    if found.condition.is_fault:
        record("panel-failed", obj=found.panel, by=by, scope=scope, at=at, data=data)
        emit(PanelFailed(code=code, condition=str(found.condition)), scope=scope, by=by, at=at)
    elif was.is_fault:
        record("panel-recovered", obj=found.panel, by=by, scope=scope, at=at, data=data)
        emit(PanelRecovered(code=code), scope=scope, by=by, at=at)


def _told(found: Found, scope: Scope, at: datetime) -> Mapping[str, Any]:
    return content_entity(
        found.panel.code,
        scope.code,
        wanted=found.wanted.pages,
        wanted_at=found.wanted_at,
        confirmed=found.confirmed,
        condition=found.condition,
        since=at if found.has_turned or found.before is None else found.before.condition_since,
        at=at,
    )
