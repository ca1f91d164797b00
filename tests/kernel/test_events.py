"""Events outlive the release that wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.events import EntityChange, Event, Upcast


@dataclass(frozen=True, kw_only=True)
class PermitGranted(Event):
    version: ClassVar[int] = 3
    upcasts: ClassVar[Mapping[int, Upcast]] = {
        1: lambda old: {"plates": [old["plate"]]},
        2: lambda old: old | {"zone": "centre"},
    }
    plates: list[str]
    zone: str


@given(st.text())
def test_an_event_of_any_release_reads_as_one_of_today(plate: str) -> None:
    stored = [({"plate": plate}, 1), ({"plates": [plate]}, 2), ({"plates": [plate], "zone": "centre"}, 3)]
    assert {PermitGranted(**PermitGranted.upcast(payload, version)).zone for payload, version in stored} == {"centre"}
    assert all(PermitGranted.upcast(payload, version)["plates"] == [plate] for payload, version in stored)


def test_an_event_from_a_newer_release_is_refused() -> None:
    with pytest.raises(ValueError, match="newer release"):
        PermitGranted.upcast({}, 4)


def test_an_event_is_stored_under_its_full_name() -> None:
    assert PermitGranted.key() == f"{__name__}.PermitGranted"


def test_reactions_can_be_keyed_by_a_change() -> None:
    table = {EntityChange("OffStreetParking", frozenset({"availableSpotNumber"})): "redraw"}
    assert table[EntityChange("OffStreetParking", frozenset({"availableSpotNumber"}))] == "redraw"
