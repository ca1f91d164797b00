"""What a subscriber may rely on: at least once, in order, whoever else is dead or slow, also after `kill -9`."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from simos.hub.addresses import NotAllowed, Reach
from tests.conformance.ngsild.asking import Client, Receiver
from tests.conformance.ngsild.test_notifications import lamp, marked, prop, subscribe, update
from tests.running import free_port, until

MANY = 450
"""More than one subscription holds in memory: the log has to give the rest."""


def told_values(receiver: Receiver, entity_id: str) -> list[Any]:
    entities = [entity for each in receiver.received for entity in each.body["data"]]
    return [each["power"]["value"] for each in entities if each["id"] == entity_id]


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_who_is_dead_or_silent_holds_up_nobody_and_is_made_whole(hub: Client, receiver: Receiver, silent: str) -> None:
    port = free_port()
    dead = subscribe(hub, receiver, endpoint={"uri": f"http://127.0.0.1:{port}/notify"})
    mute = subscribe(hub, receiver, endpoint={"uri": silent})
    subscribe(hub, receiver)
    hub.done("POST", "/entities", lamp())
    for number in range(2, MANY):
        update(hub, power=prop(number))
    assert [each["power"]["value"] for each in marked(hub, receiver)] == list(range(1, MANY)), "all of it, in order"
    shown = hub.get(dead).body["notification"]
    assert (shown["status"], shown["timesFailed"] > 0, "lastFailure" in shown) == ("failed", True, True)
    hub.done("DELETE", mute)
    revived = Receiver(port=port)
    try:
        until("the dead one has it all", lambda: "urn:lamp:mark" in ids_told(revived), seconds=60)
    finally:
        revived.close()
    values = told_values(revived, "urn:lamp:1")
    assert len(values) == MANY - 1, "one notification for each change"
    assert values == sorted(values), "in order"
    assert values[-1] == MANY - 1
    assert hub.get(dead).body["notification"]["status"] == "ok"


def ids_told(receiver: Receiver) -> set[str]:
    return {entity["id"] for each in list(receiver.received) for entity in each.body["data"]}


def test_a_receiver_that_refuses_is_not_asked_again_and_one_that_is_busy_is(hub: Client) -> None:
    answers = itertools.chain([400, 503, 503, 204], itertools.repeat(204))
    receiver = Receiver(answer=lambda _path: next(answers))
    try:
        subscribe(hub, receiver)
        hub.done("POST", "/entities", lamp())
        receiver.wait(1)
        time.sleep(0.5)
        assert len(receiver.received) == 1, "refused is refused"
        update(hub)
        tried = receiver.wait(4)[1:]
    finally:
        receiver.close()
    assert [each.entity["power"]["value"] for each in tried] == [2, 2, 2]
    assert len({each.body["id"] for each in tried}) == 1, "the same notification bears the same id"


def test_cooldown_is_kept_after_a_failure(hub: Client) -> None:
    answers = itertools.chain([500], itertools.repeat(204))
    times: list[float] = []

    def answer(_path: str) -> int:
        times.append(time.monotonic())
        return next(answers)

    receiver = Receiver(answer=answer)
    try:
        subscribe(hub, receiver, endpoint={"cooldown": 1500})
        hub.done("POST", "/entities", lamp())
        receiver.wait(2)
    finally:
        receiver.close()
    assert times[1] - times[0] >= 1.5


def test_strangers_addresses_never_lead_into_private_networks() -> None:
    closed, allowed = Reach(), Reach(hosts=frozenset({"intranet", "10.20.0.0/16"}))
    for address in ("127.0.0.1", "10.20.1.1", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.20.1.1"):
        assert not closed.may_name(f"[{address}]" if ":" in address else address)
        assert not closed.may_reach("example.org", address)
    assert not closed.may_name("localhost")
    assert closed.may_name("example.org")
    assert closed.may_reach("example.org", "93.184.216.34")
    assert allowed.may_reach("intranet", "192.168.1.1")
    assert allowed.may_reach("anything", "10.20.1.1")
    assert not allowed.may_reach("anything", "10.21.1.1")
    assert not Reach(everywhere=True).may_reach("metadata", "169.254.169.254"), "never"
    with pytest.raises(NotAllowed):
        closed.resolved("localhost", 80)


class Killable:
    """A hub in a process of its own, that can be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.client = Client(f"http://127.0.0.1:{self.port}", "")
        self._command = [
            *(sys.executable, "-m", "simos.app.cli", "hub", "serve"),
            *("--home", str(home), "--port", str(self.port), "--open"),
        ]
        self._environment = {**os.environ, "SIMOS_HOME": str(home)}
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until("the hub answers", self._answers)

    def _answers(self) -> bool:
        try:
            return self.client.get("/types").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def test_killed_in_the_middle_nothing_acknowledged_is_lost(tmp_path: Path, receiver: Receiver) -> None:
    hub = Killable(tmp_path / "home")
    acknowledged: list[str] = []
    paused, stop = threading.Event(), threading.Event()

    def write() -> None:
        client = Client(hub.client.base, "")
        for number in itertools.count():
            if stop.is_set():
                return
            while paused.is_set():
                time.sleep(0.01)
            try:
                if client.ask("POST", "/entities", lamp(f"urn:lamp:{number}")).status == 201:
                    acknowledged.append(f"urn:lamp:{number}")
            except urllib3.exceptions.HTTPError:
                continue  # killed meanwhile: nobody has promised anything

    slow = Receiver(answer=lambda _path: time.sleep(0.02) or 204)
    try:
        for each in (receiver, slow):
            subscribe(hub.client, each)
        writing = threading.Thread(target=write)
        writing.start()
        for _ in range(3):
            at = len(acknowledged)
            until("some are written", lambda at=at: len(acknowledged) > at + 100)
            hub.kill()
            paused.set()
            hub.start()
            paused.clear()
        stop.set()
        writing.join()
        for each in (receiver, slow):
            until("everything is told", lambda each=each: set(acknowledged) <= ids_told(each), seconds=60)
        shown = hub.client.get("/subscriptions").body
        assert all(each["notification"]["timesSent"] > 0 for each in shown), "what was counted outlives a kill"
    finally:
        stop.set()
        hub.stop()
        slow.close()
