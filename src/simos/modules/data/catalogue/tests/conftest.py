"""What the catalogue's tests share: parking is on in Celje, whose hub knows two car parks and a closed thing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from simos.hub.client import HubClient
from simos.kernel.acting import Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.platform.scopes.actions import switch_on
from simos.testing.acting import SYSTEM
from simos.testing.hub import hub_in_process

NOW = datetime(2026, 11, 10, 10, tzinfo=UTC)
CELJE = Scope.city("celje")


def car_park(code: str, free: object, at: str, **more: object) -> dict[str, object]:
    name = {"type": "LanguageProperty", "languageMap": {"sl": f"Parkirišče {code}", "en": f"Car park {code}"}}
    return {
        "id": f"urn:ngsi-ld:OffStreetParking:celje:{code}",
        "type": "OffStreetParking",
        "name": name,
        "availableSpotNumber": {"type": "Property", "value": free, "observedAt": at, "unitCode": "C62"},
        **more,
    }


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    with clock_set_to(FrozenClock(NOW)):
        yield


@pytest.fixture
def celje(db: None, request: pytest.FixtureRequest) -> Iterator[HubClient]:
    """Celje as it is said above."""
    url = request.getfixturevalue("postgres_store_url") if connection.vendor == "postgresql" else ""
    switch_on(CELJE, "mobility/parking", by=SYSTEM, at=NOW)
    with hub_in_process("celje", "koper", database_url=url) as client:
        where = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [15.26, 46.23]}}
        formula = {"type": "Property", "value": "=cmd()"}
        glazija = car_park("glazija", 30, "2026-11-10T08:00:00Z", location=where, address=formula)
        client.upsert("celje", [car_park("glazija", 12, "2026-11-03T08:00:00Z")])
        client.upsert("celje", [glazija, car_park("mariborska", 7, "2026-11-08T08:00:00Z")])
        client.upsert("celje", [{"id": "urn:ngsi-ld:Secret:1", "type": "Secret"}])
        yield client
