"""What parking does when something has happened: the hub and the search are told of each facility."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.modules.mobility.parking.events import FacilitySaved
from simos.modules.mobility.parking.formats import entity_of
from simos.modules.mobility.parking.queries import facility_of
from simos.modules.mobility.parking.search import KIND
from simos.platform.search.actions import refresh
from simos.platform.things.publishing import publish


def tell_hub(event: FacilitySaved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the facility as the register has it now."""
    facility = facility_of(event.code)
    publish([entity_of(facility.facts, scope.code, is_demo=facility.is_demo)], scope=scope, order_key=event.code)


def tell_search(event: FacilitySaved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The search is to find the facility as the register has it now."""
    refresh(KIND, (event.code,), scope=scope, by=by)


reactions = {FacilitySaved: (tell_hub, tell_search)}
