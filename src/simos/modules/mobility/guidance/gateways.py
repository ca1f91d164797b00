"""The wire to the panels: what each is to show lies retained at the MQTT broker. Decides nothing: `look_after` does.

It follows the hub's change log: after counts or reports, however many, the city's panels are looked after once. And
they are every two seconds, for what no message tells: counts that grow old, hand texts that end, panels that fall
silent, garages that close. It keeps no cursor: what holds follows from what is stored, and it begins with all of it.
It knows since when panels could be heard, so that none is called failed for a time in which nobody listened.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from simos.hub.contexts import CORE
from simos.hub.ngsild.represent import represent_attributes
from simos.hub.store.base import EntityQuery, Reader
from simos.hub.values import Attributes, Position
from simos.kernel.acting import Actor
from simos.kernel.clock import now
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.module import module
from simos.modules.mobility.guidance.rules.verdict import listening_since
from simos.modules.mobility.guidance.values import REPORT, SHOWN, SIGN, STATUS, WANTED
from simos.platform.scopes.queries import cities_with
from simos.platform.things.door import reader
from simos.platform.things.gateways import Broker, Gateway

log = logging.getLogger(__name__)

SIGN_TYPE, WANTED_NAME = CORE.expand(SIGN), CORE.expand(WANTED)
_COUNTED = frozenset({CORE.expand("availableSpotNumber")})
FOLLOWED: Mapping[str, frozenset[str]] = {
    CORE.expand("OffStreetParking"): _COUNTED,
    CORE.expand("OnStreetParking"): _COUNTED,
    CORE.expand(REPORT): frozenset({CORE.expand(SHOWN), CORE.expand(STATUS)}),
}
"""The attributes that may change what panels are to show, or how they are, by type."""
LOOK_SECONDS = 2.0
REST_SECONDS = 0.15
"""Between one look and the next: what comes meanwhile is looked at together."""
PAUSE = 0.05
"""Seconds between looks at the head of the change log."""
AT_ONCE = 1000
BY = Actor.system(module.name)


class Wire:
    """A connection to the broker that is kept up; None of it where there is no broker."""

    def __init__(self, broker: Broker | None) -> None:
        self.connected_anew = threading.Event()
        self.listening = now()
        """Since when panels can be heard over it."""
        self._client: paho.Client | None = None
        if broker is None:
            return
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="", clean_session=True)
        self._client.username_pw_set(broker.user, broker.password)
        if broker.secure:
            self._client.tls_set()
        self._client.reconnect_delay_set(1, 10)
        self._client.on_connect = self._on_connect
        self._client.connect_async(broker.host, broker.port, 30)
        self._client.loop_start()

    def _on_connect(self, _client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("the MQTT broker does not let the panels' gateway in: %s", reason)
        else:
            self.listening = now()
            self.connected_anew.set()

    def send(self, city: str, sign: str, wanted: Mapping[str, Any]) -> None:
        """`wanted` (an attribute in NGSI-LD) lies retained under the panel's topic. What cannot be sent now is sent
        when the connection is there again: then all of it is."""
        if self._client is not None and self._client.is_connected():
            self._client.publish(topic_of(city, sign), orjson.dumps({WANTED: wanted}), qos=1, retain=True)

    def close(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()


def topic_of(city: str, thing: str) -> str:
    """The topic of a thing at the broker."""
    return f"{city}/entities/{thing}"


@contextmanager
def wired(broker: Broker | None) -> Iterator[Wire]:
    wire = Wire(broker)
    try:
        yield wire
    finally:
        wire.close()


def run(broker: Broker | None, stop: threading.Event) -> None:
    """Panels are looked after and told, until `stop` is set."""
    hub = reader()
    seen, next_look, rest_until = Position("", 0), 0.0, 0.0
    waiting: set[str] = set()
    since = last_look = now()
    with wired(broker) as wire:
        while not stop.is_set():
            head, due = hub.head(), time.monotonic() >= next_look
            news = News() if head.epoch != seen.epoch else news_since(hub, seen, head)
            waiting |= news.cities
            if due or (waiting and time.monotonic() >= rest_until):
                at = now()
                since, last_look = listening_since(since, last_look, at), at
                for city in cities_with(module.name):
                    if due or city.code in waiting:
                        look_after(city.scope, listening=max(since, wire.listening), by=BY, at=at)
                waiting.clear()
                rest_until = time.monotonic() + REST_SECONDS
            if due:
                next_look = time.monotonic() + LOOK_SECONDS
            if wire.connected_anew.is_set() or head.epoch != seen.epoch:
                wire.connected_anew.clear()
                send_all(hub, wire)
            for (city_code, sign), attributes in news.wanted.items():
                _send(wire, city_code, sign, attributes)
            seen = head
            stop.wait(PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has changed in the hub: the cities in which something was counted or reported, and what panels are to show,
    the newest of each."""

    cities: frozenset[str] = frozenset()
    wanted: Mapping[tuple[str, str], Attributes] = field(default_factory=dict)


def news_since(hub: Reader, since: Position, head: Position) -> News:
    """The changes after `since` and up to `head`."""
    cities: set[str] = set()
    wanted: dict[tuple[str, str], Attributes] = {}
    seq = since.seq
    while seq < head.seq and (changes := hub.changes(seq, limit=AT_ONCE)):
        for each in changes:
            if each.seq > head.seq:
                break
            if any(
                not attributes.isdisjoint(each.attributes) for attributes in map(FOLLOWED.get, each.types) if attributes
            ):
                cities.add(each.tenant)
            if SIGN_TYPE in each.types and each.attributes.get(WANTED_NAME):
                wanted[each.tenant, each.entity] = each.attributes
        seq = changes[-1].seq
    return News(cities=frozenset(cities), wanted=wanted)


def send_all(hub: Reader, wire: Wire) -> None:
    """Everything that panels are to show lies at the broker: it keeps it in memory, and may have been started anew."""
    for city in cities_with(module.name):
        query = EntityQuery(tenant=city.code, types=(SIGN_TYPE,), attributes=(WANTED_NAME,), limit=AT_ONCE)
        for entity in hub.entities(query).entities:
            _send(wire, city.code, entity.id, entity.attributes)


def _send(wire: Wire, city: str, sign: str, attributes: Attributes) -> None:
    said = represent_attributes({WANTED_NAME: attributes[WANTED_NAME]}, CORE)
    if isinstance(said.get(WANTED), Mapping):
        wire.send(city, sign, said[WANTED])


gateways = (Gateway(name="panels", run=run),)
