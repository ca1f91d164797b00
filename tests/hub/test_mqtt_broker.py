"""The embedded broker with real clients: what is acknowledged is stored, and nobody reaches another city's things."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator

import orjson
import pytest

from simos.hub.contexts import CORE
from simos.hub.grants import open_data
from simos.hub.mqtt import BrokerNotStarted, embedded_broker
from simos.hub.mqtt.connection import IN_FLIGHT
from simos.hub.mqtt.intake import MESSAGE_LIMIT
from simos.hub.values import Device
from tests.hub.mqtt_running import Client, Hub, eventually, running_hub

SENSOR = "urn:ngsi-ld:AirQualityObserved:7"
TOPIC = f"gorica/entities/{SENSOR}"
LETTER, OTHER, KOPER, READER, SPOTS = "gorica-1", "gorica-2", "koper-1", "gorica-reader", "gorica-spots"


def reading(value: float, second: int = 0) -> bytes:
    observed = f"2025-09-01T12:{second // 60:02}:{second % 60:02}Z"
    return orjson.dumps({"no2": {"type": "Property", "value": value, "observedAt": observed}})


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Two cities, and tokens for them."""
    with running_hub(monkeypatch) as hub:
        hub.add_tenants("gorica", "koper")
        for secret in (LETTER, OTHER):
            hub.add_token(secret, "gorica")
        hub.add_token(KOPER, "koper")
        hub.add_token(READER, "gorica", may_write=False)
        hub.add_token(SPOTS, "gorica", types=("ParkingSpot",))
        yield hub.with_broker()


@pytest.fixture
def device(hub: Hub) -> Iterator[Client]:
    with Client(hub.broker.port, LETTER, "sensor-7") as client:
        yield client


def introduction(keep_alive: int) -> bytes:
    """The CONNECT of a client called abc, for those tests that speak MQTT byte by byte."""
    body = b"\0\4MQTT\4\xc2" + keep_alive.to_bytes(2) + b"\0\3abc\0\1a\0\x08" + LETTER.encode()
    return bytes((0x10, len(body))) + body


def counted(hub: Hub, outcome: str) -> float:
    return hub.desk.metrics.registry.get_sample_value("simos_hub_mqtt_messages_total", {"outcome": outcome}) or 0.0


@pytest.mark.parametrize("qos", [1, 2])
def test_what_is_acknowledged_is_stored_with_its_history(hub: Hub, device: Client, qos: int) -> None:
    device.send(TOPIC, reading(21.5), qos)
    entity = hub.store.reader.entity("gorica", SENSOR)
    assert entity is not None
    assert entity.attributes[CORE.expand("no2")][0]["value"] == 21.5
    assert [point.number for point in hub.history("gorica", SENSOR)] == [21.5]
    assert counted(hub, "stored") == 1


def test_at_qos_0_it_is_stored_as_well(hub: Hub, device: Client) -> None:
    device.send(TOPIC, reading(21.5), 0)
    eventually(lambda: hub.store.reader.entity("gorica", SENSOR), "the entity")


def test_mosquitto_pub_can_send(hub: Hub) -> None:
    program = shutil.which("mosquitto_pub")
    if program is None:
        pytest.skip("mosquitto_pub is not installed: apt-get install mosquitto-clients")
    sender = [program, "-p", str(hub.broker.port), "-u", "any", "-P", LETTER, "-q", "1", "-t", "gorica/entities"]
    subprocess.run([*sender, "-m", orjson.dumps({"id": SENSOR, "type": "T", "x": 1}).decode()], check=True, timeout=20)
    assert hub.store.reader.entity("gorica", SENSOR) is not None


def test_readings_of_one_client_are_stored_in_their_order(hub: Hub, device: Client) -> None:
    sent = [device.publish(TOPIC, orjson.dumps({"count": n}), 1) for n in range(300)]
    eventually(lambda: all(each.is_published() for each in sent), "all acknowledged")
    assert [point.number for point in hub.history("gorica", SENSOR)] == list(range(300))


def test_nothing_is_acknowledged_before_it_is_committed(hub: Hub, device: Client) -> None:
    hub.store.open.clear()
    sent = device.publish(TOPIC, reading(21.5), 1)
    eventually(hub.store.at_the_gate.is_set, "the transaction before its commit")
    assert device.subscribed("gorica/panels/#") == 0  # the connection lives and answers
    assert not sent.is_published()
    assert hub.store.reader.entity("gorica", SENSOR) is None
    hub.store.open.set()
    eventually(sent.is_published, "an acknowledgement")
    assert hub.store.reader.entity("gorica", SENSOR) is not None


