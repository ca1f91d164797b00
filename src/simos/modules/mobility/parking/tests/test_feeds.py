"""Files as they come: damaged, of another kind, of several places, out of a spreadsheet."""

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.errors import Invalid, RowError
from simos.modules.mobility.parking.feeds import CountRow, counts_in, recorded_at, table_in
from simos.modules.mobility.parking.rules.rows import SURPLUS

DAY = datetime(2025, 9, 1, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
HEADER = "timestamp_utc,place_id,free\n"


def written(folder: Path, text: str | bytes, name: str = "counts.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def rows_of(path: Path, since: datetime = DAY, until: datetime = NEXT) -> list[CountRow | RowError]:
    return list(counts_in(path, since=since, until=until))


def test_the_counts_of_a_span_in_order_with_their_row_numbers(tmp_path):
    path = written(
        tmp_path,
        HEADER + "2025-08-31T23:59:59Z,a,1\n2025-09-01T00:00Z,a,2\n2025-09-01T23:59:59.5Z,b,3\n2025-09-02T00:00Z,a,4\n",
    )
    assert rows_of(path) == [
        CountRow(3, DAY, "a", 2),
        CountRow(4, NEXT - timedelta(seconds=0.5), "b", 3),
    ]


def test_times_with_another_zone_count_by_their_instant(tmp_path):
    path = written(
        tmp_path, HEADER + "2025-09-02T01:30+02:00,a,1\n2025-08-31T23:30-01:00,a,2\n2025-09-01T01:30+02:00,a,3\n"
    )
    assert [(row.at.isoformat(), row.free) for row in rows_of(path) if isinstance(row, CountRow)] == [
        ("2025-09-01T23:30:00+00:00", 1),
        ("2025-09-01T00:30:00+00:00", 2),
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("2025-09-01T06:00,a,1", "timestamp_utc"),
        ("yesterday,a,1", "timestamp_utc"),
        ("00010101T0000+1400,a,1", "timestamp_utc"),
        (",a,1", "timestamp_utc"),
        ("2025-09-01T06:00Z,,1", "place_id"),
        ("2025-09-01T06:00Z,a b,1", "place_id"),
        ("2025-09-01T06:00Z,a,", "free"),
        ("2025-09-01T06:00Z,a,-1", "free"),
        ("2025-09-01T06:00Z,a,1.5", "free"),
        ("2025-09-01T06:00Z,a,٣", "free"),
        ("2025-09-01T06:00Z,a,100001", "free"),
        ("2025-09-01T06:00Z,a", ""),
        ("2025-09-01T06:00Z,a,1,2", ""),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_read(tmp_path, line, field):
    found = rows_of(written(tmp_path, f"{HEADER}{line}\n2025-09-01T07:00Z,a,5\n"))
    assert [(error.row, error.field) for error in found if isinstance(error, RowError)] == [(2, field)]
    assert found[-1] == CountRow(3, DAY + timedelta(hours=7), "a", 5)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=5), max_size=10))
def test_whatever_stands_there_becomes_counts_or_words(tmp_path_factory, lines):
    text = HEADER + "".join(",".join(cells) + "\n" for cells in lines)
    path = written(tmp_path_factory.mktemp("counts"), text)
    for row in rows_of(path, DAY - timedelta(days=9000), NEXT):
        assert row.message if isinstance(row, RowError) else row.at.tzinfo is UTC


@given(
    st.lists(
        st.tuples(
            st.datetimes(
                DAY.replace(tzinfo=None), NEXT.replace(tzinfo=None), timezones=st.just(timezone(timedelta(hours=2)))
            ),
            st.integers(0, 100_000),
        )
    )
)
def test_what_was_counted_is_what_is_read(tmp_path_factory, seen):
    text = HEADER + "".join(f"{at.isoformat()},a,{free}\n" for at, free in seen)
    path = written(tmp_path_factory.mktemp("counts"), gzip.compress(text.encode()), "counts.csv.gz")
    read = [(row.at, row.free) for row in rows_of(path) if isinstance(row, CountRow)]
    assert read == [(at, free) for at, free in seen if DAY <= at < NEXT]


