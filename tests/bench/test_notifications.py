"""From the moment a write is sent until its subscriber has the notification: 1,000 subscriptions, 500 updates a second,
each of which concerns exactly one. Beside it: until the writer has its own answer."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import urllib3

from simos.kernel.clock import micros_of, now
from tests.bench.figures import Figures
from tests.bench.http_load import _Connection, request
from tests.fixtures import REPOSITORY
from tests.running import free_port, until

pytestmark = pytest.mark.bench

SUBSCRIPTIONS = 1000
RATE = 500
SECONDS = 10
WARM = 500
"""Updates that are sent first and not counted."""


@contextmanager
def lone_hub(home: Path, database: str = "") -> Iterator[int]:
    """The port of `simos hub serve --open`."""
    port = free_port()
    environment = {"SIMOS_HOME": str(home)} | ({"SIMOS_DATABASE_URL": database} if database else {})
    command = [
        sys.executable,
        "-m",
        "simos.app.cli",
        "hub",
        "serve",
        "--home",
        str(home),
        "--port",
        str(port),
        "--open",
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        until("the hub answers", lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def lamp(number: int) -> str:
    return f"urn:ngsi-ld:Lamp:{number:04}"


def furnish(port: int, receiver: int) -> None:
    pool, base = urllib3.PoolManager(), f"http://127.0.0.1:{port}/ngsi-ld/v1"

    def post(path: str, content: Any) -> None:
        answer = pool.request("POST", base + path, json=content)
        assert answer.status == 201, answer.data

    lamps = [{"id": lamp(n), "type": "Lamp", "power": 1, "name": f"Lamp {n}"} for n in range(SUBSCRIPTIONS)]
    post("/entityOperations/create", lamps)
    for number in range(SUBSCRIPTIONS):
        notification = {"format": "keyValues", "endpoint": {"uri": f"http://127.0.0.1:{receiver}/{number}"}}
        entities = [{"type": "Lamp", "id": lamp(number)}]
        post("/subscriptions", {"type": "Subscription", "entities": entities, "notification": notification})


async def updates(port: int) -> list[float]:
    """Milliseconds until each answer. Each update says when it was sent."""
    loop = asyncio.get_running_loop()
    idle: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(32):
        idle.put_nowait((await loop.create_connection(_Connection, "127.0.0.1", port))[1])
    answered: list[float] = []

    async def one(number: int, connection: _Connection) -> None:
        path = f"/ngsi-ld/v1/entities/{lamp(number * 7919 % SUBSCRIPTIONS)}/attrs"
        began = time.perf_counter()
        body = orjson.dumps({"power": {"type": "Property", "value": micros_of(now())}})
        assert await connection.ask(request("PATCH", path, port=port, body=body)) == 204
        answered.append((time.perf_counter() - began) * 1000)
        idle.put_nowait(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(WARM + RATE * SECONDS):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            group.create_task(one(number, await idle.get()))
    return answered


@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_write_to_receipt(tmp_path: Path, figures: Figures, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("durable_postgres") if database == "PostgreSQL" else ""
    port = free_port()
    receiving = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.receiver", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        text=True,
    )
    try:
        assert receiving.stdout is not None
        assert receiving.stdin is not None
        assert receiving.stdout.readline() == "ready\n"
        with lone_hub(tmp_path / "home", url) as hub:
            furnish(hub, port)
            answers = sorted(asyncio.run(updates(hub))[WARM:])
            time.sleep(1)
            receiving.stdin.write("\n")
            receiving.stdin.flush()
            came = json.loads(receiving.stdout.readline())
    finally:
        receiving.kill()
        receiving.communicate()
    assert len(came) == len(set(map(tuple, came))) == WARM + RATE * SECONDS, "each update was told, once"
    waits = sorted((at - sent) / 1000 for sent, at in sorted(came)[WARM:])
    for part in (50, 99):
        value, bare = (each[int(len(each) * part / 100)] for each in (waits, answers))
        what = f"{SUBSCRIPTIONS} subscriptions, {RATE} updates/s, {database}: p{part}"
        figures.add("notification", what, value, bare, "ms", "until the write is answered")
