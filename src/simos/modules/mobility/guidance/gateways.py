"""The wire to the panels: what each is to show lies retained at the MQTT broker. Decides nothing: `look_after` does.

It also looks after the panels every two seconds, for what no message tells: counts that grow old, hand texts that end,
panels that fall silent, garages that close.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
from simos.modules.mobility.guidance.values import SIGN, WANTED
from simos.platform.scopes.queries import cities_with
from simos.platform.things.door import reader
from simos.platform.things.gateways import Broker, Gateway

log = logging.getLogger(__name__)

SIGN_TYPE, WANTED_NAME = CORE.expand(SIGN), CORE.expand(WANTED)
LOOK_SECONDS = 2.0
PAUSE = 0.05
"""Seconds between looks at the head of the change log."""
AT_ONCE = 1000
BY = Actor.system(module.name)


class Wire:
    """A connection to the broker that is kept up; None of it where there is no broker."""

    def __init__(self, broker: Broker | None) -> None:
        self.connected_anew = threading.Event()
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
    seen, next_look = Position("", 0), 0.0
    with wired(broker) as wire:
        while not stop.is_set():
            if time.monotonic() >= next_look:
                for city in cities_with(module.name):
                    look_after(city.scope, by=BY, at=now())
                next_look = time.monotonic() + LOOK_SECONDS
            head = hub.head()
            if wire.connected_anew.is_set() or head.epoch != seen.epoch:
                wire.connected_anew.clear()
                send_all(hub, wire)
            elif head.seq > seen.seq:
                send_changed(hub, wire, seen)
            seen = head
            stop.wait(PAUSE)


def send_all(hub: Reader, wire: Wire) -> None:
    """Everything that panels are to show lies at the broker: it keeps it in memory, and may have been started anew."""
    for city in cities_with(module.name):
        query = EntityQuery(tenant=city.code, types=(SIGN_TYPE,), attributes=(WANTED_NAME,), limit=AT_ONCE)
        for entity in hub.entities(query).entities:
            _send(wire, city.code, entity.id, entity.attributes)


def send_changed(hub: Reader, wire: Wire, since: Position) -> None:
    """What panels are to show has changed after `since`: the newest of it lies at the broker."""
    newest: dict[tuple[str, str], Attributes] = {}
    seq = since.seq
    while changes := hub.changes(seq, limit=AT_ONCE):
        newest |= {
            (each.tenant, each.entity): each.attributes
            for each in changes
            if SIGN_TYPE in each.types and each.attributes.get(WANTED_NAME)
        }
        seq = changes[-1].seq
    for (city, sign), attributes in newest.items():
        _send(wire, city, sign, attributes)


def _send(wire: Wire, city: str, sign: str, attributes: Attributes) -> None:
    said = represent_attributes({WANTED_NAME: attributes[WANTED_NAME]}, CORE)
    if isinstance(said.get(WANTED), Mapping):
        wire.send(city, sign, said[WANTED])


gateways = (Gateway(name="panels", run=run),)
