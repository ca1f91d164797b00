"""What parking's tests share: a city where it is on, a hub beside it, and facilities and counts to fill them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from simos.hub.client import HubClient
from simos.kernel.acting import Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.geo import Point
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.values import FREE, TYPE, FacilityFacts, Kind, id_of
from simos.platform.scopes.actions import switch_on
from simos.testing.acting import SYSTEM
from simos.testing.hub import hub_in_process

NOW = datetime(2025, 9, 1, 10, 0, tzinfo=UTC)
"""In Celje that is noon."""

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")

GLAZIJA = FacilityFacts(
    code="glazija",
    name="Parkirišče Glazija",
    kind=Kind.LOT,
    capacity=1320,
    place=Point(15.2638, 46.2331),
    address="Ljubljanska cesta 10",
)
DVOR = FacilityFacts(code="knezji-dvor", name="Garaža Knežji dvor", kind=Kind.GARAGE, capacity=140)


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """The platform's present is NOW."""
    with clock_set_to(FrozenClock(NOW)):
        yield


@pytest.fixture
def switched_on(db: None) -> None:
    """Parking is on in Celje and Koper, and in no other city."""
    for scope in (CELJE, KOPER):
        switch_on(scope, module.name, by=SYSTEM, at=NOW)


@pytest.fixture
def hub(request: pytest.FixtureRequest) -> Iterator[HubClient]:
    """An empty hub, on the kind of database that the register has in this run."""
    url = request.getfixturevalue("postgres_store_url") if connection.vendor == "postgresql" else ""
    with hub_in_process("celje", "koper", database_url=url) as client:
        yield client


def counted(hub: HubClient, code: str, free: object, ago: timedelta = timedelta(), *, city: str = "celje") -> None:
    """A sensor counted so many free spaces, so long before NOW."""
    seen = (NOW - ago).isoformat().replace("+00:00", "Z")
    value = {"type": "Property", "value": free, "observedAt": seen}
    assert hub.upsert(city, [{"id": id_of(city, code), "type": TYPE, FREE: value}]).refused == ()
