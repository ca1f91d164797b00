"""The live stream: from the hub's stamp, set just before the commit, until the change is with who listens.

Beside it: from the same stamp until the writer itself has its answer.
"""

import http.client
import json
import subprocess
import sys
import time
from datetime import datetime

import orjson
import pytest

from simos.kernel.clock import micros_of, now
from tests.bench.conftest import CITY
from tests.bench.counts import facility_id
from tests.bench.figures import Figures
from tests.fixtures import REPOSITORY
from tests.running import Running

pytestmark = pytest.mark.bench

WRITES = 100
GAP = 0.04
"""Seconds from one write to the next."""


@pytest.mark.parametrize("listeners", [1, 200])
def test_live(platform: Running, writer_token: str, figures: Figures, listeners: int) -> None:
    before = _log(platform, "")
    arguments = [str(platform.port), str(listeners), str(WRITES * GAP * 2 + 1)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.listeners", *arguments], stdout=subprocess.PIPE, cwd=REPOSITORY, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "the listeners were not greeted"
        answered = _written(platform, writer_token)
        came = json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()
    stamps = [
        (int(each["position"].rpartition(":")[2]), _micros(each["at"]))
        for each in _log(platform, before["next"])["changes"]
    ]
    assert len(stamps) == WRITES, "the log holds each write once"
    assert len(came) == WRITES * listeners, "every listener got every change"
    stamp_of = dict(stamps)
    waits = sorted((at - stamp_of[seq]) / 1000 for seq, at in came)
    answers = sorted((at - stamp) / 1000 for at, (_, stamp) in zip(answered, stamps, strict=True))
    for part in (50, 99):
        value, bare = (each[int(len(each) * part / 100)] for each in (waits, answers))
        figures.add(
            "live",
            f"commit to receipt, {listeners} listening: p{part}",
            value,
            bare,
            "ms",
            "commit to the writer's answer",
        )


def _log(platform: Running, after: str) -> dict[str, object]:
    """The changes after a place; without one, those of now (none)."""
    head = {"Authorization": f"Bearer {platform.service_token}", "NGSILD_Tenant": CITY}
    if not after:
        after = str(platform.json("/hub/changes?limit=0", **head)["head"])
        return {"next": after}
    return platform.json(f"/hub/changes?after={after}&limit=10000", **head)


def _micros(text: str) -> int:
    return micros_of(datetime.fromisoformat(text))


def _written(platform: Running, token: str) -> list[int]:
    """When each write had its answer, in microseconds."""
    connection = http.client.HTTPConnection("localhost", platform.port)
    head = {"Authorization": f"Bearer {token}", "NGSILD-Tenant": CITY, "Content-Type": "application/json"}
    answered = []
    for place in range(WRITES):
        count = {"type": "Property", "value": 1000 + place}
        body = orjson.dumps({"availableSpotNumber": count})
        connection.request("PATCH", f"/ngsi-ld/v1/entities/{facility_id('p', place % 100)}", body, head)
        answer = connection.getresponse()
        answered.append(micros_of(now()))
        answer.read()
        assert answer.status == 204
        time.sleep(GAP)
    connection.close()
    return answered
