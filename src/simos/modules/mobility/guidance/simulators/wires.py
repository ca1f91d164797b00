"""The two wires of a panel, as a maker would program them: MQTT with a last will, and asking over HTTP by ETag."""

import logging
import select
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import urllib3
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from simos.modules.mobility.guidance.simulators.panel import PlayedPanel
from simos.modules.mobility.guidance.values import STATUS, WANTED
from simos.platform.things.simulation import Site

log = logging.getLogger(__name__)

KEEP_ALIVE = 20
AGAIN_SECONDS = 3.0
ASK_SECONDS = 2.0
WILL = orjson.dumps({STATUS: {"type": "Property", "value": "offline"}})


class ByMqtt:
    """A panel's connection to the broker. Everything goes on in `turn`, called often: forty of them need one thread."""

    def __init__(self, site: Site, panel: PlayedPanel) -> None:
        self.panel = panel
        self._site = site
        self._next_try = 0.0
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"panel-{panel.city}-{panel.code}", clean_session=True
        )
        self._client.username_pw_set(panel.code, site.token)
        self._client.will_set(self._topic(panel.report), WILL, qos=1)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message

    def _topic(self, thing: str) -> str:
        return f"{self.panel.city}/entities/{thing}"

    def _on_connect(self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.warning("panel %s is not let in: %s", self.panel.code, reason)
            return
        client.subscribe(self._topic(self.panel.sign), qos=1)
        if self.panel.pages is not None:
            self._say(self.panel.says_what_it_shows())

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        try:
            told = orjson.loads(message.payload)
        except orjson.JSONDecodeError:
            return
        if isinstance(told, dict):
            self._say(self.panel.take(told))

    def _say(self, attributes: Mapping[str, Any] | None) -> None:
        if attributes:
            self._client.publish(self._topic(self.panel.report), orjson.dumps(attributes), qos=1)

    @property
    def socket(self) -> Any:
        return self._client.socket()

    def turn(self, *, readable: bool) -> None:
        """What is to be done now is done: read, written, tried again, said."""
        if self.socket is None:
            if time.monotonic() >= self._next_try:
                self._next_try = time.monotonic() + AGAIN_SECONDS
                try:
                    self._client.connect(self._site.mqtt_host, self._site.mqtt_port, KEEP_ALIVE)
                except OSError as error:
                    log.debug("panel %s finds no broker: %s", self.panel.code, error)
            return
        if readable:
            self._client.loop_read()
        if self._client.is_connected():
            self._say(self.panel.heartbeat())
        while self.socket is not None and self._client.want_write():
            self._client.loop_write()
        self._client.loop_misc()

    def unplug(self) -> None:
        """As when the power goes: no word of farewell, so that the broker says the last will."""
        if self.socket is not None:
            self.socket.close()
            self._client.loop_read()


class ByHttp:
    """A panel that asks every few seconds, and says what it shows."""

    def __init__(self, site: Site, panel: PlayedPanel, pool: urllib3.PoolManager) -> None:
        self.panel = panel
        self._site, self._pool, self._tag, self._next = site, pool, "", 0.0

    def turn(self) -> None:
        """Asks when it is time to, and tells what has changed."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + ASK_SECONDS
        path = f"/ngsi-ld/v1/entities/{quote(self.panel.sign, safe=':')}?attrs={WANTED}&options=keyValues"
        headers = {"NGSILD-Tenant": self.panel.city, "If-None-Match": self._tag}
        answer = self._pool.request("GET", self._site.base_url + path, headers=headers)
        if answer.status == 200:
            self._tag = answer.headers.get("ETag", "")
            self._say(self.panel.take(orjson.loads(answer.data)))
        self._say(self.panel.heartbeat())

    def _say(self, attributes: Mapping[str, Any] | None) -> None:
        if not attributes:
            return
        self._pool.request(
            "POST",
            f"{self._site.base_url}/ngsi-ld/v1/entityOperations/upsert?options=update",
            body=orjson.dumps([self.panel.entity(attributes)]),
            headers={
                "NGSILD-Tenant": self.panel.city,
                "Authorization": f"Bearer {self._site.token}",
                "Content-Type": "application/json",
            },
        )


def turn_all(by_mqtt: Sequence[ByMqtt], seconds: float) -> None:
    """Waits until a broker says something to one of the panels, at most so long; then each has its turn."""
    sockets = {each.socket: each for each in by_mqtt if each.socket is not None}
    ready = select.select(list(sockets), [], [], seconds)[0] if sockets else []
    if not sockets:
        time.sleep(seconds)
    for each in by_mqtt:
        each.turn(readable=each.socket is not None and each.socket in ready)
