"""Saving and importing facilities: what is right is kept, what is wrong is told, and each change leaves its traces."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from simos.kernel.errors import Forbidden, Invalid
from simos.kernel.geo import Point
from simos.modules.mobility.parking.actions import Imported, Saved, import_facilities, save_facilities
from simos.modules.mobility.parking.feeds import table_in
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, KOPER, NOW
from simos.modules.mobility.parking.values import FacilityFacts, Kind
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.events.models import EventRecord
from simos.testing.acting import SYSTEM, in_city, officer

pytestmark = pytest.mark.usefixtures("switched_on")

HEADER = ("code", "name", "capacity")


def rows(*lines: str) -> list[tuple[int, Mapping[str, str]]]:
    """Lines of a file with HEADER, the first of them row 2."""
    cells = (line.split(",") for line in lines)
    return [(number, dict(zip(HEADER, each, strict=True))) for number, each in enumerate(cells, start=2)]


def imported(*lines: str, header=HEADER, by=SYSTEM) -> Imported:
    return import_facilities(CELJE, rows(*lines), header=header, by=by, at=NOW)


def names(scope=CELJE) -> dict[str, str]:
    with in_city(scope.code):
        return {facility.code: facility.name for facility in facilities_of()}


def traces() -> list[tuple[str, str]]:
    """What the audit log says was done in Celje, to which facility, beside the event that others hear of."""
    with in_city("celje"):
        codes = {str(facility.pk): facility.code for facility in facilities_of()}
    records = AuditRecord.objects.filter(scope=str(CELJE), object_type=Facility._meta.label_lower)
    done = [(record.action, codes[record.object_id]) for record in records]
    events = EventRecord.objects.filter(scope=str(CELJE)).order_by("pk")
    assert [event.payload["code"] for event in events] == [code for _, code in done]
    assert verify(CELJE) == []
    return done


def test_good_rows_are_kept_and_bad_ones_told_with_row_and_field():
    found = imported("glazija,Glazija,320", "lava,,180", "golovec,Golovec,many", "dvor,Knežji dvor,140")
    assert (found.added, found.changed, found.unchanged) == (("glazija", "dvor"), (), ())
    assert [(error.row, error.field, error.value) for error in found.errors] == [
        (3, "name", ""),
        (4, "capacity", "many"),
    ]
    assert names() == {"glazija": "Glazija", "dvor": "Knežji dvor"}
    assert traces() == [("add-facility", "glazija"), ("add-facility", "dvor")]


def test_all_facts_are_kept_and_read_back():
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert {facility.facts for facility in facilities_of()} == {GLAZIJA, DVOR}


def test_a_code_that_stands_twice_counts_once():
    found = imported("glazija,Glazija,320", "glazija,Another,5")
    assert [str(error) for error in found.errors] == ["row 3, code: stands in row 2 already (found 'glazija')"]
    assert names() == {"glazija": "Glazija"}
    with pytest.raises(ValueError, match="twice"):
        save_facilities(CELJE, [DVOR, DVOR], by=SYSTEM, at=NOW)


def test_without_a_needed_column_nothing_is_kept():
    with pytest.raises(Invalid, match="no column name"):
        imported("glazija,Glazija,320", header=("code", "naziv", "capacity"))
    assert names() == {}
    assert traces() == []


def test_the_second_import_changes_nothing_and_tells_nobody():
    lines = "glazija,Glazija,320", "dvor,Knežji dvor,140"
    imported(*lines)
    before = traces()
    assert imported(*lines).unchanged == ("glazija", "dvor")
    assert traces() == before


def test_what_is_new_in_the_file_is_changed_and_what_it_does_not_name_stays():
    imported("glazija,Glazija,320", "dvor,Knežji dvor,140")
    found = imported("dvor,Garaža Knežji dvor,140", "lava,Lava,")
    assert (found.added, found.changed, found.unchanged) == (("lava",), ("dvor",), ())
    assert names() == {"glazija": "Glazija", "dvor": "Garaža Knežji dvor", "lava": "Lava"}
    assert traces()[2:] == [("add-facility", "lava"), ("change-facility", "dvor")]


@pytest.mark.parametrize(
    "other",
    [
        FacilityFacts(code="dvor", name="Other"),
        FacilityFacts(code="dvor", name="Dvor", kind=Kind.GARAGE),
        FacilityFacts(code="dvor", name="Dvor", capacity=140),
        FacilityFacts(code="dvor", name="Dvor", place=Point(15.0, 46.0)),
        FacilityFacts(code="dvor", name="Dvor", address="Trg 1"),
    ],
)
def test_each_fact_can_be_changed_and_taken_back(other):
    dvor = FacilityFacts(code="dvor", name="Dvor")
    for facts in (dvor, other, dvor):
        save_facilities(CELJE, [facts], by=SYSTEM, at=NOW)
        with in_city("celje"):
            assert [facility.facts for facility in facilities_of()] == [facts]


def test_what_was_made_up_is_real_once_an_office_says_it():
    save_facilities(CELJE, [DVOR], by=SYSTEM, at=NOW, is_demo=True)
    saved = save_facilities(CELJE, [DVOR], by=SYSTEM, at=NOW)
    assert saved == Saved(added=(), changed=(DVOR.code,), unchanged=())


def test_only_an_officer_of_the_city_may():
    for stranger in (officer(KOPER, "parking-officer"), officer(CELJE)):
        with pytest.raises(Forbidden):
            imported("glazija,Glazija,320", by=stranger)
    assert names() == {}
    ours = officer(CELJE, "parking-officer")
    assert imported("glazija,Glazija,320", by=ours).added == ("glazija",)
    assert AuditRecord.objects.get(object_type=Facility._meta.label_lower).actor == ours.as_dict()


def test_another_citys_facility_of_the_same_code_is_untouched():
    save_facilities(KOPER, [FacilityFacts(code="glazija", name="Koprska")], by=SYSTEM, at=NOW)
    imported("glazija,Glazija,320")
    assert names(KOPER) == {"glazija": "Koprska"}
    assert names() == {"glazija": "Glazija"}


def test_an_import_needs_no_more_queries_for_a_facility_than_its_traces_do(django_assert_max_num_queries):
    lines = [f"p{number},P {number},100" for number in range(40)]
    with django_assert_max_num_queries(40 * 9 + 20):
        imported(*lines)
    with django_assert_max_num_queries(6):
        imported(*lines)


@pytest.mark.data
def test_a_real_file_of_many_cities_is_taken_whole(shared_data: Path):
    table = table_in(shared_data / "mobility" / "parking" / "german_parking_meta.csv")
    found = import_facilities(CELJE, table.rows, header=table.header, by=SYSTEM, at=NOW)
    assert (len(found.added), found.errors) == (739, ())
    with in_city("celje"):
        facts = {facility.code: facility.facts for facility in facilities_of()}
    assert facts["apag-parken-Aachen-Parkhaus-Adalbertsteinweg"] == FacilityFacts(
        code="apag-parken-Aachen-Parkhaus-Adalbertsteinweg",
        name="Parkhaus Adalbertsteinweg",
        capacity=605,
        place=Point(6.099715, 50.774352),
        address="Parkhaus Adalbertsteinweg Adalbertsteinweg 34 52070 Aachen",
    )
