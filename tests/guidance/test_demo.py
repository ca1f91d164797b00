"""The demo: 35 panels at roads, 6 screens, all marked, all serving what the demo's parking has."""

import pytest

from simos.kernel.geo import Point
from simos.modules.mobility.guidance import demo
from simos.modules.mobility.guidance.queries import panels_now
from simos.modules.mobility.guidance.values import Kind
from simos.modules.mobility.parking import demo as parking
from simos.testing.acting import SYSTEM, in_city
from tests.guidance.conftest import CELJE, NOW, work

CENTRE = Point(15.2650, 46.2310)


@pytest.mark.usefixtures("switched_on", "hub")
def test_it_loads_twice_to_the_same() -> None:
    parking.load(CELJE, by=SYSTEM, at=NOW)
    for _ in range(2):
        demo.load(CELJE, by=SYSTEM, at=NOW)
    work()
    with in_city("celje"):
        found = panels_now(NOW)
    assert [sum(each.facts.kind is kind for each in found) for kind in Kind] == [35, 6]
    assert all(each.is_demo for each in found)
    assert all(each.facts.place and each.facts.place.metres_to(CENTRE) < 5000 for each in found)
    assert len({each.facts.code for each in found}) == len({each.facts.place for each in found}) == 41
