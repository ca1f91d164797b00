"""The contract of a module's `simulators.py`: what plays hardware and foreign systems, over the real one's wire.

A simulator is labelled as such wherever its data is shown, and the same seed plays the same day.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass


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
