"""The bridge towards another broker, with a real mosquitto: acknowledged there once it is stored here."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from simos.hub.contexts import CORE
from simos.hub.mqtt import bridged
from tests.hub.mqtt_running import Client, Hub, eventually, running_hub

SENSOR = "urn:ngsi-ld:Counter:1"
TOPIC = f"gorica/entities/{SENSOR}"


class Mosquitto:
    """A mosquitto that keeps its sessions on disk, so that it can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = int(found.getsockname()[1])
        self.url = f"mqtt://hub:secret@127.0.0.1:{self.port}"
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\nmax_queued_messages 0\n"
            f"persistence true\npersistence_location {folder}/\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed: apt-get install mosquitto")
        self._process = subprocess.Popen([program, "-c", str(self._settings)], stderr=subprocess.DEVNULL)
        eventually(self._answers, "mosquitto")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def bridged_hub(monkeypatch: pytest.MonkeyPatch, url: str, mosquitto: Mosquitto) -> Iterator[Hub]:
    with running_hub(monkeypatch, url) as hub:
        if "gorica" not in hub.store.reader.tenants():
            hub.add_tenants("gorica")
        bridge = hub.enter(bridged(hub.desk, mosquitto.url))
        eventually(lambda: bridge.subscribed, "subscribed")
        yield hub


def numbers(hub: Hub) -> list[float | None]:
    return [point.number for point in hub.history("gorica", SENSOR)]


def count(number: int) -> bytes:
    observed = f"2025-09-01T12:{number // 60:02}:{number % 60:02}Z"
    return orjson.dumps({"count": {"type": "Property", "value": number, "observedAt": observed}})


def test_what_is_published_there_is_stored_here_once_and_in_order(
    monkeypatch: pytest.MonkeyPatch, mosquitto: Mosquitto
) -> None:
    with bridged_hub(monkeypatch, "sqlite:///:memory:", mosquitto) as hub, Client(mosquitto.port) as sender:
        for number in range(200):
            sender.publish(TOPIC, b'{"count": %d}' % number, 1)
        sender.publish("gorica/entities", orjson.dumps([{"id": "urn:x:1", "type": "T"}]), 1)
        sender.publish("gorica/entities", b"{bad", 1)
        eventually(hub.rejections, "the last one, rejected")
        assert numbers(hub) == list(range(200))
        assert hub.store.reader.entity("gorica", "urn:x:1") is not None
        (kept,) = hub.rejections()
        assert (kept.topic, kept.payload) == ("gorica/entities", b"{bad")
        assert "secret" not in kept.source


def test_what_was_not_stored_when_the_hub_ended_comes_again(
    monkeypatch: pytest.MonkeyPatch, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.sqlite3'}"
    with Client(mosquitto.port) as sender:
        with bridged_hub(monkeypatch, url, mosquitto) as hub:
            sender.send(TOPIC, count(0))
            eventually(lambda: numbers(hub) == [0], "the first")
            hub.store.is_down = True
            for number in range(1, 60):
                sender.send(TOPIC, count(number))  # acknowledged by mosquitto, not by us
        with bridged_hub(monkeypatch, url, mosquitto) as hub:
            eventually(lambda: len(numbers(hub)) >= 60, "all of them")
            assert numbers(hub) == list(range(60))


def test_when_the_store_comes_back_the_messages_do(monkeypatch: pytest.MonkeyPatch, mosquitto: Mosquitto) -> None:
    with bridged_hub(monkeypatch, "sqlite:///:memory:", mosquitto) as hub, Client(mosquitto.port) as sender:
        failed = hub.desk.metrics.mqtt.labels("failed")
        hub.store.is_down = True
        for number in range(30):
            sender.send(TOPIC, count(number))
        eventually(lambda: failed._value.get(), "one that failed")
        hub.store.is_down = False
        eventually(lambda: len(numbers(hub)) == 30, "all of them")
        entity = hub.store.reader.entity("gorica", SENSOR)
        assert entity is not None
        assert entity.attributes[CORE.expand("count")][0]["value"] == 29


def test_the_other_broker_may_be_away_for_a_while(monkeypatch: pytest.MonkeyPatch, mosquitto: Mosquitto) -> None:
    with bridged_hub(monkeypatch, "sqlite:///:memory:", mosquitto) as hub:
        mosquitto.stop()
        mosquitto.start()
        with Client(mosquitto.port) as sender:
            sender.send(TOPIC, count(1))
        eventually(lambda: numbers(hub) == [1], "the reading")


def test_a_broker_that_is_not_there_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running_hub(monkeypatch) as hub:
        bridge = hub.enter(bridged(hub.desk, Mosquitto(tmp_path).url))
        assert not bridge.connected


@pytest.mark.parametrize("url", ["http://broker", "broker:1883", "mqtt://", "mqtt://broker:port"])
def test_another_kind_of_address_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with running_hub(monkeypatch) as hub, pytest.raises(ValueError):
        hub.enter(bridged(hub.desk, url))
