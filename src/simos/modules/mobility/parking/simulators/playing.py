"""Playing a city's counters, gates and sensors, well behaved or not: the weeks before as history, then the present.

Counters speak HTTP, gates and sensors of single spaces MQTT (HTTP where there is no broker), each as real ones do.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from simos.hub.client import HubClient
from simos.kernel.clock import now
from simos.modules.mobility.parking.demo import counted_facilities
from simos.modules.mobility.parking.simulators.devices import Counter, Device, Stuck, device_of
from simos.modules.mobility.parking.simulators.tide import free_at
from simos.modules.mobility.parking.values import FREE, TYPE, FacilityFacts
from simos.modules.mobility.parking.values.sources import ENTERED, GATE_TYPE, LEFT
from simos.platform.things.simulation import Site, unless_played_by_hand

EVERY_SECONDS = 2.0
"""How often devices look at what they count: livelier than real ones, to be looked at."""

PAST = timedelta(hours=24)
PAST_STEP = timedelta(minutes=15)
WEEKS_BEFORE = timedelta(days=35)
"""So much history is there before the last day: enough to learn forecasts from, and to see weekdays differ."""

PLAYED = "parking"


@dataclass(frozen=True, slots=True)
class Faults:
    """How devices are to misbehave, by their facility's code."""

    stuck: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        return self.stuck | self.silent | self.missing


def run(site: Site, stop: threading.Event) -> None:
    """First the weeks before and the last 24 hours, so that there is a day to see; then the present, but for the time
    in which somebody plays the devices by hand."""
    facilities = [facts for facts in counted_facilities() if facts.capacity]
    hub = HubClient(site.base_url, site.token, patience=60)
    if _past_is_told(hub, site, facilities, stop):
        unless_played_by_hand(PLAYED, site.city, stop, lambda away: play(site, facilities, Faults(), away))


def _past_is_told(hub: HubClient, site: Site, facilities: Sequence[FacilityFacts], stop: threading.Event) -> bool:
    """False where it was broken off."""
    began = now()
    for facts in facilities:
        hub.record(site.city, _weeks_of(site, facts, began - PAST))
    for step in range(int(PAST / PAST_STEP), 0, -1):
        at = (began - step * PAST_STEP).replace(microsecond=0)
        hub.upsert(site.city, [_count_of(site, facts, at) for facts in facilities])
        if stop.is_set():
            return False
    return True


def _count_of(site: Site, facts: FacilityFacts, at: datetime) -> dict[str, Any]:
    return Counter(site.city, facts).says(free_at(facts.code, facts.capacity or 0, at, site.seed), at)[0]


def _weeks_of(site: Site, facts: FacilityFacts, until: datetime) -> Mapping[str, object]:
    """The facility's weeks before `until`, at full quarters of an hour: the same again changes nothing."""
    last = datetime.fromtimestamp(int(until.timestamp()) // 900 * 900, UTC)
    times = (last - step * PAST_STEP for step in range(int(WEEKS_BEFORE / PAST_STEP), -1, -1))
    counts = [_count_of(site, facts, at) for at in times]
    return counts[-1] | {FREE: [each[FREE] for each in counts]}


def play(site: Site, facilities: Sequence[FacilityFacts], faults: Faults, stop: threading.Event) -> None:
    """The devices of these facilities are played until `stop` is set."""
    hub = HubClient(site.base_url, site.token, patience=60)
    devices = _devices(hub, site, facilities, faults)
    with _gateway(site, hub) as tell:
        while not stop.wait(EVERY_SECONDS):
            at = now().replace(microsecond=0)
            said = [
                entity
                for facts, device in devices
                for entity in device.says(free_at(facts.code, facts.capacity or 0, at, site.seed), at)
            ]
            if counts := [each for each in said if each["type"] == TYPE]:
                hub.upsert(site.city, counts)
            if seen := [each for each in said if each["type"] != TYPE]:
                tell(seen)


def _devices(
    hub: HubClient, site: Site, facilities: Sequence[FacilityFacts], faults: Faults
) -> Sequence[tuple[FacilityFacts, Device]]:
    gates, counts = _told(hub, site, GATE_TYPE), _told(hub, site, TYPE)
    totals = {gate: (int(it.get(ENTERED, 0)), int(it.get(LEFT, 0))) for gate, it in gates.items()}
    found: list[tuple[FacilityFacts, Device]] = []
    for facts in facilities:
        free = counts.get(facts.entity_in(site.city), {}).get(FREE)
        misses = facts.code in faults.missing
        device = device_of(site.city, facts, seed=site.seed, totals=totals, free=free, misses=misses)
        if facts.code not in faults.silent:
            found.append((facts, Stuck(device) if facts.code in faults.stuck else device))
    return found


def _told(hub: HubClient, site: Site, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """What the hub knows of the city's things of one type: their attributes' values, by id."""
    _, found = hub.ask("GET", f"/ngsi-ld/v1/entities?type={kind}&options=keyValues&limit=1000", tenant=site.city)
    return {each["id"]: each for each in found}


@contextmanager
def _gateway(site: Site, hub: HubClient) -> Iterator[Any]:
    """How gates and sensors send what they say: over MQTT, kept by the client until the broker has it."""
    if not site.mqtt_port:
        yield lambda said: hub.upsert(site.city, said)
        return
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"parking-devices-{site.city}", clean_session=True)
    client.username_pw_set("parking-devices", site.token)
    client.connect_async(site.mqtt_host, site.mqtt_port, 30)
    client.loop_start()
    try:
        yield lambda said: client.publish(f"{site.city}/entities", orjson.dumps(said), qos=1)
    finally:
        client.disconnect()
        client.loop_stop()
