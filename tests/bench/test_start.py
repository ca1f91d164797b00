"""How long a start takes, and what each process holds in memory, at rest and with 100,000 entities."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.bench.conftest import CITY, platform_in, seconds_of
from tests.bench.counts import bodies, stations
from tests.bench.figures import Figures
from tests.bench.http_load import Order, loaded, request
from tests.running import Running

pytestmark = pytest.mark.bench

ENTITIES = 100_000
MIB = 1024 * 1024
_DJANGO = (
    "from django.conf import settings; settings.configure(INSTALLED_APPS=['django.contrib.auth',"
    "'django.contrib.contenttypes','django.contrib.sessions','django.contrib.messages']); import django; django.setup()"
)


def test_start_and_memory(tmp_path: Path, figures: Figures) -> None:
    bare = min(seconds_of([sys.executable, "-c", _DJANGO]) for _ in range(3))
    against = "Django alone, set up"
    began = time.perf_counter()
    with platform_in(tmp_path / "home") as platform:
        figures.add("start", "first, with all migrations", time.perf_counter() - began, bare, "s", against)
        platform.stop()
        began = time.perf_counter()
        platform.start()
        figures.add("start", "again", time.perf_counter() - began, bare, "s", against)
        time.sleep(2)
        _rest(platform, figures)
        _full(platform, figures)


def _rest(platform: Running, figures: Figures) -> None:
    bare = _bare_interpreter()
    for name in ("hub", "web", "worker"):
        platform.get("/celje/")
        _add(figures, f"{name} at rest", _held(platform.pid(name)), bare)
    assert platform.process is not None
    _add(figures, "parent at rest", _held(platform.process.pid), bare)


def _full(platform: Running, figures: Figures) -> None:
    before = _held(platform.pid("hub"))
    head = {"port": platform.port, "token": platform.service_token, "tenant": CITY}
    documents = stations("full", ENTITIES, facilities=ENTITIES)
    sent = [
        request("POST", "/ngsi-ld/v1/entityOperations/upsert", body=each, **head) for each in bodies(documents, 1000)
    ]
    load = loaded(Order(port=platform.port, clients=[sent]))
    assert set(load.statuses) == {201}
    after = _held(platform.pid("hub"))
    for kind in (0, 1):
        what = f"hub with {ENTITIES:,} entities of 8 attributes, {('RSS', 'PSS')[kind]}"
        figures.add("memory", what, after[kind], before[kind], "MiB", "hub at rest")


def _held(pid: int) -> tuple[float, float]:
    """RSS and PSS in MiB. PSS counts what processes share by parts, so that it may be added up."""
    found = psutil.Process(pid).memory_full_info()
    return found.rss / MIB, found.pss / MIB


def _bare_interpreter() -> tuple[float, float]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    time.sleep(0.5)
    try:
        return _held(process.pid)
    finally:
        process.communicate(b"\n")


def _add(figures: Figures, what: str, held: tuple[float, float], bare: tuple[float, float]) -> None:
    figures.add("memory", f"{what}, RSS", held[0], bare[0], "MiB", "a bare interpreter")
    figures.add("memory", f"{what}, PSS", held[1], bare[1], "MiB", "a bare interpreter")
