"""What is known of the sources of counts: gates and single spaces in the hub, corrections in the register, and what
speaks for or against believing each."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from simos.hub.contexts import CORE
from simos.hub.query import parse_q
from simos.hub.store.base import EntityQuery, HistoryQuery, Reader
from simos.hub.values import Entity
from simos.kernel.clock import at_micros, micros_of
from simos.modules.mobility.parking.models import Correction, Facility
from simos.modules.mobility.parking.queries.facilities import AT_ONCE, facilities_of, sources_of, told_of
from simos.modules.mobility.parking.rules.counting import Gate, Reckoned, free_by_gates, free_by_spots
from simos.modules.mobility.parking.rules.trust import (
    WATCH,
    WEAK_BATTERY,
    CountedBy,
    Evidence,
    Trend,
    leap_in,
    trend_of,
)
from simos.modules.mobility.parking.values import FREE, Count, Kind, code_of
from simos.modules.mobility.parking.values.sources import (
    BATTERY,
    ENTERED,
    GATE_OF,
    GATE_TYPE,
    LEFT,
    SPOT_OF,
    SPOT_TYPE,
    STATUS,
)

_FREE, _STATUS, _BATTERY = CORE.expand(FREE), CORE.expand(STATUS), CORE.expand(BATTERY)
_TOTALS = (CORE.expand(ENTERED), CORE.expand(LEFT))
TREND_OVER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What speaks for or against a facility's source, which way it goes, and what the source says now."""

    evidence: Evidence
    trend: Trend | None


def correction_of(code: str) -> Correction | None:
    """The newest correction of a facility's count."""
    found: Correction | None = Correction.objects.filter(code=code).first()
    return found


def facility_pointed_to(reader: Reader, city: str, thing: str) -> str:
    """The facility (its name in the hub) to which a gate or single space belongs; '' where it does not say."""
    entity = reader.entity(city, thing)
    return _pointed_to(entity) if entity else ""


def _pointed_to(entity: Entity) -> str:
    for name in (GATE_OF, SPOT_OF):
        for instance in entity.attributes.get(CORE.expand(name), ()):
            if isinstance(found := instance.get("object"), str):
                return found
    return ""


def _things(reader: Reader, city: str, kind: str, of: str = "", facility: str = "") -> Iterator[Entity]:
    """The city's gates or single spaces, of one facility or of all."""
    condition = parse_q(f'{of}=="{facility}"', CORE) if facility else None
    for offset in itertools.count(0, AT_ONCE):
        query = EntityQuery(tenant=city, types=(CORE.expand(kind),), q=condition, limit=AT_ONCE, offset=offset)
        found = reader.entities(query).entities
        yield from found
        if len(found) < AT_ONCE:
            return


def reckoned_by_gates(
    reader: Reader, city: str, facility: str, capacity: int | None
) -> tuple[Reckoned, datetime] | None:
    """What a facility's gates make of it, and as of when; None where they say nothing, or cannot be reckoned with."""
    return _by_gates(reader, city, list(_things(reader, city, GATE_TYPE, GATE_OF, facility)), capacity)


def reckoned_by_spots(reader: Reader, city: str, facility: str) -> tuple[Reckoned, datetime] | None:
    """The sum of a facility's single spaces, and as of when; None where none of them says anything."""
    return _by_spots(list(_things(reader, city, SPOT_TYPE, SPOT_OF, facility)))


def _by_spots(spots: Sequence[Entity]) -> tuple[Reckoned, datetime] | None:
    said = [each for spot in spots for each in spot.attributes.get(_STATUS, ()) if "datasetId" not in each]
    times = [at for each in said if (at := _time_of(each))]
    return (free_by_spots(str(each.get("value")) for each in said), max(times)) if times else None


def _by_gates(
    reader: Reader, city: str, gates: Sequence[Entity], capacity: int | None
) -> tuple[Reckoned, datetime] | None:
    totals, times = _totals_now(gates)
    if capacity is None or not times:
        return None
    correction = correction_of(code_of(_pointed_to(gates[0])))
    before = _totals_before(reader, city, totals, correction.holds_from) if correction else {}
    counted = [
        Gate(
            entered=now.get(_TOTALS[0], 0),
            left=now.get(_TOTALS[1], 0),
            entered_before=before.get((gate, _TOTALS[0]), 0),
            left_before=before.get((gate, _TOTALS[1]), 0),
        )
        for gate, now in totals.items()
    ]
    reckoned = free_by_gates(counted, capacity=capacity, free_before=correction.free if correction else capacity)
    if reckoned is None:
        return None
    return reckoned, max([*times, *([correction.holds_from] if correction else [])])


def _totals_now(gates: Sequence[Entity]) -> tuple[Mapping[str, Mapping[str, int]], Sequence[datetime]]:
    totals: dict[str, dict[str, int]] = {}
    times: list[datetime] = []
    for gate in gates:
        for name in _TOTALS:
            for instance in gate.attributes.get(name, ()):
                value, at = instance.get("value"), _time_of(instance)
                if "datasetId" not in instance and isinstance(value, int | float) and value >= 0 and at:
                    totals.setdefault(gate.id, {})[name] = int(value)
                    times.append(at)
    return totals, times


