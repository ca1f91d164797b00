"""What other modules may ask of parking: facilities and areas, with what a driver would be told of them just now.

Frozen values of the city in force; changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from simos.hub.store.base import Reader
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.queries import areas_of, counts_of, facilities_of, opening_of
from simos.modules.mobility.parking.rules.counts import few_for, most_for, state_of
from simos.modules.mobility.parking.values import Count, Entrance, FacilityFacts, Kind, State
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in

__all__ = ["AreaNow", "Entrance", "FacilityNow", "Kind", "Point", "State", "areas_now", "facilities_now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityNow:
    """A facility and what a driver would be told of it. `entity` names it in the hub, `area` is its area's code.

    `free` is None unless the count is fresh and the facility open: nothing that misleads is given. `few`: from so many
    free spaces down they count as few; up to `most` can be so. `doubted`: the source of its counts is wrong or silent
    so that what comes from it is not to be shown. `closed_why` is the office's reason, None where it is only
    outside its hours; `changes_at`: when it opens or closes next, where that is known.
    """

    code: str
    name: str
    kind: Kind
    entity: str
    area: str
    place: Point | None
    entrances: tuple[Entrance, ...]
    capacity: int | None
    height_cm: int | None
    state: State
    free: int | None
    few: int
    most: int | None
    observed_at: datetime | None
    doubted: bool
    closed_why: Text | None
    changes_at: datetime | None
    is_demo: bool

    @property
    def live(self) -> bool:
        """Whether a number that comes now may be shown: not while it is closed or its source doubted."""
        return self.state is not State.CLOSED and not self.doubted


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaNow:
    """An area and its facilities. `free` are the spaces of those that are open and freshly counted; None where there
    are none such. `counted` of the `facilities` are in it, `capacity` are theirs where all say it."""

    code: str
    name: Text
    facilities: tuple[str, ...]
    counted: int
    free: int | None
    capacity: int | None
    state: State
    observed_at: datetime | None


def facilities_now(reader: Reader, city: City) -> Sequence[FacilityNow]:
    """All facilities of the city in force, by name, at its present. `reader` is of the hub (`things.door.reader()`)."""
    now, counts = now_in(city), counts_of(reader, city.code)
    return [
        standing_of(each.facts, counts.get(each.code), city=city, now=now, is_demo=each.is_demo)
        for each in facilities_of()
    ]


def standing_of(facts: FacilityFacts, count: Count | None, *, city: City, now: datetime, is_demo: bool) -> FacilityNow:
    """One facility at `now`, by its count."""
    opening = opening_of(facts, now, zone=city.time_zone)
    state = state_of(count, facts.capacity, now) if opening.open else State.CLOSED
    fresh = count if state in (State.FREE, State.FEW, State.FULL) else None
    return FacilityNow(
        code=facts.code,
        name=facts.name,
        kind=facts.kind,
        entity=facts.entity_in(city.code),
        area=facts.area,
        place=facts.place,
        entrances=facts.entrances,
        capacity=facts.capacity,
        height_cm=facts.height_cm,
        state=state,
        free=max(0, fresh.free) if fresh else None,
        few=few_for(facts.capacity),
        most=most_for(facts.capacity) if facts.capacity is not None else None,
        observed_at=count.observed_at if count else None,
        doubted=bool(count and count.doubted),
        closed_why=opening.reason,
        changes_at=opening.changes_at,
        is_demo=is_demo,
    )


def areas_now(facilities: Sequence[FacilityNow]) -> Sequence[AreaNow]:
    """The areas of the city in force, by name, from its `facilities_now`."""
    by_area: dict[str, list[FacilityNow]] = {}
    for facility in facilities:
        by_area.setdefault(facility.area, []).append(facility)
    return [_area(area.code, area.facts.name, by_area.get(area.code, [])) for area in areas_of()]


def _area(code: str, name: Text, facilities: Sequence[FacilityNow]) -> AreaNow:
    counted = [each for each in facilities if each.free is not None]
    capacities = [each.capacity for each in counted if each.capacity is not None]
    capacity = sum(capacities) if counted and len(capacities) == len(counted) else None
    free = sum(each.free or 0 for each in counted) if counted else None
    observed_at = min((each.observed_at for each in counted if each.observed_at), default=None)
    return AreaNow(
        code=code,
        name=name,
        facilities=tuple(each.code for each in facilities),
        counted=len(counted),
        free=free,
        capacity=capacity,
        state=_state(facilities, free, capacity),
        observed_at=observed_at,
    )


_WITHOUT_COUNT: Mapping[bool, State] = {True: State.CLOSED, False: State.UNKNOWN}


def _state(facilities: Sequence[FacilityNow], free: int | None, capacity: int | None) -> State:
    """Full only where every open facility is counted: what is silent may have spaces."""
    if free is None:
        return _WITHOUT_COUNT[bool(facilities) and all(each.state is State.CLOSED for each in facilities)]
    silent = any(each.free is None and each.state is not State.CLOSED for each in facilities)
    if free <= 0:
        return State.UNKNOWN if silent else State.FULL
    return State.FEW if free <= few_for(capacity) else State.FREE
