"""Notifications over MQTT (ETSI GS CIM 009, 7.2), to mosquitto and to the hub's own broker."""

import asyncio
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from simos.hub.grants import open_to_all
from simos.hub.mqtt import embedded_broker
from simos.hub.server.running import open_desk
from tests.conformance.ngsild.asking import CORE, JSON, Client
from tests.conformance.ngsild.test_notifications import LAMP, create, lamp, prop, update
from tests.hub.mqtt_running import eventually
from tests.running import free_port

ACCOUNT, PASSWORD = "subscriber", "p@ss/word"


class Listener:
    """Everything that is published at a broker."""

    def __init__(self, port: int, *, account: bool = False) -> None:
        self.messages: list[paho.MQTTMessage] = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        if account:
            self._client.username_pw_set(ACCOUNT, PASSWORD)
        subscribed = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe("#", 2)
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.on_message = lambda _client, _data, message: self.messages.append(message)

        def answers() -> bool:
            try:
                self._client.connect("127.0.0.1", port)
            except OSError:
                return False
            return True

        eventually(answers, "a broker")
        self._client.loop_start()
        assert subscribed.wait(20)

    def next(self) -> Any:
        """The content of the next message, which is then forgotten."""
        message = eventually(lambda: self.messages and self.messages.pop(0), "a message")
        self.last = message
        return json.loads(message.payload)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def mosquitto(folder: Path, port: int, *, account: bool = False) -> Iterator[None]:
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    lines = [f"listener {port} 127.0.0.1", f"allow_anonymous {'false' if account else 'true'}", "user root"]
    if account:
        passwords = folder / "passwords"
        passwords.touch(mode=0o600)
        subprocess.run(["mosquitto_passwd", "-b", str(passwords), ACCOUNT, PASSWORD], check=True, capture_output=True)
        lines.append(f"password_file {passwords}")
    settings = folder / "mosquitto.conf"
    settings.write_text("\n".join(lines) + "\n")
    process = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def subscribe(hub: Client, uri: str, **info: str) -> str:
    endpoint = {
        "uri": uri,
        "receiverInfo": [{"key": "X-Key", "value": "Sesam"}],
        "notifierInfo": [{"key": key.replace("_", "-"), "value": value} for key, value in info.items()],
    }
    if not info:
        del endpoint["notifierInfo"]
    wanted = {"type": "Subscription", "entities": [{"type": "Lamp"}], "notification": {"endpoint": endpoint}}
    return hub.done("POST", "/subscriptions", wanted).headers["location"].removeprefix("/ngsi-ld/v1")


@pytest.mark.parametrize(
    ("info", "qos"),
    [
        ({}, 0),
        ({"MQTT_QoS": "1"}, 1),
        ({"MQTT_QoS": "2", "MQTT_Version": "mqtt3.1.1"}, 2),
        ({"MQTT_QoS": "1", "MQTT_Version": "mqtt5.0"}, 1),
    ],
)
def test_the_message(hub: Client, tmp_path: Path, info: dict[str, str], qos: int) -> None:
    port = free_port()
    with mosquitto(tmp_path, port):
        listener = Listener(port)
        try:
            path = subscribe(hub, f"mqtt://127.0.0.1:{port}/notify/lamps", **info)
            create(hub)
            told = listener.next()
            update(hub)
            again = listener.next()
        finally:
            listener.close()
        hub.done("DELETE", path)
    assert (listener.last.topic, listener.last.qos) == ("notify/lamps", qos)
    assert set(told) == {"metadata", "body"}
    assert told["metadata"] == {
        "Content-Type": JSON,
        "Link": f'<{CORE}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
        "NGSILD-Tenant": hub.tenant,
        "X-Key": "Sesam",
    }
    assert told["body"]["type"] == "Notification"
    assert told["body"]["data"] == [lamp()]
    assert again["body"]["data"] == [lamp(power=prop(2))]


def test_with_an_account_and_after_the_broker_was_gone(hub: Client, tmp_path: Path) -> None:
    port = free_port()
    path = subscribe(hub, f"mqtt://{ACCOUNT}:p%40ss%2Fword@127.0.0.1:{port}/notify/a", MQTT_QoS="1")
    create(hub)
    eventually(lambda: hub.get(path).body["notification"].get("timesFailed"), "a failure")
    assert hub.get(path).body["notification"]["status"] == "failed"
    with mosquitto(tmp_path, port, account=True):
        listener = Listener(port, account=True)
        try:
            update(hub)
            first = listener.next()
            rest = first["body"]["data"]
            while rest[-1]["power"]["value"] != 2:
                rest = listener.next()["body"]["data"]
        finally:
            listener.close()
        assert first["body"]["data"][0]["id"] == LAMP
        eventually(lambda: hub.get(path).body["notification"]["status"] == "ok", "a success")
    hub.done("DELETE", path)


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[int]:
    """The port of the embedded broker of another hub."""
    ready, stop, ports = threading.Event(), threading.Event(), list[int]()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(open_desk(f"sqlite:///{tmp_path}/other.sqlite3", [open_to_all]))
            ports.append((await stack.enter_async_context(embedded_broker(desk, "127.0.0.1", 0))).port)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    yield ports[0]
    stop.set()
    thread.join()


def test_to_the_hubs_own_broker(hub: Client, own_broker: int) -> None:
    """There a topic begins with the tenant that it belongs to."""
    listener = Listener(own_broker)
    try:
        path = subscribe(hub, f"mqtt://127.0.0.1:{own_broker}/default/notify/lamps", MQTT_QoS="1")
        create(hub)
        assert listener.next()["body"]["data"] == [lamp()]
    finally:
        listener.close()
    hub.done("DELETE", path)
