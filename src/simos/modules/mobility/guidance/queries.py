"""What is known of the panels of the city in force: from the register, from the hub what they report, from parking what
they serve. Changes nothing."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simos.hub.contexts import CORE
from simos.hub.store.base import EntityQuery, Reader
from simos.hub.values import Entity, Instance
from simos.kernel.errors import NotFound
from simos.modules.mobility.guidance.models import HandText, Panel, PanelState, pages_in
from simos.modules.mobility.guidance.rules.content import Sources
from simos.modules.mobility.guidance.values import (
    GROUP,
    HEARTBEAT,
    REPORT,
    SHOWN,
    STATUS,
    Condition,
    Known,
    Override,
    Pages,
    PanelFacts,
    Report,
    code_of,
    report_of,
)
from simos.modules.mobility.parking.public import FacilityNow, State, areas_now, facilities_now
from simos.platform.scopes.models import City

_REPORT = CORE.expand(REPORT)
_SHOWN, _STATUS, _HEARTBEAT = map(CORE.expand, (SHOWN, STATUS, HEARTBEAT))
AT_ONCE = 1000
"""Things that are read from the hub in one go."""
OFFLINE = "offline"
"""What a panel's last will says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelNow:
    """A panel as it stands. `confirmed` None: it never said what it shows. `by_hand`: the officer's text in force.

    `version` and `hand_version` are those of the panel's facts and of what was written by hand (0: never).
    """

    facts: PanelFacts
    is_demo: bool
    version: int
    wanted: Pages
    wanted_at: datetime | None
    confirmed: Pages | None
    condition: Condition
    since: datetime | None
    by_hand: Override | None
    hand_version: int

    @property
    def is_as_wanted(self) -> bool:
        """Whether what one sees there is surely what is wanted."""
        return self.condition is Condition.WORKING and self.confirmed == self.wanted


def panels_of() -> Sequence[Panel]:
    """All panels of the city in force by code, each with its state and hand text where it has them."""
    return list(Panel.objects.select_related("state", "hand_text"))


def panel_of(code: str) -> Panel:
    """The panel of the city in force; NotFound."""
    try:
        found: Panel = Panel.objects.select_related("state", "hand_text").get(code=code)
    except Panel.DoesNotExist:
        raise NotFound(f"there is no panel {code!r} here") from None
    return found


def state_of(panel: Panel) -> PanelState | None:
    """What was last found out about the panel."""
    found: PanelState | None = getattr(panel, "state", None)
    return found


def hand_text_of(panel: Panel) -> HandText | None:
    """What was last written on it by hand, in force or not."""
    found: HandText | None = getattr(panel, "hand_text", None)
    return found


def standing_of(panel: Panel, at: datetime) -> PanelNow:
    """The panel as it stands at `at`."""
    state, hand = state_of(panel), hand_text_of(panel)
    blank = tuple("" for _ in panel.facts.lines)
    return PanelNow(
        facts=panel.facts,
        is_demo=panel.is_demo,
        version=panel.version,
        wanted=state.is_to_show.pages if state else (blank,),
        wanted_at=state.wanted_at if state else None,
        confirmed=state.is_shown if state else None,
        condition=Condition(state.condition) if state else Condition.UNSEEN,
        since=state.condition_since if state else None,
        by_hand=hand.override if hand and at < hand.until else None,
        hand_version=hand.version if hand else 0,
    )


def panels_now(at: datetime) -> Sequence[PanelNow]:
    """All panels of the city in force by code, as they stand at `at`."""
    return [standing_of(panel, at) for panel in panels_of()]


def faulty_panels() -> int:
    """How many panels of the city in force have failed."""
    found: int = PanelState.objects.filter(condition__in=[each for each in Condition if each.is_fault]).count()
    return found


def facilities_of(reader: Reader, city: City) -> Sequence[FacilityNow]:
    """What parking knows of its facilities just now."""
    return facilities_now(reader, city)


def sources_of(facilities: Sequence[FacilityNow]) -> Sources:
    """What panels may say of the facilities, and of the areas that they make up, by the names that lines use."""
    known = {each.code: _known(each) for each in facilities}
    areas = {
        f"{GROUP}{area.code}": tuple(known[code] for code in area.facilities if code in known)
        for area in areas_now(facilities)
    }
    return {code: (each,) for code, each in known.items()} | areas


def _known(facility: FacilityNow) -> Known:
    return Known(
        code=facility.code,
        name=facility.name,
        place=facility.place,
        capacity=facility.capacity,
        free=facility.free,
        observed_at=facility.observed_at,
        closed=facility.state is State.CLOSED,
    )


def reports_of(reader: Reader, city: str) -> Mapping[str, Report]:
    """What each panel of the city last said of itself, by code."""
    return {code_of(entity.id): _report(entity) for entity in _reporting(reader, city)}


def _reporting(reader: Reader, city: str) -> Iterator[Entity]:
    for offset in itertools.count(0, AT_ONCE):
        found = reader.entities(EntityQuery(tenant=city, types=(_REPORT,), limit=AT_ONCE, offset=offset)).entities
        yield from (entity for entity in found if entity.id.startswith(report_of(city, "")))
        if len(found) < AT_ONCE:
            return


def _report(entity: Entity) -> Report:
    """The hub's own times: a panel's clock may be wrong. Offline is it only while nothing was heard of it since."""
    heard = {name: _heard_at(_one(entity, name)) for name in (_SHOWN, _STATUS, _HEARTBEAT)}
    last = max((at for at in heard.values() if at is not None), default=None)
    offline = _value(_one(entity, _STATUS)) == OFFLINE and heard[_STATUS] == last
    shown = _value(_one(entity, _SHOWN))
    pages = pages_in(shown.get("pages")) if isinstance(shown, dict) else None
    return Report(shown=pages, heard_at=last, offline=offline)


def _one(entity: Entity, attribute: str) -> Instance | None:
    return next((each for each in entity.attributes.get(attribute, ()) if "datasetId" not in each), None)


def _value(instance: Instance | None) -> Any:
    return instance.get("value") if instance else None


def _heard_at(instance: Instance | None) -> datetime | None:
    at = (instance.get("modifiedAt") or instance.get("observedAt")) if instance else None
    return datetime.fromisoformat(at) if at else None
