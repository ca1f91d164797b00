"""The contract of a module's `simulators.py`: what plays hardware and foreign systems, over the real one's wire.

A simulator is labelled as such wherever its data is shown, and the same seed plays the same day. Somebody may play a
city's devices by hand, well behaved or not: the demo's simulator leaves them alone meanwhile.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a simulator plays: a city, the platform's public address, and a token as a device has one."""

    city: str
    base_url: str
    token: str
    mqtt_host: str
    mqtt_port: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """Something simulated. `run` plays until `stop` is set; it may raise, and is then started again later.

    `types`: the entity types its token may write.
    """

    name: str
    types: tuple[str, ...]
    run: Callable[[Site, threading.Event], None]


def unless_played_by_hand(what: str, city: str, stop: threading.Event, play: Callable[[threading.Event], None]) -> None:
    """`play` plays until `stop` is set, but for the time in which somebody plays the city's `what` by hand. It gets an
    event of its own, at which it is to end."""
    while not stop.is_set():
        if _by_hand(what, city):
            stop.wait(1.0)
            continue
        away = threading.Event()
        watching = threading.Thread(target=_watch, args=(what, city, stop, away), daemon=True)
        watching.start()
        try:
            play(away)
        finally:
            away.set()
            watching.join()


@contextmanager
def taken_over(what: str, city: str) -> Iterator[None]:
    """Within the block the demo's own simulator leaves the city's `what` alone."""
    mark = _mark(what, city)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(os.getpid()))
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _watch(what: str, city: str, stop: threading.Event, away: threading.Event) -> None:
    while not away.is_set() and not stop.wait(0.5):
        if _by_hand(what, city):
            break
    away.set()


def _mark(what: str, city: str) -> Path:
    folder: Path = settings.SIMOS.run_folder
    return folder / f"played-{what}-{city}.pid"


def _by_hand(what: str, city: str) -> bool:
    try:
        os.kill(int(_mark(what, city).read_text()), 0)
    except (OSError, ValueError):
        return False
    return True
