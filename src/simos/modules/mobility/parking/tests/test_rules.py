"""Rows of a facilities file and counts, as the rules take them: whatever a file holds, it becomes facts or words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simos.kernel.errors import Invalid
from simos.kernel.geo import Point
from simos.modules.mobility.parking.rules.cells import CELLS, CODE
from simos.modules.mobility.parking.rules.counts import FRESH, few_for, occupancy_of, state_of
from simos.modules.mobility.parking.rules.rows import SURPLUS, columns_in, facts_of
from simos.modules.mobility.parking.values import Count, FacilityFacts, Kind, State, code_of, id_of

NOW = datetime(2025, 9, 1, 10, 0, tzinfo=UTC)
ALL = {field: field for field in CELLS}

cells = st.one_of(
    st.text(max_size=90),
    st.sampled_from(
        ["", " ", "glazija", "Glazija", "garage", "LOT", "0", "320", "100001", "46.23", "46,23", "181", "nan"]
    ),
)
capacities = st.one_of(st.none(), st.integers(1, 100_000))
counts = st.builds(
    Count,
    free=st.integers(-10, 200_000),
    observed_at=st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda ago: NOW - ago),
)


def read(**cells: str):
    return facts_of({"code": "glazija", "name": "Glazija", **cells}, ALL, 7)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*CELLS, SURPLUS], cells)))
def test_any_row_becomes_facts_that_fit_the_register_or_refusals_that_name_row_and_field(row):
    found = facts_of(row, ALL, 7)
    assert (found.facts is None) == bool(found.errors)
    for error in found.errors:
        assert error.row == 7
        assert error.field in (*CELLS, SURPLUS)
        assert error.message
        assert len(error.value) <= 80
    if found.facts is not None:
        assert CODE.fullmatch(found.facts.code)
        assert 1 <= len(found.facts.name) <= 200
        assert len(found.facts.address) <= 300
        assert found.facts.capacity is None or 1 <= found.facts.capacity <= 100_000
        assert "\0" not in found.facts.name + found.facts.address


@given(
    code=st.from_regex(CODE, fullmatch=True),
    name=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=200),
    kind=st.sampled_from(Kind),
    capacity=capacities,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    comma=st.booleans(),
)
def test_what_an_office_wrote_is_what_is_read(code, name, kind, capacity, latitude, longitude, comma):
    degrees = [f"{each:.6f}".replace(".", "," if comma else ".") for each in (latitude, longitude)]
    row = {
        "code": f" {code} ",
        "name": name,
        "kind": kind.upper(),
        "capacity": str(capacity or ""),
        "latitude": degrees[0],
        "longitude": degrees[1],
    }
    place = Point(float(f"{longitude:.6f}"), float(f"{latitude:.6f}"))
    assert facts_of(row, ALL, 2).facts == FacilityFacts(code=code, name=name, kind=kind, capacity=capacity, place=place)


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "čakalnica"}, ["code"]),
        ({"code": "x" * 81}, ["code"]),
        ({"name": "  "}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "Gla\0zija"}, ["name"]),
        ({"kind": "bridge"}, ["kind"]),
        ({"capacity": "-5"}, ["capacity"]),
        ({"capacity": "0"}, ["capacity"]),
        ({"capacity": "12.5"}, ["capacity"]),
        ({"capacity": "١٢"}, ["capacity"]),
        ({"capacity": "100001"}, ["capacity"]),
        ({"latitude": "46.2"}, ["longitude"]),
        ({"longitude": "15.2"}, ["latitude"]),
        ({"latitude": "91", "longitude": "15.2"}, ["latitude"]),
        ({"latitude": "46.2", "longitude": "181"}, ["longitude"]),
        ({"latitude": "nan", "longitude": "inf"}, ["latitude", "longitude"]),
        ({"address": "x" * 301}, ["address"]),
        ({"disabled": "-1"}, ["disabled"]),
        ({"area": "no area"}, ["area"]),
        ({"outline": "46.2 15.2"}, ["outline"]),
        ({"outline": "46.2 15.2 | 46.3"}, ["outline"]),
        ({"outline": "46.2 15.2 | 46.3 15.2 | 46.2 15.2"}, ["outline"]),
        ({"entrances": "46.2 15.2 through"}, ["entrances"]),
        ({"entrances": "46.2 in"}, ["entrances"]),
        ({"height_cm": "210"}, ["height_cm"]),
        ({"height_cm": "0.5"}, ["height_cm"]),
        ({"hours": "Mo-Fr 6-22"}, ["hours"]),
        ({"hours": "Mo-Fr 06:00-22:00; Fr off"}, ["hours"]),
        ({"payments": "cash | shells"}, ["payments"]),
        ({"closed_reason": "dela", "closed_until": "2026-01-01"}, ["closed_until"]),
        (
            {
                "closed_reason": "dela",
                "closed_from": "2026-01-02T00:00Z",
                "closed_until": "2026-01-01T00:00Z",
            },
            ["closed_until"],
        ),
        ({"capacity": "10", "disabled": "6", "charging": "5"}, ["capacity"]),
        ({SURPLUS: "100"}, [SURPLUS]),
        ({"code": "?", "name": "", "capacity": "many"}, ["code", "name", "capacity"]),
    ],
)
def test_each_wrong_cell_is_named(cells, fields):
    assert [error.field for error in read(**cells).errors] == fields


def test_a_refusal_names_the_column_of_the_file_and_what_stood_there():
    (error,) = facts_of(
        {"place_id": "a", "place_name": "A", "num_all": "many"}, columns_in(["place_id", "place_name", "num_all"]), 3
    ).errors
    assert str(error).startswith("row 3, num_all: a whole number from 1 to 100000")
    assert str(error).endswith("(found 'many')")


def test_line_breaks_within_a_cell_are_spaces():
    assert read(address="Parkhaus\nAdalbertsteinweg 34\n52070\nAachen").facts.address == (
        "Parkhaus Adalbertsteinweg 34 52070 Aachen"
    )


@pytest.mark.parametrize("header", [[], ["name"], ["code"], ["naziv", "oznaka"], ["", " "]])
def test_a_file_without_code_or_name_is_refused_with_what_is_needed(header):
    with pytest.raises(Invalid, match="Needed: code, name"):
        columns_in(header)


def test_columns_are_known_by_other_names_too_whatever_their_case():
    assert columns_in([" Place_ID", "NAME", "lat", "lon", "city_name"]) == {
        "code": " Place_ID",
        "name": "NAME",
        "latitude": "lat",
        "longitude": "lon",
    }


@given(counts, capacities)
def test_a_count_is_stale_where_it_is_old_or_cannot_be_true_and_only_there(count, capacity):
    is_old = abs(NOW - count.observed_at) > FRESH
    assert (state_of(count, capacity, NOW) is State.STALE) == (is_old or cannot_be(count.free, capacity))


def cannot_be(free, capacity):
    """Fewer than none, or more than a tenth and two spaces above what was built."""
    return free < 0 or (capacity is not None and free > int(capacity * 1.1) + 2)


@given(st.integers(-10, 100_000), st.integers(-10, 100_000), capacities)
def test_more_free_spaces_are_never_a_worse_state(free, more, capacity):
    order = [State.FULL, State.FEW, State.FREE]
    assume(not cannot_be(free, capacity) and not cannot_be(more, capacity))
    few, many = sorted((free, more))
    worse, better = (state_of(Count(free=each, observed_at=NOW), capacity, NOW) for each in (few, many))
    assert order.index(worse) <= order.index(better)


@given(capacities)
def test_the_edges_of_full_and_few(capacity):
    few = few_for(capacity)
    assert few >= 1
    at_edges = [state_of(Count(free=free, observed_at=NOW), capacity, NOW) for free in (0, 1, few, few + 1)]
    assert at_edges == [State.FULL, State.FEW, State.FEW, State.FREE]


def test_without_a_count_nothing_is_known():
    assert state_of(None, 100, NOW) is State.UNKNOWN
    assert occupancy_of(None, 100) is None


@given(counts, capacities)
def test_the_occupied_share_is_a_share_where_the_capacity_is_known(count, capacity):
    share = occupancy_of(count, capacity)
    assert (share is None) == (capacity is None)
    if share is not None and capacity is not None:
        assert 0 <= share <= 1
        if 0 <= count.free <= capacity:
            assert round((1 - share) * capacity) == count.free


@given(st.from_regex(CODE, fullmatch=True))
def test_a_facility_is_found_again_by_its_identifier(code):
    assert code_of(id_of("nova-gorica", code)) == code
