"""Pages beside a constant view that the same processes serve: its address exists in these measurements only."""

import pytest

from tests.bench.figures import Figures
from tests.bench.http_load import Load, Order, loaded, request
from tests.running import Running

pytestmark = pytest.mark.bench

SECONDS, WARM = 5.0, 1.0
CLIENTS = 8
RATE = 50.0


def test_pages(platform: Running, figures: Figures) -> None:
    for name, rate in (("50/s", RATE), (f"{CLIENTS} clients at full speed", None)):
        bare = _loaded(platform, "/bench/constant", rate)
        for what, path in (("parking list of 100", "/celje/parkiranje/"), ("city home", "/celje/")):
            load = _loaded(platform, path, rate)
            for part in (50, 95):
                said = f"{what}, {name}: p{part}"
                figures.add("page", said, load.percentile(part), bare.percentile(part), "ms", "constant view, alike")
            if rate is None:
                figures.add("page", f"{what}, {name}", load.per_second, bare.per_second, "/s", "constant view, alike")


def _loaded(platform: Running, path: str, rate: float | None) -> Load:
    sent = [request("GET", path, port=platform.port, accept="text/html")]
    clients = 1 if rate else CLIENTS
    load = loaded(Order(port=platform.port, clients=[sent] * clients, rate=rate, seconds=SECONDS, warm=WARM))
    assert set(load.statuses) == {200}
    return load
