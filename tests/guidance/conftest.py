"""What guidance's tests share: cities where it is on, a hub beside them, facilities with counts, and panels."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from simos.hub.client import HubClient
from simos.kernel.acting import Scope
from simos.kernel.clock import clock_set_to, now
from simos.kernel.registry import installed_modules
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.module import module
from simos.modules.mobility.guidance.tests.made_up import NOW, PANEL
from simos.modules.mobility.guidance.values import HEARTBEAT, REPORT, SHOWN, STATUS, Arrow, Line, report_of
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.values import FacilityFacts
from simos.platform.jobs.queries import dead_letters
from simos.platform.scopes.actions import switch_on
from simos.platform.things.working import runners_for
from simos.testing.acting import SYSTEM
from simos.testing.hub import hub_in_process
from simos.testing.work import run_all

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
LONG_AGO = NOW - timedelta(days=1)
"""Since then the platform has listened to panels."""


class SteppingClock:
    """Stands still until a test lets time pass."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def let_pass(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def present() -> Iterator[SteppingClock]:
    """The platform's present is NOW, and goes on when the test says so."""
    clock = SteppingClock(NOW)
    with clock_set_to(clock):
        yield clock


@pytest.fixture
def switched_on(db: None, present: SteppingClock) -> None:
    """Parking and guidance are on in Celje and Koper, and in no other city."""
    for scope in (CELJE, KOPER):
        for name in ("mobility/parking", module.name):
            switch_on(scope, name, by=SYSTEM, at=NOW)


@pytest.fixture
def hub(request: pytest.FixtureRequest) -> Iterator[HubClient]:
    """An empty hub, on the kind of database that the register has in this run."""
    url = request.getfixturevalue("postgres_store_url") if connection.vendor == "postgresql" else ""
    with hub_in_process("celje", "koper", database_url=url) as client:
        yield client


@pytest.fixture
def facilities(switched_on: None, hub: HubClient) -> None:
    """Three facilities in Celje, counted just now: 112, 40 and 50 free."""
    there = [FacilityFacts(code=code, name=f"Parkirišče {code.capitalize()}", capacity=320) for code in COUNTED]
    save_facilities(CELJE, there, by=SYSTEM, at=NOW)
    for code, free in COUNTED.items():
        counted(hub, code, free)
    work()


COUNTED = {"glazija": 112, "dvor": 40, "lava": 50}
TWO = replace(
    PANEL,
    lines=(
        Line(arrow=Arrow.LEFT, label="GLAZIJA", serves=("glazija",)),
        Line(arrow=Arrow.AHEAD, label="DVOR", serves=("dvor",)),
    ),
)
"""A panel of two lines."""


def counted(hub: HubClient, code: str, free: int, *, at: datetime | None = None) -> None:
    """A sensor counted so many free spaces, now unless said otherwise."""
    seen = stamp(at or now())
    value = {"type": "Property", "value": free, "observedAt": seen}
    entity = {"id": f"urn:ngsi-ld:OffStreetParking:celje:{code}", "type": "OffStreetParking"}
    assert hub.upsert("celje", [{**entity, "availableSpotNumber": value}]).refused == ()


def reported(hub: HubClient, code: str, pages: object = None, *, status: str = "working") -> None:
    """The panel says what it shows, or only that it lives."""
    entity: dict[str, object] = {"id": report_of("celje", code), "type": REPORT}
    entity[STATUS] = {"type": "Property", "value": status}
    entity[HEARTBEAT] = {"type": "Property", "value": stamp(now()), "observedAt": stamp(now())}
    if pages is not None:
        entity[SHOWN] = {"type": "Property", "value": {"pages": pages}, "observedAt": stamp(now())}
    assert hub.upsert("celje", [entity]).refused == ()


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def work() -> None:
    """The worker has done all that waits, and given up nothing."""
    run_all(runners_for(installed_modules()))
    assert not dead_letters()


def follow() -> None:
    """The panels have been looked after, as the gateway does, and the worker has done all that led to."""
    look_after(CELJE, listening=LONG_AGO, by=SYSTEM, at=now())
    work()
