"""One furnished register and hub for all tests of access; each request is undone, so that the next finds the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from simos.hub.client import HubClient
from simos.testing.hub import hub_in_process
from tests.access.things import CELJE, KOPER, Asker, Furnished, all_askers, furnished, two_cities


@dataclass(frozen=True)
class World:
    """Who asks, and what there is in the two cities."""

    askers: Mapping[str, Asker]
    celje: Furnished
    koper: Furnished
    hub: HubClient


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Made once; nothing of it is left."""
    limits = {"SIMOS_RATE_API": "", "SIMOS_RATE_FORMS": "", "RATELIMIT_ENABLE": False}
    with django_db_blocker.unblock(), hub_in_process("celje", "koper") as hub, override_settings(**limits):  # type: ignore[attr-defined]
        cache.clear()
        with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
            patch.setattr("simos.web.office.desks.tokens.hub", lambda: hub)  # which writes in transactions too
            two_cities()
            askers = all_askers()
            yield World(
                askers,
                furnished(CELJE, askers["officer"], hub),
                furnished(KOPER, askers["foreign"], hub),
                hub,
            )
            transaction.set_rollback(True)
        cache.clear()
