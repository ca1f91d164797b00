"""Playing a city's panels, all in one thread; and stepping aside while somebody plays them by hand."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3
from django.conf import settings

from simos.modules.mobility.guidance.demo import panels
from simos.modules.mobility.guidance.simulators.panel import PlayedPanel
from simos.modules.mobility.guidance.simulators.wires import ByHttp, ByMqtt, turn_all
from simos.platform.things.simulation import Site

log = logging.getLogger(__name__)

TURN_SECONDS = 0.25
EVERY_SO_MANY_ASKS = 6
"""Of so many panels one asks over HTTP; the others are told over MQTT."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How panels are to misbehave, by code."""

    unplugged: frozenset[str] = frozenset()
    lying: frozenset[str] = frozenset()


def play(site: Site, codes: tuple[str, ...], wishes: Wishes, stop: threading.Event) -> None:
    """The panels with these codes are played until `stop` is set; then they are unplugged."""
    played = [PlayedPanel(site.city, code, lies=code in wishes.lying) for code in codes if code not in wishes.unplugged]
    asking = {each.code for number, each in enumerate(played) if number % EVERY_SO_MANY_ASKS == 0 or not site.mqtt_port}
    pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5.0))
    by_http = [ByHttp(site, each, pool) for each in played if each.code in asking]
    by_mqtt = [ByMqtt(site, each) for each in played if each.code not in asking]
    try:
        while not stop.is_set():
            turn_all(by_mqtt, TURN_SECONDS)
            for each in by_http:
                try:
                    each.turn()
                except (urllib3.exceptions.HTTPError, OSError) as error:
                    log.debug("panel %s finds nobody: %s", each.panel.code, error)
    finally:
        for plugged in by_mqtt:
            plugged.unplug()
        pool.clear()


def run(site: Site, stop: threading.Event) -> None:
    """The demo's panels are played until `stop` is set, but for the time in which somebody plays them by hand."""
    codes = tuple(each.code for each in panels())
    while not stop.is_set():
        away = threading.Event()
        watching = threading.Thread(target=_watch, args=(site.city, stop, away), daemon=True)
        watching.start()
        if not _by_hand(site.city):
            play(site, codes, Wishes(), away)
        else:
            stop.wait(1.0)
        away.set()
        watching.join()


def _watch(city: str, stop: threading.Event, away: threading.Event) -> None:
    while not away.is_set() and not stop.wait(0.5):
        if _by_hand(city):
            break
    away.set()


def _mark(city: str) -> Path:
    folder: Path = settings.SIMOS.run_folder
    return folder / f"panels-{city}.pid"


def _by_hand(city: str) -> bool:
    """Whether somebody plays the city's panels by hand."""
    try:
        pid = int(_mark(city).read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return True


@contextmanager
def taken_over(city: str) -> Iterator[None]:
    """Within the block the demo's own simulator leaves the city's panels alone."""
    mark = _mark(city)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(os.getpid()))
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
