"""A hub that is killed in the middle of a stream: what it has acknowledged is there, and nothing is there twice."""

import random
import socket
from collections import Counter
from pathlib import Path

import orjson

from simos.hub.store.base import HistoryQuery
from simos.hub.store.opening import open_store
from tests.hub.mqtt_running import Client, eventually, hub_process

READINGS = 600
SENSORS = 5


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def sensor(number: int) -> str:
    return f"urn:ngsi-ld:Counter:{number % SENSORS}"


def reading(number: int) -> bytes:
    observed = f"2025-09-{1 + number // 86400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"
    return orjson.dumps({"count": {"type": "Property", "value": number, "observedAt": observed}})


def numbers_in(url: str) -> list[int]:
    """Every point of history."""
    store = open_store(url)
    store.migrate()
    try:
        wanted = HistoryQuery(tenant="gorica", entities=tuple(sensor(n) for n in range(SENSORS)))
        return [int(point.number) for point in store.reader.history(wanted) if point.number is not None]
    finally:
        store.close()


def kill_again_and_again(folder: Path, kills: int) -> None:
    """A hub is killed `kills` times under a stream at QoS 1; asserts after each that all acknowledged readings are
    there, and at the end that each one that was sent is there once."""
    url, port, chance = f"sqlite:///{folder / 'hub.sqlite3'}", free_port(), random.Random(kills)
    sender = Client(port, client_id="counter", clean_session=False)
    sender.max_inflight_messages_set(100)
    sender.reconnect_delay_set(1, 1)
    numbers: dict[int, list[int]] = {}
    sent = 0

    def acknowledged() -> set[int]:
        """An id is given again after 65,535 messages: the first acknowledgement of it is that of the first message."""
        found = set()
        for mid, times in Counter(sender.acknowledged).items():
            found.update(numbers[mid][:times])
        return found

    for life in range(kills + 1):
        with hub_process(url, port):
            if life == 0:
                sender.connect("127.0.0.1", port)
                sender.loop_start()
            eventually(lambda life=life: len(sender.let_in) > life, "connected")
            before = len(sender.acknowledged)
            for _ in range(READINGS):
                mid = sender.publish(f"gorica/entities/{sensor(sent)}", reading(sent), 1).mid
                numbers.setdefault(mid, []).append(sent)
                sent += 1
            enough = before + chance.randrange(1, READINGS) if life < kills else sent
            eventually(lambda enough=enough: len(sender.acknowledged) >= enough, "acknowledgements")
        assert acknowledged() <= set(numbers_in(url))  # the block ends with kill -9
    sender.loop_stop()
    assert len(acknowledged()) == sent
    assert sorted(numbers_in(url)) == list(range(sent))


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, 4)
