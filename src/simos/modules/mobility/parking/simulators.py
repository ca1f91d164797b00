"""What plays a city's parking sensors: a living day, the same for the same seed, sent as a real counter sends it.

The counts go over HTTP to the public port with a device's token. `free_at` is the whole day as a pure function.
"""

import random
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import exp, pi, sin
from zoneinfo import ZoneInfo

from simos.hub.client import HubClient
from simos.kernel.clock import now
from simos.modules.mobility.parking.demo import FACILITIES
from simos.modules.mobility.parking.values import FREE, TYPE, id_of
from simos.platform.things.simulation import Simulator, Site

EVERY_SECONDS = 2.0
"""How often a few counters send: livelier than real ones, to be looked at."""

PAST = timedelta(hours=24)
PAST_STEP = timedelta(minutes=15)
WEEKS_BEFORE = timedelta(days=35)
"""So much history is there before the last day: enough to learn forecasts from, and to see weekdays differ."""

ZONE = ZoneInfo("Europe/Ljubljana")


def _bump(hour: float, peak: float, width: float) -> float:
    return exp(-(((hour - peak) / width) ** 2))


def free_at(code: str, capacity: int, at: datetime, seed: int) -> int:
    """Free spaces of a facility at an instant: a working day's or a weekend's tide, with waves of its own."""
    own = random.Random(f"{seed} {code}")  # noqa: S311 - play, not secrets
    size, shift, phase = own.uniform(0.75, 1.02), own.uniform(-0.7, 0.7), own.uniform(0, 2 * pi)
    local = at.astimezone(ZONE)
    hour = local.hour + local.minute / 60 + local.second / 3600 + shift
    working = 0.85 * _bump(hour, 10.5, 3.6) + 0.35 * _bump(hour, 17.0, 2.2)
    weekend = 0.55 * _bump(hour, 11.0, 3.0) + 0.3 * _bump(hour, 19.0, 3.0)
    tide = weekend if local.weekday() >= 5 else working
    seconds = at.timestamp()
    waves = 0.03 * sin(seconds / 1700 + phase) + 0.015 * sin(seconds / 97 + 3 * phase)
    occupied = 0.08 + size * tide + waves
    return max(0, round(capacity * (1 - occupied)))


def _counted(city: str, code: str, free: int, at: datetime) -> Mapping[str, object]:
    seen = at.isoformat().replace("+00:00", "Z")
    return {
        "id": id_of(city, code),
        "type": TYPE,
        FREE: {"type": "Property", "value": free, "observedAt": seen},
    }


def _weeks_of(site: Site, code: str, capacity: int, until: datetime) -> Mapping[str, object]:
    """The facility's weeks before `until`, at full quarters of an hour: the same again changes nothing."""
    last = datetime.fromtimestamp(int(until.timestamp()) // 900 * 900, UTC)
    times = (last - step * PAST_STEP for step in range(int(WEEKS_BEFORE / PAST_STEP), -1, -1))
    counts = [dict(_counted(site.city, code, free_at(code, capacity, at, site.seed), at)) for at in times]
    whole: dict[str, object] = {FREE: [each[FREE] for each in counts]}
    return counts[-1] | whole


def run(site: Site, stop: threading.Event) -> None:
    """First the weeks before, as history, and the last 24 hours, so that there is a day to see; then every counter
    whenever its number changes."""
    hub = HubClient(site.base_url, site.token, patience=60)
    capacities = {code: capacity for code, _, _, capacity, _, _ in FACILITIES}
    began = now()
    for code, size in capacities.items():
        hub.record(site.city, _weeks_of(site, code, size, began - PAST))
    for step in range(int(PAST / PAST_STEP), 0, -1):
        at = (began - step * PAST_STEP).replace(microsecond=0)
        hub.upsert(
            site.city,
            [_counted(site.city, code, free_at(code, size, at, site.seed), at) for code, size in capacities.items()],
        )
        if stop.is_set():
            return
    sent: dict[str, int] = {}
    said_at: dict[str, float] = {}
    while not stop.wait(EVERY_SECONDS):
        at = now().replace(microsecond=0)
        news = {code: free_at(code, size, at, site.seed) for code, size in capacities.items()}
        # A counter also speaks when nothing changed for a while: silence would look like a fault.
        due = {
            code: free
            for code, free in news.items()
            if free != sent.get(code) or time.monotonic() - said_at.get(code, 0) > 300
        }
        if due:
            hub.upsert(site.city, [_counted(site.city, code, free, at) for code, free in due.items()])
            sent |= due
            said_at |= dict.fromkeys(due, time.monotonic())


simulators = (Simulator(name="parking counters", types=(TYPE,), run=run),)
