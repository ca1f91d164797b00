"""kill -9 of every process in the middle of a replay: nothing acknowledged is missing, nothing is there twice."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from tests.app.kills import Aftermath, Killer, replay_under_kills
from tests.app.recordings import made_up
from tests.app.showing import TYPE, assert_each_count_once, assert_page_is, code_of, page_of
from tests.running import Running, free_port, running, until

CITY = "novo-mesto"
SEED = 20250901
KILLS = {True: 12, False: 6}  # on SQLite, on PostgreSQL


@pytest.fixture(scope="module")
def aftermath(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Two days in twelve seconds, by HTTP, with two sensors that speak MQTT, on each database in turn."""
    folder = tmp_path_factory.mktemp("kills")
    recording = made_up(folder, every=timedelta(minutes=2))
    times = KILLS[not database_url]
    with running(folder / "home", database_url=database_url, mqtt_port=free_port()) as platform:
        killer = Killer(platform, times=times, seed=SEED, pauses=(0.2, 1.2))
        yield replay_under_kills(platform, CITY, recording, killer, speed=172_800 / 12)


def test_the_replay_ends_by_itself_and_every_process_answers_again(aftermath: Aftermath) -> None:
    assert aftermath.exit_code == 0, aftermath.said
    assert len(aftermath.kills) == KILLS[not aftermath.platform.database_url]
    checks = aftermath.platform.json("/health")["checks"]
    assert {name: checks[name]["status"] for name in ("hub", "web", "worker", "mqtt")} == dict.fromkeys(
        ("hub", "web", "worker", "mqtt"), "pass"
    )


def test_every_count_is_there_once_and_in_order(aftermath: Aftermath) -> None:
    assert_each_count_once(aftermath.platform, aftermath.city, aftermath.recording)


def test_the_page_equals_the_file(aftermath: Aftermath) -> None:
    recording = aftermath.recording
    assert_page_is(aftermath.platform, aftermath.city, page_of(recording, recording.until))


def test_every_message_that_was_acknowledged_is_there_once_and_in_order(aftermath: Aftermath) -> None:
    for sensor in aftermath.sensors:
        assert sensor.published > 200
        assert sensor.acknowledged == set(range(sensor.published))
        assert sensor.history() == list(range(sensor.published))
        logged = sensor.logged()
        assert logged == sorted(set(logged))
        assert logged[-1] == sensor.published - 1


def test_what_the_worker_was_to_tell_the_hub_is_there(aftermath: Aftermath) -> None:
    def told() -> bool:
        path = f"/ngsi-ld/v1/entities?type={TYPE}&options=keyValues&limit=100"
        found = aftermath.platform.json(path, NGSILD_Tenant=aftermath.city)
        return {code_of(each["id"]): each.get("name") for each in found} == aftermath.recording.names()

    until("the facilities' names are in the hub", told, 60)


def test_a_killed_parent_takes_its_processes_along_and_the_home_starts_anew(tmp_path: Path) -> None:
    with running(tmp_path / "home", mqtt_port=free_port()) as platform:
        assert platform.process is not None
        children = [each for each in platform.processes() if each.pid != platform.process.pid]
        assert len(children) >= 3
        platform.process.send_signal(signal.SIGKILL)
        platform.process.wait()
        platform.launch()  # at once, while they are still ending
        assert not psutil.wait_procs(children, timeout=20)[1]
        until("the new one is healthy", platform.is_healthy, 60)
        assert platform.json("/health")["checks"]["mqtt"]["status"] == "pass"


def test_processes_that_fall_again_and_again_do_not_take_the_others_along(small_platform: Running) -> None:
    hub = small_platform.pid("hub")
    for _ in range(3):
        fallen = small_platform.pid("web")
        until("the web process can be killed", lambda: small_platform.kill("web"))
        until("it starts again", lambda fallen=fallen: small_platform.pid("web") != fallen)
    until("every process answers", small_platform.is_healthy, 60)
    assert small_platform.pid("hub") == hub
