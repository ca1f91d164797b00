"""Killing the processes of a platform at random moments while counts come by HTTP and MQTT, and what is left."""

import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson

from tests.app.recordings import Recording
from tests.app.showing import acknowledged, changes, instant
from tests.hub.mqtt_running import Client
from tests.running import Running, until

PROCESSES = ("hub", "web", "worker")
FIRST = datetime(2025, 9, 1, tzinfo=UTC)
COUNTED = "count"


class Killer:
    """Kills processes in a shuffled order until it has done so `times` times. What it did is printed, with its seed."""

    def __init__(self, platform: Running, *, times: int, seed: int, pauses: tuple[float, float]) -> None:
        self._platform = platform
        self._chance = random.Random(seed)
        self._victims = [PROCESSES[number % len(PROCESSES)] for number in range(times)]
        self._chance.shuffle(self._victims)
        self._pauses = pauses
        self.seed = seed
        self.done: list[str] = []

    def kill_them(self, watched: subprocess.Popen[str]) -> None:
        """Ends early where `watched` has ended: there is nothing left to disturb."""
        began = time.monotonic()
        for victim in self._victims:
            time.sleep(self._chance.uniform(*self._pauses))
            while watched.poll() is None and not self._platform.kill(victim):
                time.sleep(0.05)
            if watched.poll() is not None:
                break
            self.done.append(f"{time.monotonic() - began:.2f} s {victim}")
        print(f"\nkilled (seed {self.seed}): {', '.join(self.done)}")


@dataclass(slots=True)
class Sensor:
    """A device that publishes running numbers at QoS 1, in a session that outlives its connections."""

    platform: Running
    city: str
    name: str
    secret: str
    acknowledged: set[int] = field(default_factory=set)
    published: int = 0
    _numbers: dict[int, int] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        return f"urn:ngsi-ld:Counter:{self.name}"

    @contextmanager
    def publishing(self, pause: float = 0.01) -> Iterator[None]:
        """Publishes through the block, and at its end waits until all of it is acknowledged."""
        client = Client(self.platform.mqtt_port, self.secret, client_id=self.name, clean_session=False)
        client.reconnect_delay_set(1, 1)
        client.max_inflight_messages_set(100)
        client.connect_async("127.0.0.1", self.platform.mqtt_port)
        ended = threading.Event()

        def publish() -> None:
            while not ended.wait(pause):
                observed = f"{FIRST + timedelta(seconds=self.published):%Y-%m-%dT%H:%M:%SZ}"
                count = {"type": "Property", "value": self.published, "observedAt": observed}
                sent = client.publish(f"{self.city}/entities/{self.entity}", orjson.dumps({COUNTED: count}), 1)
                assert sent.mid not in self._numbers, "more messages than there are numbers for them"
                self._numbers[sent.mid] = self.published
                self.published += 1

        sender = threading.Thread(target=publish)
        client.loop_start()
        sender.start()
        try:
            yield
            ended.set()
            sender.join()
            all_of_it = self.published
            until(f"{self.name}'s acknowledgements", lambda: len(client.acknowledged) >= all_of_it, 60)
        finally:
            ended.set()
            sender.join()
            client.disconnect()
            client.loop_stop()
            self.acknowledged = {self._numbers[mid] for mid in client.acknowledged}

    def history(self) -> list[int]:
        """The numbers that the hub's history holds, in order of time: an answer after the other, as each is partial."""
        numbers: list[int] = []
        while found := self._history_after(FIRST + timedelta(seconds=numbers[-1] if numbers else -1)):
            numbers += found
        return numbers

    def _history_after(self, instant_before: datetime) -> list[int]:
        span = f"timerel=after&timeAt={instant_before:%Y-%m-%dT%H:%M:%SZ}"
        path = f"/ngsi-ld/v1/temporal/entities/{self.entity}?options=temporalValues&{span}"
        token = f"Bearer {self.platform.service_token}"
        status, body = self.platform.get(path, NGSILD_Tenant=self.city, Authorization=token)
        assert status in (200, 206, 404), body
        values = orjson.loads(body).get(COUNTED, {}).get("values", [])
        assert all(instant(at) == FIRST + timedelta(seconds=number) for number, at in values)
        return [number for number, _ in values]

    def logged(self) -> list[int]:
        """The numbers that the change log holds, in its order. What came after a later one is not in it."""
        found = (change for change in changes(self.platform, self.city)[0] if change["id"] == self.entity)
        return [change["attributes"][COUNTED]["value"] for change in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What came of a replay and two sensors on a platform whose processes were killed."""

    platform: Running
    city: str
    recording: Recording
    kills: Sequence[str]
    exit_code: int
    said: str
    sensors: Sequence[Sensor]


def replay_under_kills(
    platform: Running, city: str, recording: Recording, killer: Killer, *, speed: float | None
) -> Aftermath:
    """The replay has ended by itself, the sensors have their acknowledgements, and every process answers again."""
    secret = platform.hub().add_token("sensors", tenants=[city], types=["*"], mayWrite=True)["secret"]
    sensors = [Sensor(platform, city, name, secret) for name in ("gate-1", "gate-2")]
    pace = ["--speed", str(speed)] if speed else []
    with (
        platform.begin(*recording.arguments(city, "--clock", "replay", *pace)) as replay,
        sensors[0].publishing(),
        sensors[1].publishing(),
    ):
        until("the first counts", lambda: acknowledged(platform, city) > 0, 60)
        killer.kill_them(replay)
        said, told = replay.communicate(timeout=600)
    until("every process answers", platform.is_healthy, 60)
    return Aftermath(
        platform=platform,
        city=city,
        recording=recording,
        kills=killer.done,
        exit_code=replay.returncode,
        said=f"{said}\n{told}",
        sensors=sensors,
    )
