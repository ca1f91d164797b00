"""Feeds: others' messages by MQTT, push and polling; what is right is stored, what is wrong is kept and told."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.addresses import Reach
from simos.hub.contexts import CORE
from simos.hub.faces import hub_app
from simos.hub.feeds import running as feeds_running
from simos.hub.feeds.devices import LEAST, PATIENCE, Watch, entity_id, judged
from simos.hub.feeds.polling import LONGEST_PAUSE, pause_after
from simos.hub.feeds.running import running_feeds
from simos.hub.ingest.feeds import Poll, read_feed
from simos.hub.ingest.uplinks import normalised
from simos.hub.server.running import server_config
from simos.hub.values import Device
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Invalid
from tests.hub.mqtt_running import PATIENCE as WAIT
from tests.hub.mqtt_running import Client, Hub, eventually, running_hub

MAP = """
map:
  format: FORMAT
  id: "urn:ngsi-ld:AirQualityObserved:{KEY}"
  type: AirQualityObserved
  observedAt: time
  attributes:
"""
LORA = (
    MAP.replace("KEY", "device")
    + """\
    temperature: {from: values.t, unitCode: CEL}
    rssi: rssi
    name: {from: name, as: text, fixed: true}
"""
)
SCHOOL = "0101010101010101"
NO_NUMBER = "is no number; if it is meant to be a text, say as: text"


def chirpstack(counter: int, second: int = 0, **more: Any) -> dict[str, Any]:
    """As ChirpStack v4 publishes an uplink."""
    return {
        "deduplicationId": f"3ac7e3c4-4401-4b8d-9386-a5c902f9202{counter}",
        "time": f"2025-09-01T12:00:{second:02}.123456789+00:00",
        "deviceInfo": {
            "applicationName": "air",
            "deviceName": "School",
            "devEui": SCHOOL,
            "tags": {"street": "Glavni trg"},
        },
        "devAddr": "00189440",
        "fCnt": counter,
        "fPort": 1,
        "data": "Qhd0",
        "object": {"t": 20.5 + counter},
        "rxInfo": [{"gatewayId": "a", "rssi": -100, "snr": 1.5}, {"gatewayId": "b", "rssi": -48, "snr": 9}],
        **more,
    }


def things_stack() -> dict[str, Any]:
    """As The Things Stack v3 publishes an uplink; zeros are left out."""
    return {
        "end_device_ids": {
            "device_id": "school",
            "application_ids": {"application_id": "air"},
            "dev_eui": "0004A30B001C0530",
            "dev_addr": "00BCB929",
        },
        "received_at": "2025-09-01T12:00:01.5Z",
        "uplink_message": {
            "f_port": 1,
            "frm_payload": "gkHe",
            "decoded_payload": {"t": 1.5},
            "rx_metadata": [{"gateway_ids": {"gateway_id": "g"}, "rssi": -35, "snr": 5.2}],
            "received_at": "2025-09-01T12:00:01Z",
            "last_battery_percentage": {"f_cnt": 3, "value": 94.4},
        },
    }


def test_both_lorawan_servers_give_one_form() -> None:
    (ours,) = normalised("chirpstack", chirpstack(7))
    (theirs,) = normalised("ttn", things_stack())
    assert ours | {"battery": None, "simulated": False} == theirs | {
        "device": SCHOOL,
        "name": "School",
        "tags": {"street": "Glavni trg"},
        "time": "2025-09-01T12:00:00.123456789+00:00",
        "counter": 7,
        "session": "00189440",
        "values": {"t": 27.5},
        "data": "Qhd0",
        "rssi": -48,
        "snr": 9,
        "gateways": 2,
        "battery": None,
    }
    assert (theirs["device"], theirs["counter"], theirs["battery"]) == ("0004a30b001c0530", 0, 94.4)
    join = {"deviceInfo": {"devEui": "01"}, "devAddr": "00", "time": "2025-09-01T12:00:00Z"}
    assert normalised("chirpstack", join) == []
    assert normalised("ttn", {"end_device_ids": {}, "join_accept": {}}) == []
    (status,) = normalised("chirpstack", {"deviceInfo": {"devEui": "01"}, "margin": 7, "batteryLevel": 75.5})
    assert status["battery"] == 75.5


def test_sensorthings_observations_name_their_datastream_in_four_ways() -> None:
    observation = {"phenomenonTime": "2025-09-01T12:00:00Z/2025-09-01T13:00:00Z", "result": 7}
    link = {"Datastream@iot.navigationLink": "https://sta.example/v1.1/Datastreams(5)"}
    for content, topic, expected in (
        (observation | {"Datastream": {"@iot.id": 5}}, "", 5),
        (observation | link, "", "5"),
        (observation, "v1.1/Datastreams('s-5')/Observations", "s-5"),
        ({"value": [observation | link, {"no": "result"}]}, "", "5"),
    ):
        (record,) = normalised("sensorthings", content, topic)
        assert (record["datastream"], record["result"], record["time"]) == (expected, 7, "2025-09-01T12:00:00Z")


_words = st.sampled_from(["deviceInfo", "devEui", "rxInfo", "uplink_message", "end_device_ids", "result", "value"])
_leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_anything = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=4), max_leaves=12
)


@given(_anything)
def test_nothing_that_is_sent_breaks_a_normaliser(content: Any) -> None:
    for form in ("chirpstack", "ttn", "sensorthings"):
        assert isinstance(normalised(form, content), list)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("push: true\npoll: {url: 'https://x.example'}", "exactly one of mqtt, push and poll"),
        ("mqtt: {topics: ['a/#/b']}", "line 1: mqtt"),
        ("poll: {url: 'file:///etc/passwd'}", "poll.url"),
        ("push: true\ntenent: celje", "did you mean tenant?"),
    ],
)
def test_a_feed_that_is_wrong_says_so(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=r"air\.yaml") as refused:
        read_feed(text + LORA.replace("FORMAT", "ttn"), "air.yaml")
    assert said in str(refused.value)


@given(st.integers(0, 50), st.floats(0, 1e6))
def test_who_fails_is_asked_less_often(failures: int, wanted: float) -> None:
    poll = Poll(url="https://x.example", every=60)
    pause = pause_after(poll, failures, wanted)
    assert pause_after(poll, 0) == 60
    assert 60 <= pause <= LONGEST_PAUSE
    assert pause_after(poll, failures + 1, wanted) >= pause
    assert pause >= min(wanted, LONGEST_PAUSE)


SECOND = 1_000_000


@given(st.integers(1, 7200), st.integers(0, 20_000))
def test_a_device_is_missed_after_three_of_its_intervals(gap: int, late: int) -> None:
    device = Device(tenant="celje", id="a", name="a", token="", last_seen_at=0, usual=gap * SECOND)
    found = judged(device, 0, at=late * SECOND, listening_since=0)
    assert (found.silent_since is not None) == (late * SECOND > max(PATIENCE * gap * SECOND, LEAST))
    at = late * SECOND + 1
    heard = judged(replace(found, last_seen_at=at), 0, at=at, listening_since=0)
    assert heard.silent_since is None
    just_started = judged(device, 0, at=late * SECOND, listening_since=late * SECOND)
    assert just_started.silent_since is None, "nobody is missed for a time in which nobody listened"


def test_how_often_a_device_sends_is_learnt() -> None:
    device, before = Device(tenant="celje", id="a", name="a", token="", last_seen_at=0), None
    for at in range(0, 6000 * SECOND, 600 * SECOND):
        device = judged(replace(device, last_seen_at=at), before, at=at, listening_since=0)
        before = at
    assert device.usual == 600 * SECOND


class Site(BaseHTTPRequestHandler):
    """Somebody's document, that changes once."""

    asked: list[str | None]
    status = 200

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("If-None-Match"))
        if self.status == 200 and self.headers.get("If-None-Match") == '"1"':
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(self.status)
        self.send_header("ETag", '"1"')
        self.end_headers()
        if self.status == 200:
            self.wfile.write(b"station;time;t\na;2025-09-01T12:00:00Z;7\nb;2025-09-01T12:00:00Z;much\n")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served() -> Iterator[tuple[type[Site], int]]:
    site = type("Here", (Site,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def listening(hub: Hub) -> Iterator[str]:
    """The hub over HTTP, as its address."""
    public = socket.socket()
    public.bind(("127.0.0.1", 0))
    public.listen()
    server = uvicorn.Server(server_config(hub_app(hub.desk)))
    serving = asyncio.run_coroutine_threadsafe(server.serve(sockets=[public]), hub._loop)
    eventually(lambda: server.started, "the hub answers")
    try:
        yield f"http://127.0.0.1:{public.getsockname()[1]}"
    finally:
        server.should_exit = True
        serving.result(WAIT)


def post(address: str, body: bytes, secret: str) -> tuple[int, Any]:
    asked = Request(address, body, {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})
    try:
        with urlopen(asked, timeout=WAIT) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        return refused.code, json.loads(refused.read())


def value_of(hub: Hub, entity: str, name: str = "temperature") -> Any:
    found = hub.desk.reader.entity("celje", f"urn:ngsi-ld:AirQualityObserved:{entity}")
    instances = found.attributes.get(CORE.name(name)) if found else None
    return instances[0]["value"] if instances else None


def test_feeds_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds_running, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(feeds_running, "WATCH_LOOKS", 1)
    device = "device: {id: '{device}', name: name, battery: battery}\n"
    lora = "tenant: celje\nmqtt: {topics: ['application/+/device/+/event/+']}\n" + device
    (tmp_path / "lora.yaml").write_text(lora + LORA.replace("FORMAT", "chirpstack"))
    (tmp_path / "ttn.yaml").write_text("tenant: celje\npush: true\n" + device + LORA.replace("FORMAT", "ttn"))
    (tmp_path / "wrong.yaml").write_text("tenant: celje\n")
    topic = f"application/7/device/{SCHOOL}/event/up"
    with running_hub(monkeypatch) as hub, served() as (site, port), listening(hub) as address:
        hub.add_tenants("celje", "koper")
        hub.add_token("celje-secret", "celje", types=("AirQualityObserved",))
        hub.add_token("koper-secret", "koper")
        hub.add_token("other-type", "celje", types=("Lamp",))
        hub.desk.deliveries.reach = Reach(everywhere=True)
        hub.enter(running_feeds(hub.desk, tmp_path, lambda name: name))
        hub.with_broker()
        assert "exactly one" in hub.desk.feeds.broken["wrong"] or "missing" in hub.desk.feeds.broken["wrong"]

        with Client(hub.broker.port, "celje-secret", "gateway") as client:
            client.send(topic, json.dumps(chirpstack(1)))
            client.send(topic, json.dumps(chirpstack(1, 30)))  # the same frame once more, later
            client.send(topic, json.dumps(chirpstack(2, 1, object={"t": "warm"})))
            client.send(topic, json.dumps(chirpstack(3) | {"margin": 3, "batteryLevel": 60}))
            client.send(topic, b"nonsense")
        assert value_of(hub, SCHOOL) == 21.5
        assert value_of(hub, SCHOOL, "rssi") == -48, "the good part of a message is kept"
        reasons = [(each.source, each.reason.partition(" (")[0]) for each in hub.rejections()]
        assert reasons[1] == ("feed lora", f"record 1: temperature: {NO_NUMBER}")
        assert reasons[0][1].startswith("This is not JSON")
        health = hub.desk.feeds.running["lora"].health
        assert (health.messages, health.duplicates, health.stored, health.rejected) == (5, 1, 2, 2)
        with Client(hub.broker.port, "koper-secret", "thief") as client:
            client.send(topic, json.dumps(chirpstack(9, 59)))
        assert value_of(hub, SCHOOL) == 21.5, "another city's token changes nothing"
        with Client(hub.broker.port, "celje-secret", "gateway") as client:
            hub.store.is_down = True
            client.publish(topic, json.dumps(chirpstack(10, 20)), 1)
            eventually(lambda: hub.desk.feeds.running["lora"].health.last_error.startswith("the store"), "it is down")
            hub.store.is_down = False
            eventually(lambda: value_of(hub, SCHOOL) == 30.5, "what comes again is no duplicate of what was not stored")

        pushed = f"{address}/ingest/ttn"
        body = json.dumps(things_stack()).encode()
        assert post(pushed, body, "made-up")[0] == 401
        assert post(pushed, body, "koper-secret")[0] == post(pushed, body, "other-type")[0] == 403
        assert post(f"{address}/ingest/lora", body, "celje-secret")[0] == 404
        assert post(pushed, body, "celje-secret") == (
            200,
            {"records": 1, "stored": 1, "duplicates": 0, "faults": []},
        ), "who was refused has not made it a duplicate"
        made = Device(tenant="celje", id="d", name="d", token="celje-secret")
        hub.act(lambda transaction: transaction.put_device(made))
        assert post(pushed, body, "celje-secret")[1]["duplicates"] == 1
        eventually(lambda: seen(hub, "d"), "who sends over HTTP with a device's token has been heard")
        assert post(pushed, b"{", "celje-secret")[0] == 422
        assert value_of(hub, "0004a30b001c0530") == 1.5

        bridge = "tenant: celje\nmqtt:\n  topics: ['celje/elsewhere/#']\n  secret: celje-secret\n"
        bridge += f"  broker: mqtt://device@127.0.0.1:{hub.broker.port}\n"
        plain = MAP.replace("FORMAT", "json").replace("KEY", "_topic[2]").replace("  observedAt: time\n", "")
        (tmp_path / "bridge.yaml").write_text(bridge + plain + "    temperature: value\n")
        with Client(hub.broker.port, "celje-secret", "thermometer") as client:

            def arrives() -> bool:
                client.send("celje/elsewhere/attic", "31.5")
                return value_of(hub, "attic") == 31.5

            eventually(arrives, "another broker's messages belong to its feed; a topic tells what payloads do not")

        polled = f"tenant: celje\npoll: {{url: 'http://127.0.0.1:{port}/a.csv', every: 5}}\n"
        monkeypatch.setattr("simos.hub.feeds.polling.pause_after", lambda *_: 0.05)
        csv_map = (
            MAP.replace("FORMAT", 'csv\n  csv: {delimiter: ";"}').replace("KEY", "station") + "    temperature: t\n"
        )
        (tmp_path / "poll.yaml").write_text(polled + csv_map)
        eventually(lambda: value_of(hub, "a") == 7, "a file that is put there is at work")
        eventually(lambda: site.asked[-1:] == ['"1"'], "only what has changed is asked for")
        site.status = 500
        eventually(lambda: "500" in hub.desk.feeds.running["poll"].health.last_error, "what is wrong is noted")
        assert any(each.source == "feed poll" and "record 3" in each.reason for each in hub.rejections())
        hub.desk.deliveries.reach = Reach()
        eventually(lambda: "private" in hub.desk.feeds.running["poll"].health.last_error, "private networks are closed")

        eventually(lambda: len(hub.store.reader.devices("celje")) == 3, "devices are registered")
        first = {each.id: each for each in hub.store.reader.devices("celje")}[SCHOOL]
        assert (first.name, first.battery, first.feed) == ("School", 60, "lora")
        silent_at(hub, first)
        eventually(lambda: hub.store.reader.notes("feed").get("poll"), "how feeds do is put down")


def seen(hub: Hub, device: str) -> int | None:
    return {each.id: each.last_seen_at for each in hub.store.reader.devices("celje")}[device]


def silent_at(hub: Hub, device: Device) -> None:
    """The device falls silent, is found so again by another watch, and is heard again."""
    hub.act(lambda transaction: transaction.judged([replace(device, usual=60 * SECOND)]))
    late = micros_of(now()) + 3600 * SECOND
    hub.call(Watch(hub.desk).look(late))
    (found,) = [each for each in hub.store.reader.devices("celje") if each.id == device.id]
    assert found.silent_since is not None
    shown = hub.desk.reader.entity("celje", entity_id(device))
    assert shown is not None
    states = [shown.attributes[CORE.name(name)][0]["value"] for name in ("deviceState", "batteryLevel")]
    assert states == ["silent", 0.6]
    hub.call(Watch(hub.desk).look(late + 60 * SECOND))
    (again,) = [each for each in hub.store.reader.devices("celje") if each.id == device.id]
    assert again.silent_since == found.silent_since, "an open alarm is found again after a restart"
    hub.act(lambda transaction: transaction.seen([("celje", device.id, late + 120 * SECOND)]))
    hub.call(Watch(hub.desk).look(late + 121 * SECOND))
    assert {each.silent_since for each in hub.store.reader.devices("celje") if each.id == device.id} == {None}
