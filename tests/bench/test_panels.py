"""From the moment a counter publishes a count over MQTT until a panel has been told its new text over MQTT, on a whole
platform with the demo's 41 panels. Beside it: until a bare subscriber has the count itself, which the broker passes on
once it is stored."""

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from simos.kernel.clock import now
from tests.bench.figures import Figures
from tests.running import free_port, running

pytestmark = pytest.mark.bench

COUNTS, WARM = 60, 5
PAUSE = 0.3
"""Seconds between counts."""
FURNISH = """
from simos.app.settings import settings
from simos.app.starting import made_ready
made_ready(settings(), demo=True)
"""
"""The demo's data without its simulator, which would count too."""
FREE = "availableSpotNumber"
LOT = "celje/entities/urn:ngsi-ld:OffStreetParking:celje:glazija"
SIGN = "celje/entities/urn:ngsi-ld:VariableMessageSign:celje:P13"


class Subscriber:
    """A client of the broker; when each number came on each topic."""

    def __init__(self, port: int, token: str) -> None:
        self.came: dict[str, queue.Queue[tuple[float, str]]] = {LOT: queue.Queue(), SIGN: queue.Queue()}
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("P13", token)
        self._client.on_connect = lambda client, *_: client.subscribe([(topic, 1) for topic in self.came])
        self._client.on_message = self._on_message
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert ready.wait(20)

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        self.came[message.topic].put((time.perf_counter(), message.payload.decode()))

    def seconds_until(self, topic: str, number: int, began: float) -> float:
        """From `began` until the number was in what came on the topic."""
        while True:
            at, said = self.came[topic].get(timeout=30)
            told = json.loads(said)
            pages = told["wanted"]["value"]["pages"] if topic == SIGN else [[str(told[FREE]["value"])]]
            if any(str(number) in page for page in pages):
                return at - began

    def count(self, free: int) -> float:
        """Publishes a count; when."""
        seen = now().isoformat().replace("+00:00", "Z")
        count = {FREE: {"type": "Property", "value": free, "observedAt": seen}}
        began = time.perf_counter()
        self._client.publish(LOT, json.dumps(count), qos=1)
        return began

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_from_a_count_to_a_panel(tmp_path: Path, figures: Figures) -> None:
    home = tmp_path / "home"
    subprocess.run([sys.executable, "-c", FURNISH], env={**os.environ, "SIMOS_HOME": str(home)}, check=True)
    waits, bare = [], []
    with running(home, mqtt_port=free_port()) as platform:
        made = platform.simos(
            *("hub", "token", "add", "--name", "panel", "--tenant", "celje"), *("--type", "OffStreetParking", "--write")
        )
        wire = Subscriber(platform.mqtt_port, made.stdout.strip())
        for free in itertools.islice(itertools.cycle(range(100, 300)), WARM + COUNTS):
            began = wire.count(free)
            bare.append(wire.seconds_until(LOT, free, began) * 1000)
            waits.append(wire.seconds_until(SIGN, free, began) * 1000)
            time.sleep(PAUSE)
        wire.close()
    waits, bare = sorted(waits[WARM:]), sorted(bare[WARM:])
    for part in (50, 95):
        value, baseline = (each[int(len(each) * part / 100)] for each in (waits, bare))
        figures.add("panels", f"a panel's new text, p{part}", value, baseline, "ms", "until a bare subscriber has it")
