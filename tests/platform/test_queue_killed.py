"""Workers killed at any moment, on both databases: rows, events and jobs have their effects, once and in order."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(surroundings: dict[str, str]) -> dict:
    """What the program of its own found, whose workers were killed."""
    command = [sys.executable, "-m", "tests.platform.queue_process", "killed", "overtake", "floor"]
    done = subprocess.run(command, env=surroundings, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_what_killed_workers_had_in_hand_has_its_effects_once_and_in_order(found):
    killed = found["killed"]
    assert killed["alive"] == []
    assert killed["left"] == [0, 0, 0]
    rows = [str(number) for number in range(40)]
    events = [f"{lamp}.{part}" for lamp in "abc" for part in range(4)]
    assert sorted(killed["effects"]) == sorted(
        f"{name} {half}" for name in (*rows, *events, "sweep", "outside") for half in ("first", "second")
    )
    assert killed["states"] == ["done"]
    assert killed["faults"] == 0
    order = [name.removesuffix(" first") for name in killed["effects"] if name.endswith("first")]
    for lamp in "abc":
        assert [name for name in order if name[0] == lamp] == [f"{lamp}.{part}" for part in range(4)]
    for key in range(5):
        of_key = [int(name) for name in order if name.isdecimal() and int(name) % 2 and int(name) % 5 == key]
        assert of_key == sorted(of_key)


def test_a_job_whose_workers_are_killed_keeps_its_one_place_in_the_schedule(found):
    assert found["killed"]["jobs"] == [["platform:sweep", 4], ["platform:sweep_outside", 3]]


def test_work_whose_deadline_passes_while_its_worker_is_dead_is_given_up_without_effect(found):
    assert found["killed"]["late"] == "dead"
    assert not any(name.startswith("late") for name in found["killed"]["effects"])


@pytest.mark.postgres
@pytest.mark.parametrize("surroundings", ["postgres"], indirect=True)
def test_a_later_transaction_does_not_overtake_in_a_keys_order(found):
    assert found["overtake"] == {"committed": ["1", "2"], "queued": ["1", "2"]}


def test_the_workers_floor_starts_schedules_and_stops(found):
    assert found["floor"] == {"left": [], "rows": 1}
