"""Messages, a copy and an erasure whose worker is killed again and again, on both databases: effects are there once."""

import json
import subprocess
import sys
from pathlib import Path

from tests.platform.push_receiver import push_service

REPOSITORY = Path(__file__).parents[2]


def test_what_killed_workers_had_in_hand_is_done_once(surroundings):
    reaching = surroundings | {"SIMOS_PRIVATE_RECEIVERS": '["127.0.0.1"]'}
    with push_service() as service:
        command = [sys.executable, "-m", "tests.platform.person_process", str(service.port)]
        done = subprocess.run(command, env=reaching, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
        topics = [headers["topic"] for _, headers, _ in service.taken]
    found = json.loads(done.stdout.splitlines()[-1])
    before, after = found["before"], found["after"]
    assert (before["messages"], before["copies"], before["files"], before["told of the copy"]) == (4, 1, 1, 1)
    assert before["deliveries"] == ["sent"]
    assert (before["different letters"], len(set(topics))) == (4, 4)
    assert before["letters"] + len(topics) > 8, "what was sent and not noted went again"

    assert (after["messages"], after["copies"], after["files"]) == (0, 0, 0)
    assert (after["erased"], after["events"], after["addresses"]) == (1, 1, [])
    assert after["different letters"] == 5
    assert (after["left"], after["undeclared"], after["faults"]) == ([], [], 0)
