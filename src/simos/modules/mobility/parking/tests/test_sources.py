"""What gates and sensors say becomes the facility's count, once and for all; what is wrong is found, told to the office
and kept from drivers."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from simos.hub.client import HubClient
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.kernel.registry import installed_modules
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.actions.sources import correct_count, set_aside, take_back
from simos.modules.mobility.parking.jobs import look_at_sources
from simos.modules.mobility.parking.models import Correction, Source
from simos.modules.mobility.parking.queries import count_of, counts_of, history_of
from simos.modules.mobility.parking.rules.counts import state_of
from simos.modules.mobility.parking.rules.trust import CountedBy, Doubt, Standing, Trend
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW, counted
from simos.modules.mobility.parking.values import FREE, FacilityFacts, State, id_of
from simos.platform.audit.models import AuditRecord
from simos.platform.events.reactions import reactions_in
from simos.platform.jobs.queries import dead_letters
from simos.platform.things.door import reader
from simos.platform.things.following import consume_once
from simos.platform.things.working import runners_for
from simos.testing.acting import SYSTEM, in_city, officer
from simos.testing.work import run_all

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DVOR_IN_HUB = id_of("celje", "knezji-dvor")
pytestmark = pytest.mark.usefixtures("switched_on", "facilities")


@pytest.fixture
def facilities(switched_on: None, hub: HubClient) -> None:
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def gate(hub: HubClient, entered: int, left: int, ago: timedelta = timedelta(), *, name: str = "north") -> None:
    """The gate's totals, so long before NOW."""
    seen = {"type": "Property", "observedAt": stamp(NOW - ago)}
    entity = {
        "id": f"urn:ngsi-ld:ParkingAccess:celje:knezji-dvor-{name}",
        "type": "ParkingAccess",
        "refOffStreetParking": {"type": "Relationship", "object": DVOR_IN_HUB},
        "vehicleEntranceCount": {**seen, "value": entered},
        "vehicleExitCount": {**seen, "value": left},
    }
    assert hub.upsert("celje", [entity]).refused == ()


def spot(hub: HubClient, number: int, status: str, ago: timedelta = timedelta()) -> None:
    entity = {
        "id": f"urn:ngsi-ld:ParkingSpot:celje:glazija-{number}",
        "type": "ParkingSpot",
        "refParkingSite": {"type": "Relationship", "object": id_of("celje", "glazija")},
        "status": {"type": "Property", "value": status, "observedAt": stamp(NOW - ago)},
    }
    assert hub.upsert("celje", [entity]).refused == ()


def follow() -> None:
    """The worker has done all that follows from what came."""
    for reaction in reactions_in(installed_modules()):
        if reaction.module.name == "mobility/parking" and hasattr(reaction.to, "type"):
            while consume_once(reaction, reader()):
                pass
    run_all(runners_for(installed_modules()))
    assert not dead_letters()


def judged(at: datetime = NOW) -> dict[str, Source]:
    with clock_set_to(FrozenClock(at)), in_city("celje"):
        look_at_sources(CELJE, by=SYSTEM, at=at)
        return {source.code: source for source in Source.objects.all()}


def free_in(hub: HubClient, code: str) -> object:
    entity = hub.entity("celje", id_of("celje", code))
    assert entity is not None
    return entity.get(FREE, {}).get("value")


def test_gates_add_up_to_the_free_spaces(hub: HubClient):
    gate(hub, 30, 10, 5 * MINUTE)
    gate(hub, 5, 0, 2 * MINUTE, name="south")
    follow()
    assert free_in(hub, "knezji-dvor") == 140 - 30 + 10 - 5
    entity = hub.entity("celje", DVOR_IN_HUB)
    assert entity is not None
    assert entity[FREE]["observedAt"] == stamp(NOW - 2 * MINUTE)
    assert entity[FREE]["quality"]["value"] == "counted"


