"""Fifty times kill -9 at random moments under a week of Dresden's real counts and two MQTT sensors."""

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.app.kills import Killer, replay_under_kills
from tests.app.recordings import real
from tests.app.showing import assert_each_count_once, differences, page_of
from tests.running import free_port, running, until

pytestmark = [pytest.mark.soak, pytest.mark.data]

KILLS = 50
SECONDS = 420
"""In which the week is played: processes that fall again and again are started again ever more slowly."""


def test_nothing_is_missing_and_nothing_doubled(shared_data: Path, database_url: str, tmp_path: Path) -> None:
    monday = datetime(2025, 9, 1, tzinfo=UTC)
    week = real(shared_data, "Dresden", monday, monday + timedelta(days=7), tmp_path)
    seed = random.SystemRandom().randrange(1_000_000)
    with running(tmp_path / "home", database_url=database_url, mqtt_port=free_port()) as platform:
        platform.simos("city", "add", "dresden", "--name", "Dresden", "--centre", "51.05,13.74")
        killer = Killer(platform, times=KILLS, seed=seed, pauses=(0.2, 2.0))
        began = time.monotonic()
        after = replay_under_kills(platform, "dresden", week, killer, speed=7 * 86_400 / SECONDS)
        print(f"{len(after.kills)} kills in {time.monotonic() - began:.0f} s; {after.said.splitlines()[-1]}")
        assert after.exit_code == 0, after.said
        assert len(after.kills) == KILLS
        assert_each_count_once(platform, "dresden", week)
        page = page_of(week, week.until)  # at this pace a source was last judged up to a day of the replay ago
        until("the page equals the file", lambda: not differences(platform, "dresden", page), 90)
        for sensor in after.sensors:
            print(f"{sensor.name}: {sensor.published} messages, all acknowledged")
            assert sensor.acknowledged == set(range(sensor.published))
            assert sensor.history() == list(range(sensor.published))
            logged = sensor.logged()
            assert logged == sorted(set(logged))
