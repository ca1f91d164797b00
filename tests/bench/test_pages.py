"""Pages beside a constant view that the same processes serve: its address exists in these measurements only."""

from functools import partial

import psutil
import pytest

from tests.bench.figures import Figures
from tests.bench.http_load import Load, Order, loaded, request
from tests.bench.rounds import best_loads
from tests.running import Running

pytestmark = pytest.mark.bench

SECONDS, WARM = 3.0, 0.5
MIB = 1024 * 1024
CLIENTS = 8
RATE = 50.0


ADDRESSES = {"bare": "/bench/constant", "parking list of 100": "/celje/parkiranje/", "city home": "/celje/"}


@pytest.mark.parametrize("rate", [RATE, None])
def test_pages(platform: Running, figures: Figures, rate: float | None) -> None:
    name = f"{rate:.0f}/s" if rate else f"{CLIENTS} clients at full speed"
    best = best_loads({what: partial(_loaded, platform, path, rate) for what, path in ADDRESSES.items()})
    bare = best.pop("bare")
    for what, load in best.items():
        for part in (50, 95):
            said = f"{what}, {name}: p{part}"
            figures.add("page", said, load.percentile(part), bare.percentile(part), "ms", "constant view, alike")
        if rate is None:
            figures.add("page", f"{what}, {name}", load.per_second, bare.per_second, "/s", "constant view, alike")


def test_memory_after_a_city_home_at_its_rate(platform: Running, figures: Figures) -> None:
    """What the web process holds after the city's home was asked for at the rate that it must bear."""
    held = {}
    for what in ("bare", "city home"):
        load = _loaded(platform, ADDRESSES[what], RATE, seconds=4 * SECONDS)
        held[what] = psutil.Process(platform.pid("web")).memory_info().rss / MIB
    figures.add("page", f"city home, {RATE:.0f}/s: reached", load.per_second, RATE, "/s", "the rate that was asked")
    said = f"web process after the city home at {RATE:.0f}/s, RSS"
    figures.add("page", said, held["city home"], held["bare"], "MiB", "after the constant view, alike")


def _loaded(platform: Running, path: str, rate: float | None, *, seconds: float = SECONDS) -> Load:
    sent = [request("GET", path, port=platform.port, accept="text/html")]
    clients = 1 if rate else CLIENTS
    load = loaded(Order(port=platform.port, clients=[sent] * clients, rate=rate, seconds=seconds, warm=WARM))
    assert set(load.statuses) == {200}
    return load
