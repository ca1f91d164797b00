"""What parking shows on a city's home: free spaces in all facilities that have a fresh count."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simos.modules.mobility.parking.queries import counts_of, facilities_of
from simos.modules.mobility.parking.rules.counts import state_of
from simos.modules.mobility.parking.values import State
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.tiles import Tile


def tiles(city: City) -> Iterable[Tile]:
    """One tile; none where the city has no facility."""
    facilities = facilities_of()
    if not facilities:
        return
    now, counts = now_in(city), counts_of(reader(), city.code)
    states = [(counts.get(each.code), state_of(counts.get(each.code), each.capacity, now)) for each in facilities]
    fresh = [count for count, state in states if count and state not in (State.STALE, State.UNKNOWN)]
    where = ngettext("in %(number)s car park", "in %(number)s car parks", len(fresh)) % {"number": len(fresh)}
    yield Tile(
        title=_("Free parking spaces"),
        value=sum(count.free for count in fresh) if fresh else None,
        about=where if fresh else "",
        address=reverse("mobility_parking:facilities", kwargs={"city": city.code}),
        observed_at=min((count.observed_at for count in fresh), default=None),
        demo=any(facility.is_demo for facility in facilities),
    )