@pytest.mark.parametrize("text", ["", "time,place,free\n2025-09-01T06:00Z,a,1\n", "place_id,timestamp_utc,free\n"])
def test_another_kind_of_file_is_refused_with_what_is_needed(tmp_path, text):
    with pytest.raises(Invalid, match="needed are timestamp_utc,place_id,free"):
        rows_of(written(tmp_path, text))


WHOLE = gzip.compress((HEADER + "".join(f"2025-09-01T06:00Z,p{n},{n}\n" for n in range(5000))).encode())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.csv.gz", WHOLE[: len(WHOLE) // 2]),
        ("c.csv.gz", WHOLE[:10] + b"\xff" * 50 + WHOLE[60:]),
        ("c.csv.gz", WHOLE[:-8] + b"\0" * 8),
        ("c.csv.gz", HEADER.encode()),
        ("c.csv.gz", b""),
        ("c.csv", WHOLE),
        ("c.csv", HEADER.encode() + "2025-09-01T06:00Z,Plačilo,1\n".encode("cp1250")),
        ("c.csv", HEADER.encode() + b"2025-09-01T06:00Z,a," + b"1" * 200_000),
    ],
)
def test_a_damaged_file_is_refused_by_name(tmp_path, name, content):
    with pytest.raises(Invalid, match=r"c\.csv"):
        rows_of(written(tmp_path, content, name))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"])
def test_a_table_out_of_any_spreadsheet(tmp_path, end, separator, mark):
    lines = ['code,name,"address"', 'a,"Garaža ""A""","Trg 1', '3000 Celje"', "", ",,", "b,B", "c,C,Trg 2,extra,"]
    table = table_in(written(tmp_path, mark + end.join(lines).replace(",", separator), "facilities.csv"))
    assert table.header == ("code", "name", "address")
    assert table.rows == (
        (2, {"code": "a", "name": 'Garaža "A"', "address": f"Trg 1{end}3000 Celje"}),
        (5, {"code": "b", "name": "B", "address": ""}),
        (6, {"code": "c", "name": "C", "address": "Trg 2", SURPLUS: "extra"}),
    )


def test_an_empty_file_is_an_empty_table(tmp_path):
    table = table_in(written(tmp_path, ""))
    assert (table.header, table.rows) == ((), ())


FACILITIES = """place_id,place_name,city_name,source_id
bonn-a,A,Bonn,bonn
bonn-b,B,Bonn,shared
dresden-c,C,Dresden,shared
dresden-d,D,Dresden,dresden
"""


def test_one_places_part_of_a_file_keeps_the_files_row_numbers(tmp_path):
    recorded = recorded_at(written(tmp_path, FACILITIES, "meta.csv"), "dresden")
    assert [(number, row["place_name"]) for number, row in recorded.rows] == [(4, "C"), (5, "D")]
    assert recorded.codes == {"dresden-c", "dresden-d"}


def test_a_facility_that_is_only_counted_belongs_where_its_source_counts_alone(tmp_path):
    recorded = recorded_at(written(tmp_path, FACILITIES, "meta.csv"), "Dresden")
    assert recorded.has("dresden-c")
    assert recorded.has("dresden-new")
    for other in ("shared-new", "bonn-a", "bonn-new", "dresdenx"):
        assert not recorded.has(other)


def test_a_file_of_one_city_needs_no_city_column(tmp_path):
    recorded = recorded_at(written(tmp_path, "code,name\nlava,Lava\n"), "Celje")
    assert recorded.codes == {"lava"}
    assert not recorded.has("other")


def test_a_place_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(Invalid, match="no facilities of 'Celje'; it has Bonn, Dresden"):
        recorded_at(written(tmp_path, FACILITIES, "meta.csv"), "Celje")