def test_while_the_store_is_down_nothing_is_acknowledged_and_then_it_comes_again(hub: Hub, device: Client) -> None:
    hub.store.is_down = True
    sent = device.publish(TOPIC, reading(21.5), 1)
    eventually(lambda: device.ended, "the end of the connection")
    assert not sent.is_published()
    hub.store.is_down = False
    eventually(sent.is_published, "an acknowledgement after the client connected again")
    assert [point.number for point in hub.history("gorica", SENSOR)] == [21.5]


def test_a_message_that_the_store_cannot_hold_does_not_come_for_ever(hub: Hub, device: Client) -> None:
    hub.store.cannot_hold = "urn:ngsi-ld:T:bad"
    device.send("gorica/entities/urn:ngsi-ld:T:bad", b'{"x": 1}')
    device.send(TOPIC, reading(21.5))
    assert "no column can hold this" in hub.rejections()[0].reason
    assert hub.store.reader.entity("gorica", SENSOR) is not None
    assert device.ended == []


@pytest.mark.parametrize("secret", ["wrong", "", None])
def test_who_has_no_token_is_not_let_in(hub: Hub, secret: str | None) -> None:
    with Client(hub.broker.port, secret) as stranger:
        assert stranger.let_in[0] in ("Bad user name or password", "Not authorized")


def test_an_open_hub_lets_everybody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_hub(monkeypatch, is_open=True) as hub, Client(hub.with_broker().broker.port) as anyone:
        anyone.send(TOPIC, reading(1))
        assert hub.store.reader.entity("gorica", SENSOR) is not None


@pytest.mark.parametrize(
    ("secret", "topic", "payload", "said"),
    [
        (LETTER, "gorica/entities", b"{bad", "not JSON"),
        (LETTER, "gorica/entities", b'[{"id": "urn:x:1", "type": "T"}, {"id": 1, "type": "T"}]', "Entity 2"),
        (LETTER, "gorica/entities/urn:x:1", b'{"x": {"type": "Nonsense", "value": 1}, "type": "T"}', "x: "),
        (LETTER, f"koper/entities/{SENSOR}", reading(1), "tenant"),
        (LETTER, f"default/entities/{SENSOR}", reading(1), "tenant"),
        (LETTER, "go rica/entities", b"{}", "begins with a tenant"),
        (LETTER, "koper/panels/1", b"x", "tenant"),
        (READER, TOPIC, reading(1), "may not write"),
        (SPOTS, TOPIC, reading(1), "Not granted"),
        (LETTER, TOPIC, b'{"x": "%s"}' % (b"y" * MESSAGE_LIMIT), "bytes at most"),
    ],
)
def test_what_cannot_be_stored_is_acknowledged_and_kept_to_be_looked_at(
    hub: Hub, secret: str, topic: str, payload: bytes, said: str
) -> None:
    with Client(hub.broker.port, secret, "c") as client:
        client.send(topic, payload)
    (kept,) = hub.rejections()
    assert said in kept.reason
    assert (kept.source, kept.topic, kept.payload) == ("mqtt", topic, payload[: len(kept.payload)])
    assert hub.store.reader.head().seq == 0
    assert counted(hub, "rejected") == 1


def test_an_unknown_tenant_is_refused(hub: Hub) -> None:
    hub.add_token("everywhere", "*")
    with Client(hub.broker.port, "everywhere") as client:
        client.send("atlantis/entities", b'{"id": "urn:x:1", "type": "T"}')
    assert "no tenant 'atlantis'" in hub.rejections()[0].reason


def test_a_token_for_some_types_does_not_overwrite_an_entity_of_another(hub: Hub, device: Client) -> None:
    device.send(TOPIC, reading(1))
    with Client(hub.broker.port, SPOTS) as other:
        other.send(TOPIC, b'{"type": "ParkingSpot", "no2": 2}')
    assert "Not granted" in hub.rejections()[0].reason
    assert [point.number for point in hub.history("gorica", SENSOR)] == [1]


def test_a_packet_over_the_limit_ends_the_connection(hub: Hub, device: Client) -> None:
    device.publish(TOPIC, b"x" * (MESSAGE_LIMIT + 100_000), 0)
    eventually(lambda: device.ended, "the end of the connection")


def test_panels_get_what_is_sent_to_them(hub: Hub, device: Client) -> None:
    with Client(hub.broker.port, READER) as panel:
        assert panel.subscribed("gorica/panels/+", 2) == 1
        device.send("gorica/panels/3", b"12 free", 1)
        device.send("gorica/panels/4/x", b"not this", 1)
        device.send("gorica/panels/5", b"3 free", 1)
        eventually(lambda: len(panel.got) == 2, "two messages")
        assert panel.got == [("gorica/panels/3", b"12 free"), ("gorica/panels/5", b"3 free")]


