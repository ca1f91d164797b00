"""The devices of one facility as their makers build them: a counter, gates, or sensors of single spaces. Know no wire.

Each is told what is truly free and says what it makes of that, as NGSI-LD entities: when something has changed, and now
and then when nothing has, since silence would look like a fault.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from simos.kernel.ids import entity_id
from simos.modules.mobility.parking.rules.counting import SpotStatus
from simos.modules.mobility.parking.values import FREE, FacilityFacts, Kind, Way
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

AGAIN = timedelta(minutes=5)
FEW_SPACES = 60
"""A car park of so many spaces at most has a sensor in each."""

Said = Sequence[dict[str, Any]]


class Device(Protocol):
    """What counts a facility's spaces."""

    def says(self, free: int, at: datetime) -> Said:
        """What there is to be said when so many spaces are truly free at `at`."""


def _seen(value: object, at: datetime) -> dict[str, Any]:
    return {"type": "Property", "value": value, "observedAt": at.isoformat().replace("+00:00", "Z")}


@dataclass(slots=True)
class Counter:
    """Somebody's system that knows how many spaces are free."""

    city: str
    facts: FacilityFacts
    said: tuple[int, datetime] | None = None

    def says(self, free: int, at: datetime) -> Said:
        if self.said and self.said[0] == free and at - self.said[1] < AGAIN:
            return ()
        self.said = (free, at)
        return [{"id": self.facts.entity_in(self.city), "type": self.facts.type, FREE: _seen(free, at)}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate's running totals, and when it last told them."""

    id: str
    way: Way
    entered: int = 0
    left: int = 0
    said_at: datetime | None = None


@dataclass(slots=True)
class Gates:
    """The gates of a facility, which count cars. `inside`: the cars that are truly there.

    `misses`: of the cars that come in, each second one is not seen.
    """

    city: str
    facts: FacilityFacts
    gates: tuple[Gate, ...]
    inside: int = 0
    misses: bool = False
    _came: int = field(default=0, init=False)

    def says(self, free: int, at: datetime) -> Said:
        came = (self.facts.capacity or 0) - free - self.inside
        self.inside += came
        if came > 0:
            self._count("entered", self._seen_of(came))
        elif came < 0:
            self._count("left", -came)
        due = [each.said_at is None or at - each.said_at >= AGAIN for each in self.gates]
        speaking = tuple(gate for gate, is_due in zip(self.gates, due, strict=True) if is_due)
        self.gates = tuple(replace(gate, said_at=at) if gate in speaking else gate for gate in self.gates)
        return [self._entity(gate, at) for gate in self.gates if gate.said_at == at]

    def _seen_of(self, came: int) -> int:
        before, self._came = self._came, self._came + came
        return (self._came + 1) // 2 - (before + 1) // 2 if self.misses else came

    def _count(self, total: str, cars: int) -> None:
        """So many cars go through the gates that lead that way, by turns; these have something to tell."""
        ways = {"entered": (Way.IN, Way.BOTH), "left": (Way.OUT, Way.BOTH)}[total]
        open_ones = [gate for gate in self.gates if gate.way in ways]
        shares = {
            gate.id: cars // len(open_ones) + (number < cars % len(open_ones)) for number, gate in enumerate(open_ones)
        }
        self.gates = tuple(
            replace(gate, said_at=None, **{total: getattr(gate, total) + shares[gate.id]})
            if shares.get(gate.id)
            else gate
            for gate in self.gates
        )

    def _entity(self, gate: Gate, at: datetime) -> dict[str, Any]:
        return {
            "id": gate.id,
            "type": GATE_TYPE,
            GATE_OF: {"type": "Relationship", "object": self.facts.entity_in(self.city)},
            ENTERED: _seen(gate.entered, at),
            LEFT: _seen(gate.left, at),
        }


@dataclass(slots=True)
class Spots:
    """A sensor in each space. Which spaces are taken first is the facility's own, by `seed`."""

    city: str
    facts: FacilityFacts
    seed: int
    _said: dict[int, tuple[SpotStatus, datetime]] = field(default_factory=dict, init=False)

    def says(self, free: int, at: datetime) -> Said:
        capacity = self.facts.capacity or 0
        order = list(range(capacity))
        random.Random(f"{self.seed} {self.facts.code} spaces").shuffle(order)  # noqa: S311 - play, not secrets
        told = []
        for number, rank in enumerate(order, start=1):
            status = SpotStatus.OCCUPIED if rank < capacity - free else SpotStatus.FREE
            before = self._said.get(number)
            if before is None or before[0] is not status or at - before[1] >= 3 * AGAIN:
                self._said[number] = (status, at)
                told.append(self._entity(number, status, at))
        return told

    def _entity(self, number: int, status: SpotStatus, at: datetime) -> dict[str, Any]:
        return {
            "id": entity_id(SPOT_TYPE, self.city, f"{self.facts.code}-{number:02}"),
            "type": SPOT_TYPE,
            SPOT_OF: {"type": "Relationship", "object": self.facts.entity_in(self.city)},
            STATUS: _seen(status.value, at),
            BATTERY: _seen(0.9, at),
        }


@dataclass(slots=True)
class Stuck:
    """A device that goes on saying what it said first."""

    device: Device
    _first: int | None = field(default=None, init=False)

    def says(self, free: int, at: datetime) -> Said:
        if self._first is None:
            self._first = free
        return self.device.says(self._first, at)


def device_of(
    city: str, facts: FacilityFacts, *, seed: int, totals: Mapping[str, tuple[int, int]], free: int | None, misses: bool
) -> Device:
    """What counts a facility: gates at a garage's entrances, sensors in a small car park, else a counter.

    Gates go on from the `totals` (cars in, cars out, by the gate's id) that they told before, and from the spaces that
    were `free` by them then: who came meanwhile comes now.
    """
    ways = [each.way for each in facts.entrances if each.way is not Way.WALK]
    if facts.kind is Kind.GARAGE and {Way.IN, Way.BOTH} & set(ways) and {Way.OUT, Way.BOTH} & set(ways):
        ids = [entity_id(GATE_TYPE, city, f"{facts.code}-{number}") for number in range(1, len(ways) + 1)]
        gates = tuple(
            Gate(id=gate, way=way, entered=totals.get(gate, (0, 0))[0], left=totals.get(gate, (0, 0))[1])
            for gate, way in zip(ids, ways, strict=True)
        )
        known = free is not None and any(gate in totals for gate in ids)
        inside = (facts.capacity or 0) - free if known and free is not None else 0
        return Gates(city, facts, gates, inside=inside, misses=misses)
    if facts.kind is Kind.LOT and (facts.capacity or 0) <= FEW_SPACES:
        return Spots(city, facts, seed)
    return Counter(city, facts)
