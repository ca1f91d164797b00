"""What other modules are told of facilities and areas: what a driver would be told, and nothing that misleads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from simos.hub.client import HubClient
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import save_area, save_facilities
from simos.modules.mobility.parking.public import AreaNow, FacilityNow, State, areas_now, facilities_now
from simos.modules.mobility.parking.rules.hours import hours_of
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, NOW, counted
from simos.modules.mobility.parking.values import AreaFacts, Closure, FacilityFacts
from simos.platform.scopes.queries import city_of
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM, in_city

pytestmark = pytest.mark.usefixtures("switched_on")

CENTRE = AreaFacts(code="center", name=Text(sl="Središče", en="Centre"))
OLD = timedelta(hours=7)


def told(*facilities: FacilityFacts) -> tuple[dict[str, FacilityNow], AreaNow]:
    save_area(CELJE, CENTRE, by=SYSTEM, at=NOW)
    save_facilities(CELJE, [replace(each, area="center") for each in facilities], by=SYSTEM, at=NOW)
    with in_city("celje"):
        found = facilities_now(reader(), city_of("celje"))
        (area,) = areas_now(found)
    return {each.code: each for each in found}, area


def test_an_area_sums_what_is_open_and_freshly_counted(hub: HubClient):
    counted(hub, "glazija", 300)
    counted(hub, "knezji-dvor", 20, timedelta(minutes=5))
    found, area = told(GLAZIJA, DVOR)
    assert (found["glazija"].free, found["glazija"].state) == (300, State.FREE)
    assert (area.free, area.capacity, area.counted) == (320, 1460, 2)
    assert (area.state, area.observed_at) == (State.FREE, NOW - timedelta(minutes=5))


def test_what_is_old_or_closed_is_never_given_as_a_number(hub: HubClient):
    counted(hub, "glazija", 300, OLD)
    counted(hub, "knezji-dvor", 20)
    works = Closure(reason=Text(sl="Prenova", en="Works"))
    found, area = told(GLAZIJA, replace(DVOR, closure=works))
    assert (found["glazija"].state, found["glazija"].free) == (State.STALE, None)
    assert (found["knezji-dvor"].state, found["knezji-dvor"].free) == (State.CLOSED, None)
    assert found["knezji-dvor"].closed_why == works.reason
    assert (area.free, area.counted, area.state) == (None, 0, State.UNKNOWN)


def test_an_area_is_full_only_where_nothing_in_it_is_silent(hub: HubClient):
    counted(hub, "glazija", 0)
    _, area = told(GLAZIJA, DVOR)
    assert (area.free, area.state) == (0, State.UNKNOWN)
    counted(hub, "knezji-dvor", 0)
    found, area = told(GLAZIJA, DVOR)
    assert (area.free, area.state, found["knezji-dvor"].free) == (0, State.FULL, 0)


def test_an_area_all_of_which_is_closed_is_closed(hub: HubClient):
    found, area = told(replace(GLAZIJA, hours=hours_of("Sa 10:00-11:00")))  # NOW is a Monday
    assert (found["glazija"].state, found["glazija"].closed_why, area.state) == (State.CLOSED, None, State.CLOSED)
    assert found["glazija"].changes_at is not None