def test_subscribers_see_a_reading_only_once_it_is_stored(hub: Hub, device: Client) -> None:
    with Client(hub.broker.port, READER) as panel, Client(hub.broker.port, SPOTS) as limited:
        panel.subscribed("gorica/entities/#")
        limited.subscribed("gorica/entities/#")
        device.send("gorica/entities", b"{bad")
        device.send(TOPIC, reading(2))
        device.send("gorica/entities/urn:ngsi-ld:ParkingSpot:1", b'{"status": "free"}')
        eventually(lambda: len(panel.got) == 2, "both")
        eventually(lambda: limited.got, "the spot")
        assert [topic for topic, _ in panel.got] == [TOPIC, "gorica/entities/urn:ngsi-ld:ParkingSpot:1"]
        assert [topic for topic, _ in limited.got] == ["gorica/entities/urn:ngsi-ld:ParkingSpot:1"]


@pytest.mark.parametrize("topic_filter", ["#", "+/entities/#", "koper/#"])
def test_nobody_subscribes_to_another_tenant(hub: Hub, device: Client, topic_filter: str) -> None:
    assert device.subscribed(topic_filter) == 0x80


def test_what_is_retained_comes_to_those_who_subscribe_to_it_and_to_nobody_else(hub: Hub, device: Client) -> None:
    device.send("gorica/panels/3", b"12 free", retain=True)
    with Client(hub.broker.port, READER) as late, Client(hub.broker.port, KOPER) as foreign:
        foreign.subscribed("koper/#")
        late.subscribed("gorica/panels/#")
        eventually(lambda: late.got, "the retained message")
        assert late.got == [("gorica/panels/3", b"12 free")]
        assert foreign.got == []


def test_what_is_open_data_comes_to_whoever_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_hub(monkeypatch, authorisers=(open_data(["AirQualityObserved"]),)) as hub:
        hub.add_tenants("gorica", "koper")
        hub.add_token(LETTER, "gorica")
        hub.add_token(SPOTS, "gorica", types=("ParkingSpot",))
        hub.add_token(KOPER, "koper", types=("ParkingSpot",))
        hub.with_broker()
        with Client(hub.broker.port, LETTER) as sender, Client(hub.broker.port, SPOTS) as limited:
            sender.send(TOPIC, reading(2), retain=True)
            sender.send("gorica/entities/urn:ngsi-ld:Secret:1", b'{"status": "free"}', retain=True)
            limited.subscribed("gorica/entities/#")
            assert limited.subscribed("koper/entities/#") == 0x80
            eventually(lambda: limited.got, "what is open")
            sender.send("gorica/entities/urn:ngsi-ld:Secret:2", b'{"status": "free"}')
            sender.send(TOPIC, reading(3, 1))
            eventually(lambda: len(limited.got) == 2, "what is open, again")
            assert [topic for topic, _ in limited.got] == [TOPIC, TOPIC]


def test_a_subscriber_that_was_away_gets_what_waits_for_it(hub: Hub, device: Client) -> None:
    with Client(hub.broker.port, READER, "panel", clean_session=False) as panel:
        panel.subscribed("gorica/panels/#", 1)
    eventually(lambda: len(hub.broker) == 1, "only the device left")
    device.send("gorica/panels/3", b"12 free")
    with Client(hub.broker.port, READER, "panel", clean_session=False) as panel:
        eventually(lambda: panel.got, "what waited")


def test_the_same_client_id_with_another_credential_is_another_client(hub: Hub, device: Client) -> None:
    device.subscribed("gorica/panels/#")
    for secret in ("wrong", KOPER, OTHER):
        with Client(hub.broker.port, secret, "sensor-7"):
            pass
    device.send("gorica/panels/1", b"still here")
    eventually(lambda: device.got, "the subscription is there")
    assert device.ended == []


def test_a_client_that_comes_again_ends_its_older_connection(hub: Hub) -> None:
    old = socket.create_connection(("127.0.0.1", hub.broker.port), 10)
    old.sendall(introduction(0))
    assert old.recv(4) == b"\x20\x02\0\0"
    with Client(hub.broker.port, LETTER, "abc") as new:
        assert old.recv(4) == b""
        new.send(TOPIC, reading(1))
    old.close()