def test_what_comes_twice_late_or_again_after_a_kill_changes_nothing(hub: HubClient, monkeypatch: pytest.MonkeyPatch):
    gate(hub, 30, 10, 5 * MINUTE)
    gate(hub, 32, 10, 2 * MINUTE)
    follow()
    for again in ((30, 10, 5), (31, 10, 4), (32, 10, 2)):
        gate(hub, again[0], again[1], again[2] * MINUTE)
        follow()
    assert free_in(hub, "knezji-dvor") == 118

    gate(hub, 40, 10)
    reaction = next(each for each in reactions_in(installed_modules()) if each.name.endswith("count_gates"))
    with transaction.atomic():
        consume_once(reaction, reader())
        transaction.set_rollback(True)  # killed before the commit
    follow()
    follow()
    assert free_in(hub, "knezji-dvor") == 110
    with in_city("celje"):
        counts = history_of(reader(), "celje", "knezji-dvor", since=NOW - HOUR, until=NOW + MINUTE)
    assert [count.free for count in counts] == [118, 110]


def test_more_than_there_can_be_is_clamped_and_says_so(hub: HubClient):
    gate(hub, 10, 12, MINUTE)
    follow()
    entity = hub.entity("celje", DVOR_IN_HUB)
    assert entity is not None
    assert entity[FREE]["value"] == 140
    assert entity[FREE]["quality"]["value"] == "clamped"


def test_a_counter_that_drifts_is_kept_from_drivers_until_an_officer_has_counted(hub: HubClient):
    gate(hub, 100, 112, 10 * MINUTE)
    follow()
    source = judged()["knezji-dvor"]
    assert (source.counted_by, source.standing, source.doubt) == (CountedBy.GATES, Standing.FAULTY, Doubt.ASTRAY)
    with in_city("celje"):
        count = count_of(reader(), "celje", "knezji-dvor")
    assert state_of(count, 140, NOW) is State.STALE

    gate(hub, 150, 112, 5 * MINUTE)  # now the sum is possible again, but still wrong
    follow()
    assert judged()["knezji-dvor"].doubt == Doubt.ASTRAY

    correct_count(
        CELJE,
        "knezji-dvor",
        80,
        reason="Prešteto",
        holds_from=NOW - 4 * MINUTE,
        by=officer(CELJE, "parking-officer"),
        at=NOW,
    )
    follow()
    assert free_in(hub, "knezji-dvor") == 80
    gate(hub, 153, 113, MINUTE)
    follow()
    assert free_in(hub, "knezji-dvor") == 78
    assert judged()["knezji-dvor"].standing == Standing.GOOD
    record = AuditRecord.objects.get(action="correct-count")
    assert json.loads(record.data)["reason"] == "Prešteto"


def test_a_correction_holds_from_its_time_whatever_comes_late(hub: HubClient):
    gate(hub, 50, 10, 30 * MINUTE)
    follow()
    judged()
    correct_count(CELJE, "knezji-dvor", 90, reason="Prešteto", holds_from=NOW - 10 * MINUTE, by=SYSTEM, at=NOW)
    follow()
    gate(hub, 60, 10, 20 * MINUTE)  # was before somebody counted
    follow()
    assert free_in(hub, "knezji-dvor") == 90
    gate(hub, 61, 14, 2 * MINUTE)
    follow()
    assert free_in(hub, "knezji-dvor") == 93


def test_a_gate_that_began_anew_says_nothing_until_somebody_counts(hub: HubClient):
    gate(hub, 50, 10, 30 * MINUTE)
    follow()
    judged()
    correct_count(CELJE, "knezji-dvor", 90, reason="Prešteto", holds_from=NOW - 20 * MINUTE, by=SYSTEM, at=NOW)
    follow()
    gate(hub, 3, 1, 5 * MINUTE)
    follow()
    assert free_in(hub, "knezji-dvor") == 90
    assert judged()["knezji-dvor"].doubt == Doubt.RESTARTED
    correct_count(CELJE, "knezji-dvor", 70, reason="Nov števec", holds_from=NOW - MINUTE, by=SYSTEM, at=NOW + MINUTE)
    follow()
    gate(hub, 4, 1)
    follow()
    assert free_in(hub, "knezji-dvor") == 69
    assert judged(NOW + MINUTE)["knezji-dvor"].standing == Standing.GOOD


