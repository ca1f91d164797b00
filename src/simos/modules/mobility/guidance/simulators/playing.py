"""Playing a city's panels, all in one thread."""

import logging
import threading
from dataclasses import dataclass

import urllib3

from simos.modules.mobility.guidance.demo import panels
from simos.modules.mobility.guidance.simulators.panel import PlayedPanel
from simos.modules.mobility.guidance.simulators.wires import ByHttp, ByMqtt, turn_all
from simos.platform.things.simulation import Site, unless_played_by_hand

log = logging.getLogger(__name__)

PLAYED = "panels"
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
    unless_played_by_hand(PLAYED, site.city, stop, lambda away: play(site, codes, Wishes(), away))
