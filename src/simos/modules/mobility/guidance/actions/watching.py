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
from simos.modules.mobility.guidance.rules.verdict import condition_of, differing_since, wanted_before
from simos.modules.mobility.guidance.values import ORDER, Condition, Earlier, Pages, Report, Wanted
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
    earlier: Sequence[Earlier]
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
        found = (self.wanted, self.confirmed, self.differs_since, str(self.condition))
        return _known(self.before) != found

    def follows(self, stored: PanelState | None) -> bool:
        """Whether what is stored is still what this look began with."""
        if stored is None or self.before is None:
            return stored is self.before
        return (_known(stored), stored.wanted_at) == (_known(self.before), self.before.wanted_at)


def _known(state: PanelState) -> tuple[object, ...]:
    return state.is_to_show, state.is_shown, state.differs_since, state.condition


def look_after(scope: Scope, *, listening: datetime, by: Actor, at: datetime) -> Sequence[str]:
    """What is stored of every panel of the city is what follows from counts, hand texts and reports at `at`.

    `listening`: since when the platform has heard panels without a break; whoever does not know says `at`, and finds no
    new faults.

    Gives the codes of those of which something has changed; the hub is told of them, and faults and recoveries have an
    audit record and an event. Looks without a lock, and keeps what it has found only of panels that nobody else has
    looked after meanwhile: the next look finds the rest.
    """
    with acting(by, scope):
        news = [each for each in _look(city_of(scope.code), listening, at) if each.is_news]
        if not news:
            return ()
        with transaction.atomic():
            City.objects.select_for_update(no_key=True).get(code=scope.code)
            panels = [each.panel for each in news]
            there = set(Panel.objects.filter(pk__in=[each.pk for each in panels]).values_list("pk", flat=True))
            stored = {each.panel_id: each for each in PanelState.objects.filter(panel__in=panels)}
            news = [each for each in news if each.panel.pk in there and each.follows(stored.get(each.panel.pk))]
            _keep(news, scope, by=by, at=at)
        return tuple(each.panel.code for each in news)


def _look(city: City, listening: datetime, at: datetime) -> Iterator[Found]:
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
        earlier = before.was_to_show if before else ()
        if before and not same:
            earlier = wanted_before(earlier, before.is_to_show.pages, at)
        report = reports.get(panel.code, Report())
        known_since = before.differs_since if before else None
        differs = differing_since(wanted.pages, earlier, report, known_since, at, listening=listening)
        was = Condition(before.condition) if before else None
        yield Found(
            panel=panel,
            before=before,
            wanted=wanted,
            wanted_at=wanted_at,
            earlier=earlier,
            confirmed=report.shown,
            differs_since=differs,
            condition=condition_of(report, differs, at, listening=listening, before=was),
        )


def _keep(news: Sequence[Found], scope: Scope, *, by: Actor, at: datetime) -> None:
    states = [(each, each.before or PanelState(panel=each.panel)) for each in news]
    turned = [each for each in news if each.has_turned]
    failed_before = {each.panel.pk for each, state in states if Condition(state.condition).is_fault}
    for each, state in states:
        state.take(
            each.wanted,
            wanted_at=each.wanted_at,
            earlier=each.earlier,
            confirmed=each.confirmed,
            differs_since=each.differs_since,
            condition=each.condition,
            since=at if each.has_turned else state.condition_since,
        )
    PanelState.objects.bulk_create([state for each, state in states if each.before is None])
    PanelState.objects.bulk_update([state for each, state in states if each.before], PanelState.TAKEN)
    publish([_told(each, state, scope, at) for each, state in states], scope=scope, order_key=ORDER)
    for each in turned:
        code = each.panel.code
        data = {"code": code, "condition": str(each.condition)}
        if each.condition.is_fault:
            record("panel-failed", obj=each.panel, by=by, scope=scope, at=at, data=data)
            emit(PanelFailed(code=code, condition=str(each.condition)), scope=scope, by=by, at=at)
        elif each.panel.pk in failed_before:
            record("panel-recovered", obj=each.panel, by=by, scope=scope, at=at, data=data)
            emit(PanelRecovered(code=code), scope=scope, by=by, at=at)


def _told(found: Found, state: PanelState, scope: Scope, at: datetime) -> Mapping[str, Any]:
    return content_entity(
        found.panel.code,
        scope.code,
        wanted=found.wanted.pages,
        wanted_at=found.wanted_at,
        confirmed=found.confirmed,
        condition=found.condition,
        since=state.condition_since,
        at=at,
    )
