"""Workers that are killed at any moment, on both databases: every row has its effects, once, and in order."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 60
MOMENTS = ("in the effect", "before the mark", "before the commit")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def surroundings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of a platform of this test's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIMOS_")}
    kept |= {"SIMOS_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "simos.app.django_settings"}
    if request.param == "postgres":
        kept["SIMOS_DATABASE_URL"] = request.getfixturevalue("postgres_database")
    return kept


def start(surroundings: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.platform.queue_process", *arguments]
    return subprocess.Popen(command, env=surroundings, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def answer(surroundings: dict[str, str], *arguments: str) -> dict:
    with start(surroundings, *arguments) as process:
        lines = [json.loads(line) for line in process.stdout or ()]
    assert process.returncode == 0
    return lines[-1] if lines else {}


def test_rows_of_killed_workers_have_their_effects_once_and_in_order(surroundings):
    answer(surroundings, "prepare", str(ROWS))
    for row, moment in enumerate(MOMENTS, start=5):
        with start(surroundings, "work", moment, str(row)) as doomed:
            pass
        assert doomed.returncode == -signal.SIGKILL
    with start(surroundings, "work") as one, start(surroundings, "work") as other:
        pass
    assert (one.returncode, other.returncode) == (0, 0)
    found = answer(surroundings, "report")
    assert sorted(found["done"]) == sorted(f"{n} {half}" for n in range(ROWS) for half in ("first", "second"))
    assert found["states"] == ["done"]
    assert found["faults"] == 0
    order = [int(name.split()[0]) for name in found["done"] if name.endswith("first")]
    for key in range(5):
        of_key = [number for number in order if number % 2 and number % 5 == key]
        assert of_key == sorted(of_key)


@pytest.mark.postgres
@pytest.mark.parametrize("surroundings", ["postgres"], indirect=True)
def test_a_later_transaction_does_not_overtake_in_a_keys_order(surroundings):
    answer(surroundings, "prepare", "0")
    assert answer(surroundings, "overtake") == {"committed": ["1", "2"], "queued": ["1", "2"]}


def test_the_workers_floor_starts_schedules_and_stops(surroundings):
    answer(surroundings, "prepare", "0")
    assert answer(surroundings, "floor") == {"left": [], "rows": 1}
