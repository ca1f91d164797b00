"""What parking does when something has happened: hub and search are told of each facility, the hub also of what gates
and sensors of single spaces add up to."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import NotFound
from simos.kernel.events import EntityChange, EntityChanged
from simos.modules.mobility.parking.events import CountCorrected, FacilityRemoved, FacilitySaved
from simos.modules.mobility.parking.formats.ngsild import entity_of, free_entity_of, groups_gone, groups_of
from simos.modules.mobility.parking.queries import facility_of
from simos.modules.mobility.parking.queries.sources import (
    facility_pointed_to,
    reckoned_by_gates,
    reckoned_by_spots,
)
from simos.modules.mobility.parking.rules.counting import Reckoned
from simos.modules.mobility.parking.search import KIND
from simos.modules.mobility.parking.values import FacilityFacts, Kind, Space, code_of, group_id_of, id_of
from simos.modules.mobility.parking.values.sources import ENTERED, GATE_TYPE, LEFT, SPOT_TYPE, STATUS
from simos.platform.search.actions import refresh
from simos.platform.things.door import reader
from simos.platform.things.publishing import publish


def tell_hub(event: FacilitySaved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the facility as the register has it now, with its kept spaces."""
    try:
        facility = facility_of(event.code)
    except NotFound:  # removed since: its own event takes it away
        return
    facts, city = facility.facts, scope.code
    area = facility.area.name_sl if facility.area else ""
    entities = [
        entity_of(facts, city, is_demo=facility.is_demo, area=area),
        *groups_of(facts, city, is_demo=facility.is_demo),
    ]
    publish(entities, scope=scope, order_key=event.code, gone=groups_gone(facts, city))


def take_from_hub(event: FacilityRemoved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the facility no more, nor its kept spaces."""
    groups = [group_id_of(scope.code, event.code, space) for space in Space]
    gone = [id_of(scope.code, event.code, Kind(event.kind)), *groups]
    publish((), scope=scope, order_key=event.code, gone=gone)


def tell_search(event: FacilitySaved | FacilityRemoved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The search is to find the facility as the register has it now, or no more."""
    refresh(KIND, (event.code,), scope=scope, by=by)


def count_gates(event: EntityChanged, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the free spaces that the gates of this one's facility add up to now."""
    _tell_gates(facility_pointed_to(reader(), scope.code, event.id), scope)


def count_corrected(event: CountCorrected, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have what the officer has said, and what the gates have counted since."""
    _tell_gates(facility_of(event.code).facts.entity_in(scope.code), scope)


def count_spots(event: EntityChanged, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the sum of the single spaces of this one's facility."""
    thing = facility_pointed_to(reader(), scope.code, event.id)
    if _facts_of(thing, scope):
        _tell(thing, reckoned_by_spots(reader(), scope.code, thing), scope)


def _tell_gates(thing: str, scope: Scope) -> None:
    facts = _facts_of(thing, scope)
    if facts is not None:
        _tell(thing, reckoned_by_gates(reader(), scope.code, thing, facts.capacity), scope)


def _facts_of(thing: str, scope: Scope) -> FacilityFacts | None:
    """What the register knows of the facility that is so called in the hub; None where it has none: nobody else's thing
    is written to."""
    try:
        facts: FacilityFacts = facility_of(thing.rsplit(":", 1)[-1]).facts
    except NotFound:
        return None
    return facts if thing == facts.entity_in(scope.code) else None


def _tell(thing: str, reckoned: tuple[Reckoned, datetime] | None, scope: Scope) -> None:
    """What is published is a function of what is known, and bears the time of the newest of it: done twice, late or out
    of order, the hub has the same."""
    if reckoned is not None:
        publish([free_entity_of(thing, *reckoned)], scope=scope, order_key=code_of(thing))


reactions = {
    FacilitySaved: (tell_hub, tell_search),
    FacilityRemoved: (take_from_hub, tell_search),
    CountCorrected: (count_corrected,),
    EntityChange(GATE_TYPE, frozenset({ENTERED, LEFT})): (count_gates,),
    EntityChange(SPOT_TYPE, frozenset({STATUS})): (count_spots,),
}
