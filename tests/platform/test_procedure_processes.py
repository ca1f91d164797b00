"""Numbers, kept answers and files among many threads and killed processes, on both databases."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fixtures import made_database

REPOSITORY = Path(__file__).parents[2]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def surroundings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a platform of these tests' own, with its tables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIMOS_")}
    kept |= {"SIMOS_HOME": str(tmp_path_factory.mktemp("home")), "DJANGO_SETTINGS_MODULE": "simos.app.django_settings"}
    with ExitStack() as stack:
        if request.param == "postgres":
            url = stack.enter_context(made_database(request.getfixturevalue("postgres_url")))
            kept["SIMOS_DATABASE_URL"] = url
        assert run(kept, "prepare").returncode == 0
        yield kept


def run(surroundings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.platform.procedure_process", *arguments]
    return subprocess.run(command, env=surroundings, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)


def answer(surroundings: dict[str, str], *arguments: str) -> dict:
    done = run(surroundings, *arguments)
    assert done.returncode == 0
    return json.loads(done.stdout.splitlines()[-1])


def test_numbers_have_no_gap_whoever_fails_meanwhile(surroundings):
    taken = answer(surroundings, "number", "4", "12")["taken"]
    assert len(taken) == 32
    assert taken == list(range(1, 33))


def test_a_request_sent_many_times_at_once_has_its_effect_once(surroundings):
    found = answer(surroundings, "answer", "4", KEY)
    assert len(found["bodies"]) == 1
    assert found["again"] == 3
    assert answer(surroundings, "report", KEY)["effects"] == found["bodies"]


@pytest.mark.parametrize("moment", ["in the effect", "before the commit", "before the reply"])
def test_a_killed_request_has_its_effect_once_and_its_answer(surroundings, moment):
    key = moment.replace(" ", "-") + KEY
    assert run(surroundings, "die", key, moment).returncode == -signal.SIGKILL
    found = answer(surroundings, "report", key)
    assert (found["status"], found["again"]) == (201, moment == "before the reply")
    assert found["effects"] == [found["body"]]


def test_a_content_is_not_cleared_from_under_an_action_that_has_not_committed(surroundings):
    assert answer(surroundings, "clear_unused_meanwhile") == {"cleared": [0], "there": True, "files": 1}
