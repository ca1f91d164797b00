"""Reads of one entity by its id, alone and while pages are loaded, beside a constant route of a server alike."""

import pytest

from tests.bench.conftest import CITY
from tests.bench.counts import FACILITIES, facility_id
from tests.bench.figures import Figures
from tests.bench.http_load import Load, Order, loaded, request, under_load
from tests.running import Running

pytestmark = pytest.mark.bench

SECONDS, WARM = 3.0, 0.5
PAGES = 50.0
"""A second, from another process."""


def by_id(port: int, token: str = "") -> list[bytes]:
    ids = (facility_id("p", place) for place in range(FACILITIES))
    return [request("GET", f"/ngsi-ld/v1/entities/{each}", port=port, tenant=CITY, token=token) for each in ids]


def test_reads(platform: Running, constant_port: int, writer_token: str, figures: Figures) -> None:
    ours, open_data = by_id(platform.port, writer_token), by_id(platform.port)
    constant = [request("GET", "/constant", port=constant_port)]
    for clients, under_pages in ((1, False), (8, False), (1, True)):
        bare = _measured(constant_port, constant, clients, platform if under_pages else None)
        condition = f"{clients} client{'s' * (clients > 1)}" + (", 50 pages/s meanwhile" if under_pages else "")
        for how, sent in (("with a token", ours), ("open data", open_data)):
            load = _measured(platform.port, sent, clients, platform if under_pages else None)
            for name, part in (("p50", 50), ("p95", 95), ("p99", 99)):
                what = f"GET by id, {how}, {condition}: {name}"
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
