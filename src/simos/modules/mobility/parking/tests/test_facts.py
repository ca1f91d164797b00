"""A facility's facts: written in cells and read again they are the same, and a file changes only what it has."""

from dataclasses import replace

import pytest
from hypothesis import given

from simos.kernel.errors import Conflict, Invalid
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import changes_between, remove_area, save_area, save_facilities
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.queries import facilities_of, facility_of
from simos.modules.mobility.parking.rules.cells import CELLS, cells_of
from simos.modules.mobility.parking.rules.rows import columns_in, facts_of
from simos.modules.mobility.parking.tests.conftest import CELJE, GLAZIJA, NOW
from simos.modules.mobility.parking.tests.made_up_facilities import facilities
from simos.modules.mobility.parking.values import AreaFacts, Closure, FacilityFacts, Kind
from simos.platform.audit.models import AuditRecord
from simos.testing.acting import SYSTEM, in_city

CENTRE = AreaFacts(code="center", name=Text(sl="Središče", en="Centre", it="Centro"))


@given(facilities())
def test_what_is_written_in_cells_is_read_again(facts: FacilityFacts):
    row = cells_of(facts)
    read = facts_of(row, columns_in(row), 2)
    assert read.errors == ()
    assert read.facts == facts


@given(facilities())
def test_what_the_register_keeps_is_what_it_was_given(facts: FacilityFacts):
    row = Facility(code=facts.code)
    row.take(facts, area=None, tariff=None, is_demo=False, at=NOW)
    assert row.facts == facts


@given(facilities(), facilities())
def test_a_file_without_a_column_leaves_the_fact_alone(there: FacilityFacts, other: FacilityFacts):
    given = {"code": there.code, "name": other.name}
    found = facts_of(given, columns_in(given), 2, {there.code: there}).facts
    assert found == replace(there, name=other.name)
    assert set(changes_between(there, replace(there, name=other.name))) <= {"name"}


def test_every_fact_has_its_cell():
    combined = {"place", "closure"}
    assert {*FacilityFacts.__dataclass_fields__} - combined <= set(CELLS)


def test_a_new_reason_does_not_keep_the_translations_of_the_old_one():
    closed = replace(GLAZIJA, closure=Closure(reason=Text(sl="dela", en="works", it="lavori")))
    row = {"code": "glazija", "name": "G", "closed_reason": "sejem"}
    found = facts_of(row, columns_in(row), 2, {"glazija": closed}).facts
    assert found is not None
    assert found.closure == Closure(reason=Text(sl="sejem", en="sejem"))
    opened = facts_of(row | {"closed_reason": ""}, columns_in(row), 2, {"glazija": closed}).facts
    assert opened is not None
    assert opened.closure is None


@pytest.mark.usefixtures("switched_on")
def test_a_facility_lies_in_an_area_that_is_there_and_keeps_it_from_being_removed():
    placed = replace(GLAZIJA, area="center")
    with pytest.raises(Invalid, match="no area with this code"):
        save_facilities(CELJE, [placed], by=SYSTEM, at=NOW)
    save_area(CELJE, CENTRE, by=SYSTEM, at=NOW)
    save_facilities(CELJE, [placed], by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert facility_of("glazija").facts == placed
    with pytest.raises(Conflict, match="Parkirišče Glazija"):
        remove_area(CELJE, "center", by=SYSTEM, at=NOW)
    save_facilities(CELJE, [GLAZIJA], by=SYSTEM, at=NOW)
    remove_area(CELJE, "center", by=SYSTEM, at=NOW)
    save_area(CELJE, CENTRE, by=SYSTEM, at=NOW)  # the code is free again


@pytest.mark.usefixtures("switched_on")
def test_a_zone_on_the_street_stays_one():
    zone = FacilityFacts(code="cona", name="Cona", kind=Kind.STREET)
    save_facilities(CELJE, [zone], by=SYSTEM, at=NOW)
    with pytest.raises(Invalid, match="under another code"):
        save_facilities(CELJE, [replace(zone, kind=Kind.LOT)], by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert [each.facts for each in facilities_of()] == [zone]


@pytest.mark.usefixtures("switched_on")
def test_the_trail_tells_what_each_change_changed_and_the_version_rises():
    save_facilities(CELJE, [GLAZIJA], by=SYSTEM, at=NOW)
    save_facilities(CELJE, [replace(GLAZIJA, capacity=1300)], by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert facility_of("glazija").version == 2
    assert AuditRecord.objects.get(action="change-facility").data == '{"capacity":["1320","1300"]}'
