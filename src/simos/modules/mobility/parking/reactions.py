"""What parking does when something has happened: the hub and the search are told of each facility."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import NotFound
from simos.modules.mobility.parking.events import FacilityRemoved, FacilitySaved
from simos.modules.mobility.parking.formats.ngsild import entity_of, groups_gone, groups_of
from simos.modules.mobility.parking.queries import facility_of
from simos.modules.mobility.parking.search import KIND
from simos.modules.mobility.parking.values import Kind, Space, group_id_of, id_of
from simos.platform.search.actions import refresh
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


reactions = {FacilitySaved: (tell_hub, tell_search), FacilityRemoved: (take_from_hub, tell_search)}
