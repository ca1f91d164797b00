"""Every choice has its own word, choices of one spelling too."""

from enum import StrEnum

import pytest

from simos.modules.mobility.parking.values.counts import State
from simos.modules.mobility.parking.values.facilities import Exemption, Kind, Payment, Space, Way
from simos.modules.mobility.parking.values.words import text_of, word_of


@pytest.mark.parametrize("kind", [Kind, Space, Way, Payment, Exemption, State])
def test_every_choice_has_a_word_of_its_own(kind: type[StrEnum]) -> None:
    assert len({text_of(choice) for choice in kind}) == len(kind)


def test_a_space_with_a_charger_is_no_vehicle_that_charges() -> None:
    assert word_of(Space.CHARGING, "sl") == "mesta s polnilnico"
    assert word_of(Exemption.CHARGING, "sl") == "električno vozilo med polnjenjem"
