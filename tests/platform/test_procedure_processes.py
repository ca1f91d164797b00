"""Numbers, kept answers and files among many threads and killed processes, on both databases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform.procedure_process import MOMENTS

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(surroundings: dict[str, str]) -> dict:
    """What the program of its own found."""
    command = [sys.executable, "-m", "tests.platform.procedure_process"]
    done = subprocess.run(command, env=surroundings, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_numbers_have_no_gap_whoever_fails_meanwhile(found):
    assert found["numbers"] == list(range(1, 33))


def test_a_request_sent_many_times_at_once_has_its_effect_once(found):
    answers = found["answers"]
    assert len(answers["bodies"]) == 1
    assert answers["again"] == 3
    assert answers["afterwards"]["effects"] == answers["bodies"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_request_has_its_effect_once_and_its_answer(found, moment):
    assert found["killed"][moment]["died"]
    afterwards = found["killed"][moment]["afterwards"]
    assert (afterwards["status"], afterwards["again"]) == (201, moment == "before the reply")
    assert afterwards["effects"] == [afterwards["body"]]


def test_a_content_is_not_cleared_from_under_an_action_that_has_not_committed(found):
    assert found["clearing"] == {"cleared": [0], "there": True, "files": 1}
