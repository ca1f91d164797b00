"""An hour of damaged inputs to all that reads other people's text, and to the addresses by what OpenAPI says of them.

No crash, no hang, no 500. `SIMOS_FUZZ_SECONDS` sets how long in all; `SIMOS_FUZZ_SEED` plays a run again.
"""

import os
import random
import secrets
import time

import pytest

from tests.conformance.conftest import hub_address
from tests.conformance.test_openapi_answers import ask_at_random
from tests.fuzzing import TARGETS, give

__all__ = ["hub_address"]

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("SIMOS_FUZZ_SECONDS", "3600"))
SEED = os.environ.get("SIMOS_FUZZ_SEED") or secrets.token_hex(4)


@pytest.mark.parametrize("name", TARGETS)
def test_parsers(name: str) -> None:
    chance, until = random.Random(f"{SEED}{name}"), time.monotonic() + SECONDS / 2 / len(TARGETS)
    print(f"\n{name}, SIMOS_FUZZ_SEED={SEED}", end=": ")
    given = taken = 0
    while time.monotonic() < until:
        taken += give(TARGETS[name], chance)
        given += 1
    print(f"{given} given, {taken} taken")
    assert taken, "nothing but refusals tests nothing"


def test_addresses(hub_address: str) -> None:
    until = time.monotonic() + SECONDS / 4
    asked = 0
    while time.monotonic() < until:
        asked += ask_at_random(hub_address, examples=25)
    print(f"{asked} requests")