def test_single_spaces_are_summed_and_unknown_ones_told(hub: HubClient):
    for number, status in enumerate(["free", "free", "occupied", "unknown", "closed"]):
        spot(hub, number, status, MINUTE)
    follow()
    entity = hub.entity("celje", id_of("celje", "glazija"))
    assert entity is not None
    assert (entity[FREE]["value"], entity["unknownSpotNumber"]["value"]) == (2, 1)
    spot(hub, 1, "occupied")
    follow()
    assert free_in(hub, "glazija") == 1
    assert judged()["glazija"].counted_by == CountedBy.SPOTS


def test_a_gate_of_nobodys_facility_writes_nothing(hub: HubClient):
    entity = {
        "id": "urn:ngsi-ld:ParkingAccess:celje:x",
        "type": "ParkingAccess",
        "refOffStreetParking": {"type": "Relationship", "object": id_of("celje", "nowhere")},
        "vehicleEntranceCount": {"type": "Property", "value": 1, "observedAt": stamp(NOW)},
    }
    hub.upsert("celje", [entity])
    follow()
    assert hub.entity("celje", id_of("celje", "nowhere")) is None


def test_a_stuck_counter_is_found_while_others_move(hub: HubClient):
    save_facilities(
        CELJE, [FacilityFacts(code=code, name=code, capacity=100) for code in ("a", "b")], by=SYSTEM, at=NOW
    )
    for step in range(13):
        ago = (12 - step) * timedelta(minutes=20)
        counted(hub, "glazija", 300, ago)
        for code in ("a", "b"):
            counted(hub, code, 90 - 4 * step, ago)
    found = judged()
    assert (found["glazija"].standing, found["glazija"].doubt) == (Standing.FAULTY, Doubt.STUCK)
    assert found["a"].standing == Standing.GOOD
    assert found["a"].trend == Trend.FILLING
    with in_city("celje"):
        counts = counts_of(reader(), "celje")
    assert (counts["glazija"].doubted, counts["a"].doubted) == (True, False)


def test_a_silent_source_is_so_since_it_was_found_and_one_that_never_spoke_is_told_too(hub: HubClient):
    counted(hub, "glazija", 300, 7 * HOUR)
    first, later = judged(), judged(NOW + MINUTE)
    assert first["glazija"].doubt == Doubt.SILENT
    assert later["glazija"].since == first["glazija"].since == NOW
    assert first["knezji-dvor"].doubt == Doubt.NEVER


def test_what_is_set_aside_is_not_shown_until_it_is_taken_back(hub: HubClient):
    counted(hub, "glazija", 300)
    judged()
    set_aside(CELJE, "glazija", reason="Tipalo menjajo", by=SYSTEM, at=NOW)
    assert judged()["glazija"].doubt == Doubt.SET_ASIDE
    take_back(CELJE, "glazija", by=SYSTEM, at=NOW)
    assert judged()["glazija"].standing == Standing.GOOD
    assert AuditRecord.objects.filter(action__in=("set-source-aside", "take-source-back")).count() == 2


def test_who_may_not_correct_changes_nothing(hub: HubClient):
    gate(hub, 50, 10, 30 * MINUTE)
    follow()
    counted(hub, "glazija", 300)
    judged()
    refused = [
        (Forbidden, {"by": officer(CELJE)}),
        (Forbidden, {"by": officer(KOPER, "parking-officer")}),
        (Invalid, {"free": 141}),
        (Invalid, {"free": -1}),
        (Invalid, {"reason": "  "}),
        (Conflict, {"code": "glazija"}),
        (NotFound, {"code": "nowhere"}),
    ]
    for problem, changes in refused:
        asked = {"code": "knezji-dvor", "free": 5, "reason": "x", "holds_from": NOW, "by": SYSTEM, "at": NOW} | changes
        with pytest.raises(problem):
            correct_count(CELJE, asked.pop("code"), asked.pop("free"), **asked)
    with in_city("celje"):
        assert not Correction.objects.exists()
