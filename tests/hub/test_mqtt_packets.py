"""MQTT on the wire: what is written is read again, and nothing that comes can do more than be refused."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.mqtt import packets
from simos.hub.mqtt.packets import Connect, Malformed, Message, UnknownVersion

PARSERS = (
    packets.connect_of,
    packets.packet_id_of,
    packets.subscribe_of,
    packets.unsubscribe_of,
    *(lambda body, flags=flags: packets.message_of(flags, body) for flags in range(16)),
)
topics = st.text(st.characters(exclude_characters="\0+#", exclude_categories=("Cs",)), min_size=1, max_size=50)


def read(data: bytes, limit: int = 2**28) -> tuple[int, int, bytes]:
    async def reading() -> tuple[int, int, bytes]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await packets.read_packet(reader, limit)

    return asyncio.run(reading())


@given(
    st.builds(Message, topic=topics, payload=st.binary(max_size=300), retain=st.booleans()),
    st.sampled_from([(0, 0, False), (1, 7, True), (2, 0xFFFF, False)]),
)
def test_a_message_is_read_as_it_was_written(message: Message, sent: tuple[int, int, bool]) -> None:
    qos, packet_id, dup = sent
    whole = Message(
        topic=message.topic, payload=message.payload, retain=message.retain, qos=qos, packet_id=packet_id, dup=dup
    )
    kind, flags, body = read(packets.publish(whole))
    assert kind == packets.PUBLISH
    assert packets.message_of(flags, body) == whole


@pytest.mark.parametrize("size", [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
def test_lengths_of_every_width_are_right(size: int) -> None:
    message = Message(topic="t", payload=b"x" * size)
    _kind, flags, body = read(packets.publish(message))
    assert packets.message_of(flags, body) == message


def test_a_packet_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Malformed, match="at most 100"):
        read(bytes((packets.PUBLISH << 4, 0xFF, 0xFF, 0xFF, 0x7F)), limit=100)


@given(st.binary(max_size=60))
def test_whatever_comes_is_a_packet_or_malformed(data: bytes) -> None:
    for parse in PARSERS:
        try:
            parse(data)
        except (Malformed, UnknownVersion):
            continue
    with contextlib.suppress(Malformed, asyncio.IncompleteReadError):
        read(data, limit=1000)


def test_all_parts_of_a_connect_are_understood() -> None:
    # what `mosquitto_pub -i sensor-7 -u device -P secret --will-topic w --will-payload off --will-qos 1 -k 30` means
    body = (
        bytes.fromhex("00044d51545404ce001e000873656e736f722d370001770003")
        + b"off"
        + bytes.fromhex("00066465766963650006736563726574")
    )
    assert packets.connect_of(body) == Connect(
        client_id="sensor-7",
        clean=True,
        keep_alive=30,
        username="device",
        password="secret",
        will=Message(topic="w", payload=b"off", qos=1),
    )


def test_version_5_is_told_apart_from_nonsense() -> None:
    with pytest.raises(UnknownVersion):
        packets.connect_of(b"\0\4MQTT\5\2\0\x3c\0\0\0")


@pytest.mark.parametrize(
    ("flags", "body"),
    [
        (0x06, b"\0\1t\0\1"),  # QoS 3
        (0x02, b"\0\1t\0\0"),  # packet id 0
        (0x00, b"\0\3a/#"),
        (0x00, b"\0\3+/b"),
        (0x00, b"\0\0"),
        (0x00, b"\0\1\xff"),  # not UTF-8
        (0x00, b"\0\1\0"),  # U+0000
        (0x00, b"\0\x09t"),  # too short
    ],
)
def test_what_the_standard_forbids_to_publish_is_malformed(flags: int, body: bytes) -> None:
    with pytest.raises(Malformed):
        packets.message_of(flags, body)