def _totals_before(
    reader: Reader, city: str, totals: Mapping[str, Mapping[str, int]], at: datetime
) -> Mapping[tuple[str, str], int]:
    """The totals at `at`; of a gate that was not there then, the first that it told."""
    asked = HistoryQuery(tenant=city, entities=tuple(totals), attributes=_TOTALS, datasets=("",))
    first, last = replace(asked, first=1), replace(asked, until=micros_of(at) + 1, last=1)
    return {
        (point.entity, point.attribute): int(point.number)
        for query in (first, last)
        for point in reader.history(query)
        if point.number is not None
    }


def _time_of(instance: Mapping[str, object]) -> datetime | None:
    at = instance.get("observedAt") or instance.get("modifiedAt")
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def known_of_sources(reader: Reader, city: str, now: datetime) -> Mapping[str, Known]:
    """All that speaks for or against the source of each facility of the city in force, at its `now`, by code."""
    told, before = told_of(reader, city), sources_of()
    held = _held(reader, city, {thing: code for code, (thing, _) in told.items()}, now)
    gates, spots = _by_facility(reader, city, GATE_TYPE), _by_facility(reader, city, SPOT_TYPE)
    facilities = facilities_of()
    moved = {each.code: _moved(held.get(each.code, ()), each.capacity) for each in facilities}
    found = {}
    for facility in facilities:
        code, counts = facility.code, held.get(facility.code, ())
        others = [share for other, share in moved.items() if other != code and share is not None]
        count = told[code][1] if code in told else None
        evidence = _evidence(reader, city, facility, count, counts, gates.get(code, ()), spots.get(code, ()))
        source, correction = before.get(code), correction_of(code)
        evidence = replace(
            evidence,
            others=others,
            set_aside=bool(source and source.set_aside),
            corrected_at=correction.at if correction else None,
        )
        found[code] = Known(evidence=evidence, trend=_trend(counts, count, facility.capacity, now))
    return found


def _by_facility(reader: Reader, city: str, kind: str) -> Mapping[str, Sequence[Entity]]:
    found: dict[str, list[Entity]] = {}
    for thing in _things(reader, city, kind):
        if (facility := _pointed_to(thing)).count(":") == 4:
            found.setdefault(code_of(facility), []).append(thing)
    return found


Counts = Sequence[tuple[datetime, int]]


def _held(reader: Reader, city: str, codes: Mapping[str, str], now: datetime) -> Mapping[str, Counts]:
    """The counts of the last WATCH, by code; before them the one that held when it began, where there is one."""
    asked = HistoryQuery(tenant=city, entities=tuple(codes), attributes=(_FREE,), datasets=("",))
    began, until = micros_of(now - WATCH), micros_of(now) + 1
    found: dict[str, list[tuple[datetime, int]]] = {}
    for query in (replace(asked, until=began, last=1), replace(asked, since=began, until=until)):
        for point in reader.history(query) if codes else ():
            if point.number is not None:
                found.setdefault(codes[point.entity], []).append((at_micros(point.at), int(point.number)))
    return found


def _moved(counts: Counts, capacity: int | None) -> float | None:
    values = [free for _, free in counts]
    return (max(values) - min(values)) / capacity if values and capacity else None


def _trend(counts: Counts, count: Count | None, capacity: int | None, now: datetime) -> Trend | None:
    earlier = [free for at, free in counts if at <= now - TREND_OVER]
    return trend_of(count.free, earlier[-1], capacity) if count and earlier else None


def _evidence(
    reader: Reader,
    city: str,
    facility: Facility,
    count: Count | None,
    counts: Counts,
    gates: Sequence[Entity],
    spots: Sequence[Entity],
) -> Evidence:
    """What the facility's own things say."""
    totals, _ = _totals_now(gates)
    by_gates = _by_gates(reader, city, gates, facility.capacity) if totals else None
    by_spots = _by_spots(spots)
    # Stuck is what stood still all the while: that is known only where something held when WATCH began.
    values = [free for _, free in counts] if counts and count and counts[0][0] <= count.observed_at - WATCH else []
    return Evidence(
        counted_by=CountedBy.GATES if totals else CountedBy.SPOTS if by_spots else CountedBy.COUNTER,
        kind=Kind(facility.kind),
        capacity=facility.capacity,
        free=count.free if count else None,
        observed_at=count.observed_at if count else None,
        lowest=min(values, default=None),
        highest=max(values, default=None),
        leapt_at=leap_in(counts, facility.capacity),
        astray=by_gates[0].astray if by_gates else 0,
        restarted=bool(totals) and by_gates is None and facility.capacity is not None,
        spots=len(spots),
        unknown=by_spots[0].unknown if by_spots else 0,
        weak=sum(map(_is_weak, spots)),
    )


def _is_weak(spot: Entity) -> bool:
    levels = [each.get("value") for each in spot.attributes.get(_BATTERY, ())]
    return any(isinstance(level, int | float) and level < WEAK_BATTERY for level in levels)
