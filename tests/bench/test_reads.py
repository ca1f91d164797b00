"""Reads of one entity by its id, alone and while pages are loaded, beside a constant route of a server alike."""

from functools import partial

import pytest

from tests.bench.conftest import CITY
from tests.bench.counts import FACILITIES, facility_id
from tests.bench.figures import Figures
from tests.bench.http_load import Load, Order, loaded, request, under_load
from tests.bench.rounds import best_loads
from tests.running import Running

pytestmark = pytest.mark.bench

SECONDS, WARM = 2.0, 0.5
PAGES = 50.0
"""A second, from another process."""


def by_id(port: int, token: str = "") -> list[bytes]:
    ids = (facility_id("p", place) for place in range(FACILITIES))
    return [request("GET", f"/ngsi-ld/v1/entities/{each}", port=port, tenant=CITY, token=token) for each in ids]


def test_reads(platform: Running, constant_port: int, writer_token: str, figures: Figures) -> None:
    ours, open_data = by_id(platform.port, writer_token), by_id(platform.port)
    constant = [request("GET", "/constant", port=constant_port)]
    for clients, paged in ((1, None), (8, None), (1, platform)):

        def measure(port: int, sent: list[bytes], clients: int = clients, paged: Running | None = paged) -> Load:
            return _measured(port, sent, clients, paged)

        best = best_loads(
            {
                "bare": partial(measure, constant_port, constant),
                "with a token": partial(measure, platform.port, ours),
                "open data": partial(measure, platform.port, open_data),
            }
        )
        condition = f"{clients} client{'s' * (clients > 1)}" + (", 50 pages/s meanwhile" if paged else "")
        bare = best.pop("bare")
        for how, load in best.items():
            for part in (50, 95, 99):
                what = f"GET by id, {how}, {condition}: p{part}"
                figures.add("read", what, load.percentile(part), bare.percentile(part), "ms", "constant route, alike")
            what = f"GET by id, {how}, {condition}"
            figures.add("read", what, load.per_second, bare.per_second, "/s", "constant route, alike")


def _measured(port: int, requests: list[bytes], clients: int, paged: Running | None) -> Load:
    order = Order(port=port, clients=[requests] * clients, seconds=SECONDS, warm=WARM)
    if paged is None:
        return _good(loaded(order))
    page = [request("GET", "/celje/parkiranje/", port=paged.port, accept="text/html")]
    pages = Order(port=paged.port, clients=[page], rate=PAGES, seconds=SECONDS + 2 * WARM)
    with under_load(pages) as beside:
        load = loaded(order)
    _good(beside)
    return _good(load)


def _good(load: Load) -> Load:
    assert set(load.statuses) == {200}
    return load
