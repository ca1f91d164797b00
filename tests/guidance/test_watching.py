"""From counts to panels and back: what is wanted follows what is counted, and a faulty panel is known as one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from simos.hub.client import HubClient
from simos.kernel.clock import now
from simos.modules.mobility.guidance.actions.hand_texts import write_on_panel
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.queries import PanelNow, faulty_panels, panel_of, standing_of
from simos.modules.mobility.guidance.values import Condition, sign_of
from simos.modules.mobility.parking.models import Facility
from simos.platform.audit.models import AuditRecord
from simos.platform.events.models import EventRecord
from simos.testing.acting import SYSTEM, in_city
from tests.guidance.conftest import (
    CELJE,
    KOPER,
    LONG_AGO,
    NOW,
    TWO,
    SteppingClock,
    counted,
    follow,
    reported,
    work,
)

pytestmark = pytest.mark.usefixtures("facilities")


@pytest.fixture(autouse=True)
def panel(facilities: None) -> None:
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW, is_demo=True)
    work()


def as_it_is() -> PanelNow:
    with in_city("celje"):
        return standing_of(panel_of("P01"), now())


def look() -> tuple[str, ...]:
    return tuple(look_after(CELJE, listening=LONG_AGO, by=SYSTEM, at=now()))


def in_hub(hub: HubClient) -> dict[str, Any]:
    found = hub.entity("celje", sign_of("celje", "P01"))
    assert found is not None
    return found


def happened(event: str) -> int:
    return EventRecord.objects.filter(key__endswith=f".{event}").count()


def test_a_new_panel_is_to_show_what_is_counted_and_is_in_the_hub(hub: HubClient):
    assert as_it_is().wanted == (("112", "40"),)
    entity = in_hub(hub)
    assert entity["wanted"]["value"] == {"pages": [["112", "40"]]}
    assert entity["workingStatus"]["value"] == "unseen"
    assert entity["category"]["value"] == "direction"
    assert entity["bearing"] == {"type": "Property", "value": 180, "unitCode": "DD"}
    assert entity["dataProvider"]["value"] == "SiMOS demo"
    assert entity["display"]["value"]["characters"] == 8


def test_a_count_changes_what_it_is_to_show(hub: HubClient, present: SteppingClock):
    present.let_pass(seconds=10)
    counted(hub, "glazija", 7)
    follow()
    assert as_it_is().wanted == (("7", "40"),)
    assert in_hub(hub)["wanted"]["value"] == {"pages": [["7", "40"]]}
    assert look() == ()


def test_a_full_car_park_says_so_until_there_is_room_to_spare(hub: HubClient, present: SteppingClock):
    shown = []
    for free in (4, 3, 4, 9, 10):
        present.let_pass(seconds=10)
        counted(hub, "glazija", free)
        follow()
        shown.append(as_it_is().wanted[0][0])
    assert shown == ["4", "POLNO", "POLNO", "POLNO", "10"]


def test_a_stale_count_leaves_it_blank(hub: HubClient, present: SteppingClock):
    present.let_pass(minutes=14)
    counted(hub, "glazija", 60)
    follow()
    assert as_it_is().wanted == (("60", "40"),)
    present.let_pass(minutes=2)
    assert look() == ("P01",)
    assert as_it_is().wanted == (("60", ""),)
    present.let_pass(hours=1)
    look()
    assert as_it_is().wanted == (("", ""),)


def test_a_garage_that_the_office_does_not_have_any_more_is_blank(hub: HubClient):
    with in_city("celje"):
        Facility.objects.filter(code="dvor").delete()
    look()
    assert as_it_is().wanted == (("112", ""),)


def test_what_an_officer_wrote_stays_until_its_end(hub: HubClient, present: SteppingClock):
    hour = timedelta(hours=1)
    write_on_panel(CELJE, "P01", ["SEJEM"], until=NOW + hour, reason="Sejem", seen=0, by=SYSTEM, at=NOW)
    work()
    assert as_it_is().wanted == (("SEJEM", ""),)
    assert as_it_is().by_hand is not None
    present.let_pass(minutes=59)
    for code in ("glazija", "dvor"):
        counted(hub, code, 20)
    follow()
    assert as_it_is().wanted == (("SEJEM", ""),)
    present.let_pass(minutes=1)
    look()
    assert as_it_is().wanted == (("20", "20"),)
    assert as_it_is().by_hand is None


def test_a_panel_that_confirms_works(hub: HubClient, present: SteppingClock):
    reported(hub, "P01", [["112", "40"]])
    follow()
    assert as_it_is().condition is Condition.WORKING
    assert as_it_is().is_as_wanted
    assert in_hub(hub)["confirmed"]["value"] == {"pages": [["112", "40"]]}
    assert (happened("PanelFailed"), happened("PanelRecovered")) == (0, 0)


def test_a_panel_that_confirms_something_else_is_faulty_and_recovers(hub: HubClient, present: SteppingClock):
    reported(hub, "P01", [["999", "40"]])
    follow()
    assert as_it_is().condition is Condition.WORKING  # it has some seconds
    present.let_pass(seconds=16)
    reported(hub, "P01", [["998", "40"]])
    look()
    assert as_it_is().condition is Condition.DIFFERS
    assert as_it_is().since == now()
    with in_city("celje"):
        assert faulty_panels() == 1
    assert happened("PanelFailed") == 1
    assert AuditRecord.objects.filter(action="panel-failed", scope="city:celje").count() == 1
    work()
    assert in_hub(hub)["workingStatus"]["value"] == "differs"
    present.let_pass(seconds=5)
    reported(hub, "P01", [["112", "40"]])
    follow()
    assert as_it_is().condition is Condition.WORKING
    assert happened("PanelRecovered") == 1
    with in_city("celje"):
        assert faulty_panels() == 0


def test_a_panel_that_is_unplugged_is_silent_and_comes_back(hub: HubClient, present: SteppingClock):
    reported(hub, "P01", [["112", "40"]])
    follow()
    present.let_pass(seconds=76)
    look()
    assert as_it_is().condition is Condition.SILENT
    present.let_pass(seconds=30)
    reported(hub, "P01")
    look()
    assert as_it_is().condition is Condition.WORKING


def test_a_connection_that_breaks_off_is_known_unless_it_is_back_at_once(hub: HubClient, present: SteppingClock):
    reported(hub, "P01", [["112", "40"]])
    follow()
    present.let_pass(seconds=1)
    will = {"id": "urn:ngsi-ld:VariableMessageSignStatus:celje:P01", "type": "VariableMessageSignStatus"}
    hub.upsert("celje", [{**will, "workingStatus": {"type": "Property", "value": "offline"}}])
    follow()
    assert as_it_is().condition is Condition.WORKING
    present.let_pass(seconds=16)
    look()
    assert as_it_is().condition is Condition.OFFLINE
    reported(hub, "P01")
    follow()
    assert as_it_is().condition is Condition.WORKING


def test_a_platform_that_begins_to_listen_calls_nobody_failed(hub: HubClient, present: SteppingClock):
    reported(hub, "P01", [["7", "7"]])
    follow()
    present.let_pass(hours=8)
    began = now()
    for _ in range(6):
        counted(hub, "glazija", now().minute + now().second)
        look_after(CELJE, listening=began, by=SYSTEM, at=now())
        present.let_pass(seconds=12)
    assert as_it_is().condition is Condition.WORKING
    assert not AuditRecord.objects.filter(action="panel-failed").exists()
    present.let_pass(seconds=12)
    look_after(CELJE, listening=began, by=SYSTEM, at=now())
    assert as_it_is().condition is Condition.SILENT
    look_after(CELJE, listening=now(), by=SYSTEM, at=now())
    assert as_it_is().condition is Condition.SILENT


def test_whose_confirmation_comes_late_is_right_and_who_lies_is_found(hub: HubClient, present: SteppingClock):
    shown = [["112", "40"]]
    for free in range(60, 50, -1):
        counted(hub, "glazija", free)
        look()
        reported(hub, "P01", shown)
        look()
        assert as_it_is().condition is Condition.WORKING
        shown = [[str(free), "40"]]
        present.let_pass(seconds=4)
    for free in range(50, 44, -1):
        counted(hub, "glazija", free)
        reported(hub, "P01", [["999", "40"]])
        look()
        present.let_pass(seconds=4)
    assert as_it_is().condition is Condition.DIFFERS


@pytest.mark.parametrize("strange", ["text", 7, [["a", 1]], {"pages": "x"}])
def test_a_panel_that_reports_nonsense_harms_nobody(hub: HubClient, strange: object):
    value = strange if isinstance(strange, dict) else {"pages": strange}
    entity = {"id": "urn:ngsi-ld:VariableMessageSignStatus:celje:P01", "type": "VariableMessageSignStatus"}
    hub.upsert("celje", [{**entity, "shown": {"type": "Property", "value": value}}])
    follow()
    assert as_it_is().confirmed is None


def test_looking_again_and_after_a_crash_finds_the_same(hub: HubClient):
    before = as_it_is()
    assert look() == ()
    with in_city("celje"):
        panel_of("P01").state.delete()  # worse than any crash
    assert look() == ("P01",)
    assert as_it_is().wanted == before.wanted


def test_two_languages_where_the_panel_has_them(hub: HubClient, present: SteppingClock):
    save_panels(CELJE, [replace(TWO, languages=("sl", "it"))], by=SYSTEM, at=NOW)
    counted(hub, "glazija", 0, at=NOW + timedelta(seconds=1))
    follow()
    assert as_it_is().wanted == (("POLNO", "40"), ("COMPLETO", "40"))


def test_a_city_without_panels_has_nothing_to_look_after():
    assert look_after(KOPER, listening=LONG_AGO, by=SYSTEM, at=NOW) == ()
