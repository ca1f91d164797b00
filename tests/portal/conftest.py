"""What the portal's tests share: a visitor, and a hub beside the register."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from simos.hub.client import HubClient
from simos.kernel.acting import Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.modules.portal.home.actions.founding import found
from simos.testing.acting import SYSTEM
from simos.testing.hub import hub_in_process

NOW = datetime(2025, 9, 1, 10, 0, tzinfo=UTC)
"""In Celje that is noon."""

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """The platform's present is NOW."""
    with clock_set_to(FrozenClock(NOW)):
        yield


@pytest.fixture
def visitor(db: None) -> Client:
    """A browser of somebody of whom nothing is known."""
    return Client(raise_request_exception=False)


@pytest.fixture
def hub(request: pytest.FixtureRequest) -> Iterator[HubClient]:
    """An empty hub, on the kind of database that the register has in this run."""
    url = request.getfixturevalue("postgres_store_url") if connection.vendor == "postgresql" else ""
    with hub_in_process("celje", "koper", database_url=url) as client:
        yield client


@pytest.fixture
def founded(db: None) -> None:
    """Every city has its first pages."""
    found(by=SYSTEM, at=NOW)