def test_a_message_repeated_at_qos_2_is_stored_once(hub: Hub) -> None:
    with socket.create_connection(("127.0.0.1", hub.broker.port), 10) as client:
        client.sendall(introduction(0))
        assert client.recv(4) == b"\x20\x02\0\0"
        body = len(TOPIC).to_bytes(2) + TOPIC.encode() + b"\0\1" + b'{"no2": 3}'
        for flags, answer in ((0x34, b"\x50\x02\0\1"), (0x3C, b"\x50\x02\0\1")):
            client.sendall(bytes((flags, len(body))) + body)
            assert client.recv(4) == answer
        client.sendall(b"\x62\x02\0\1")
        assert client.recv(4) == b"\x70\x02\0\1"
    assert [point.number for point in hub.history("gorica", SENSOR)] == [3]


def test_a_client_is_not_read_from_while_too_much_of_it_waits(hub: Hub) -> None:
    hub.store.open.clear()
    flood = Client(hub.broker.port, LETTER, "flood")
    flood.max_inflight_messages_set(4 * IN_FLIGHT)
    with flood:
        sent = [flood.publish(TOPIC, reading(n, n % 3600), 1) for n in range(3 * IN_FLIGHT)]
        eventually(hub.store.at_the_gate.is_set, "the first commit")
        eventually(lambda: hub.desk.writer.waiting >= IN_FLIGHT, "a full line")
        assert hub.call(waiting_after(hub, 0.2)) <= IN_FLIGHT + 2
        hub.store.open.set()
        eventually(lambda: all(each.is_published() for each in sent), "all acknowledged")
    assert len(hub.history("gorica", SENSOR)) == 3 * IN_FLIGHT


async def waiting_after(hub: Hub, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return hub.desk.writer.waiting


def test_the_last_will_of_a_client_is_stored(hub: Hub) -> None:
    lost = Client(hub.broker.port, LETTER, "lost")
    lost.will_set(TOPIC, b'{"status": "offline"}', 1)
    with lost:
        lost.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        eventually(lambda: hub.store.reader.entity("gorica", SENSOR), "the will")


def test_when_a_device_last_sent_is_known(hub: Hub, device: Client) -> None:
    made = Device(tenant="gorica", id="sensor-7", name="NO2 by the station", token=LETTER)
    hub.act(lambda transaction: transaction.put_device(made))
    device.send(TOPIC, reading(1))
    hub.call(hub.broker.stop())
    (kept,) = hub.store.reader.devices("gorica")
    assert kept.last_seen_at is not None


def test_a_token_that_is_withdrawn_ends_its_connections(hub: Hub, device: Client) -> None:
    with Client(hub.broker.port, OTHER) as other:
        hub.act(lambda transaction: transaction.delete_token(LETTER))
        hub.call(hub.broker._look_at_grants_again())
        eventually(lambda: "Bad user name or password" in device.let_in, "shown out, and not let in again")
        other.send(TOPIC, reading(1))
        assert other.ended == []


def test_a_silent_client_is_shown_out_after_its_keep_alive(hub: Hub) -> None:
    with socket.create_connection(("127.0.0.1", hub.broker.port), 10) as silent:
        silent.sendall(introduction(1))
        assert silent.recv(4) == b"\x20\x02\0\0"
        assert silent.recv(4) == b""


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b""),
        (b"\x10\xff\xff\xff\x7f", b""),
        (b"\x10\xff\xff\xff\xff\xff", b""),
        (b"\x30\x05\0\3a/b", b""),  # a PUBLISH before CONNECT
        (b"\x10\x0d\0\4MQTT\5\2\0\x3c\0\0\0", b"\x20\x02\0\1"),  # version 5
        (b"\x10\x0c\0\4MQTT\4\0\0\x3c\0\0", b"\x20\x02\0\2"),  # a session without a name
    ],
)
def test_what_is_no_mqtt_is_closed_and_the_broker_lives(hub: Hub, sent: bytes, answer: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hub.broker.port), 10) as odd:
        odd.sendall(sent)
        try:
            assert odd.recv(100) == answer
        except ConnectionResetError:
            assert answer == b""
    with Client(hub.broker.port, LETTER) as client:
        client.send(TOPIC, reading(1))


def test_a_port_that_is_taken_is_said_clearly(hub: Hub) -> None:
    with pytest.raises(BrokerNotStarted, match=f"cannot listen on 127.0.0.1:{hub.broker.port}"):
        hub.enter(embedded_broker(hub.desk, "127.0.0.1", hub.broker.port))


def test_stopping_does_not_wait_for_those_who_are_connected(hub: Hub, device: Client) -> None:
    hub.call(hub.broker.stop())
    eventually(lambda: device.ended, "the end of the connection")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", hub.broker.port), 10)
