"""Mappings: what their YAML may say, what is said of what is wrong, and what they make of records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.ingest import moments, units
from simos.hub.ingest.files import blocks_of, payload_block
from simos.hub.ingest.mapped import Mapped, map_block
from simos.hub.ingest.mapping import read_mapping
from simos.hub.ingest.rows import documents_of, writes_of
from simos.kernel.clock import at_micros
from simos.kernel.errors import Invalid

HEAD = """\
format: {format}
id: "urn:ngsi-ld:AirQualityObserved:{{station}}"
type: AirQualityObserved
observedAt: {{from: time, zone: Europe/Ljubljana}}
"""


def mapped(payload: Any, attributes: str, *, kind: str = "json", more: str = "") -> Mapped:
    text = HEAD.format(format=kind) + more + "attributes:\n" + attributes
    content = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    mapping = read_mapping(text, "air.yaml")
    return map_block(mapping, payload_block(content, mapping))


def one(value: Any, rule: str) -> Any:
    """What one value becomes under a rule; the faults as text where it becomes nothing."""
    record = {"station": "a", "time": "2025-09-01T12:00:00Z", "x": value}
    found = mapped(record, f"  x: {rule}\n")
    (document,) = list(documents_of(found.rows)) or [{}]
    return document["x"]["value"] if "x" in document else "; ".join(map(str, found.faults))


def test_a_mapping_that_is_wrong_is_told_line_by_line() -> None:
    text = """\
format: csv
csv: {delimiter: ";"}
id: "urn:ngsi-ld:AirQualityObserved:{station}"
type: AirQualityObserved
observedAt: {from: time, zone: Europe/Ljubljanna}
atributes: {}
attributes:
  pm10: {from: PM10, unitcode: GQ}
  temperature:
    from: temp
    unit: °F
    unitCode: KMH
  value: x
"""
    with pytest.raises(Invalid) as refused:
        read_mapping(text, "air.yaml")
    said = str(refused.value)
    for each in (
        "line 5: observedAt: there is no time zone 'Europe/Ljubljanna'",
        "line 6: atributes: there is no such key; did you mean attributes?",
        "line 8: attributes.pm10.unitcode: there is no such key; did you mean unitCode?",
        "line 9: attributes.temperature: °F is a unit of temperature, KMH one of speed",
        "line 13: attributes.value",
    ):
        assert f"air.yaml, {each}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a: [", "line 1"),
        ("format: csv\nformat: json\n", "line 2: this key is there twice"),
        ("format: xml\n", "line 1: format"),
        (HEAD.format(format="json") + "attributes: {x: 'a b'}\n", "stands in double quotes: '\"air temp\"'"),
        (HEAD.format(format="json").replace("urn:", "urn ") + "attributes: {x: x}\n", "does not begin a URI"),
        (HEAD.format(format="json") + "attributes: {x: {}}\n", "either from or value"),
        (HEAD.format(format="json") + "attributes: {x: {from: x, range: [9, 1]}}\n", "the least comes first"),
        (HEAD.format(format="json") + "location: {longitude: x}\nattributes: {x: x}\n", "line 5: location"),
    ],
)
def test_each_fault_says_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=r"air\.yaml") as refused:
        read_mapping(text, "air.yaml")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        (98.6, "{from: x, unit: °F, unitCode: CEL}", 37),
        (60, "{from: x, unit: mph, unitCode: KMH}", 96.56064),
        (215, "{from: x, factor: 0.1, offset: -1, unitCode: CEL}", 20.5),
        ("12.50", "x", 12.5),
        (12.0, "x", 12),
        (True, "{from: x, as: boolean}", True),
        ("off", "{from: x, as: boolean}", False),
        ("odprto", "{from: x, words: {odprto: true, zaprto: false}}", True),
        (7, "{from: x, as: text}", "7"),
        ({"a": [1]}, "{from: x, as: any}", {"a": [1]}),
        (3, "{value: 5}", 5),
        ("abc", "x", "row 1, x: is no number; if it is meant to be a text, say as: text (found 'abc')"),
        ("1,5", "x", "row 1, x: is no number; if , is the decimal sign, say csv: {decimal: ','} (found '1,5')"),
        ("1_0", "x", "row 1, x: is no number; if it is meant to be a text, say as: text (found '1_0')"),
        ("inf", "x", "row 1, x: is no finite number (found 'inf')"),
        (999, "{from: x, range: [0, 500]}", "row 1, x: 999 is out of the range from 0 to 500 (found '999')"),
        ("ajar", "{from: x, words: {open: 1}}", "row 1, x: is none of the words open (found 'ajar')"),
        (None, "x", ""),
        ("", "x", ""),
    ],
)
def test_what_a_value_becomes(value: Any, rule: str, expected: Any) -> None:
    found = one(value, rule)
    assert (found, type(found)) == (expected, type(expected))


def test_a_record_is_looked_into_by_jmespath() -> None:
    payload = {
        "sensors": [
            {"station": "Celje bolnica", "time": "2025-09-01T12:00:00+02:00", "m": {"air temp": 21}, "ok": True},
            {"station": "b", "time": "2025-07-01 08:00", "m": {"air temp": 22, "list": [1, 2, 3]}, "ok": True},
            {"station": "c", "time": "2025-09-01T12:00:00Z", "ok": False},
        ]
    }
    attributes = "  temperature: {from: 'm.\"air temp\"', unitCode: CEL}\n  most: max(m.list)\n"
    found = mapped(payload, attributes, more="records: sensors\nwhere: ok\nmissing: [-999]\n")
    assert found.records == 2
    first, second = documents_of(found.rows)
    assert first == {
        "id": "urn:ngsi-ld:AirQualityObserved:Celje%20bolnica",
        "type": "AirQualityObserved",
        "temperature": {
            "type": "Property",
            "unitCode": "CEL",
            "value": 21,
            "observedAt": "2025-09-01T10:00:00Z",
        },
    }
    assert second["most"] == {"type": "Property", "value": 3, "observedAt": "2025-07-01T06:00:00Z"}
    assert ["max" in str(each) for each in found.faults] == [True], "an expression that cannot be asked is a fault"


def test_the_good_part_of_a_payload_is_kept() -> None:
    records = [
        {"station": "a", "time": "2025-09-01T12:00:00Z", "pm10": 10, "no2": "much"},
        {"station": "", "time": "2025-09-01T12:00:00Z", "pm10": 11},
        {"station": "c", "time": "yesterday", "pm10": 12},
        {"station": "d", "pm10": 13},
        "nothing",
        {"station": "f", "time": "2025-09-01T12:00:00Z", "pm10": 14, "no2": -999},
    ]
    found = mapped(records, "  pm10: pm10\n  no2: no2\n", more="missing: [-999]\n")
    assert [(each.row, each.field) for each in found.faults] == [
        *((1, "no2"), (2, "id"), (3, "observedAt"), (4, "observedAt"), (5, "id"), (5, "observedAt")),
    ]
    assert [sorted(each) for each in documents_of(found.rows)] == [["id", "pm10", "type"]] * 2


def test_a_table_of_columns(tmp_path: Path) -> None:
    file = tmp_path / "air.csv"
    file.write_bytes(
        "station;time;PM 10;lon;lat\r\n"
        "a;1.9.2025 14:00;10,5;14,5;46,1\r\n"
        "b;1.9.2025 14:00;x;14,5;460\r\n"
        "c;1.9.2025\r\n"
        "\r\n"
        '"d\nd";26.10.2025 02:30;1;;\r\n'.encode("cp1250")
    )
    text = HEAD.format(format="csv").replace("from: time,", "from: time, format: '%d.%m.%Y %H:%M',")
    text += "csv: {delimiter: ';', decimal: ',', encoding: cp1250}\nlocation: {longitude: lon, latitude: lat}\n"
    mapping = read_mapping(text + "attributes: {pm10: PM 10}\n", "air.yaml")
    blocks = list(blocks_of(file, mapping, size=2))
    assert [each.until for each in blocks] == [2, 4, 5]
    results = [map_block(mapping, each) for each in blocks]
    faults = [str(fault) for each in results for fault in each.faults]
    assert faults == [
        "row 3, pm10: is no number; if it is meant to be a text, say as: text (found 'x')",
        "row 3, location.latitude: is more than 90 degrees; a place is given in WGS 84, longitude first (found '460')",
        "row 4: has 2 cells, where the header has 5",
        "row 6, observedAt: 2025-10-26T02:30:00 came twice in Europe/Ljubljana, as clocks were changed: "
        "a time with its offset is clear (found '26.10.2025 02:30')",
    ]
    (only,) = documents_of(results[0].rows)
    assert only["pm10"]["value"] == 10.5
    assert only["pm10"]["observedAt"] == "2025-09-01T12:00:00Z"
    assert only["location"]["value"] == {"type": "Point", "coordinates": [14.5, 46.1]}
    with pytest.raises(Invalid, match=r"There is no column 'PM10'.*Did you mean 'PM 10'"):
        map_block(read_mapping(text + "attributes: {pm10: PM10}\n", "air.yaml"), blocks[0])
    later = list(blocks_of(file, mapping, size=100, after=2))
    assert [(list(each.numbers), each.until) for each in later] == [([6], 5)]


def test_parquet_and_json_lines_give_the_same_as_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    at = datetime(2025, 9, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    table = pa.table({"station": ["a", "b"], "time": [at, at + timedelta(hours=1)], "x": [1.0, 2.5]})
    parquet.write_table(table, tmp_path / "x.parquet")
    lines = [{"station": s, "time": t.isoformat(), "x": x} for s, t, x in zip(*table.to_pydict().values(), strict=True)]
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    rows = "".join(f"{each['station']},{each['time']},{each['x']}\n" for each in lines)
    (tmp_path / "x.csv").write_text(f"station,time,x\n{rows}")
    found = []
    for kind in ("csv", "jsonl", "parquet"):
        mapping = read_mapping(HEAD.format(format=kind) + "attributes: {x: {from: x, range: [0, 9]}}\n", "x.yaml")
        (block,) = blocks_of(tmp_path / f"x.{kind}", mapping, size=10)
        found.append(list(documents_of(map_block(mapping, block).rows)))
    assert found[0] == found[1] == found[2]
    assert found[0][0]["x"] == {"type": "Property", "value": 1, "observedAt": "2025-09-01T12:00:00.250000Z"}


def test_what_stands_still_is_written_once() -> None:
    record = {"station": "a", "time": "2025-09-01T12:00:00Z", "x": 1, "name": "Trg"}
    found = mapped([record] * 3, "  x: x\n  name: {from: name, as: text, fixed: true}\n")
    known: dict[Any, Any] = {}
    written = [len(each.attributes) for _ in range(2) for each in writes_of(found.rows, "celje", known)]
    assert written == [2, 1, 1, 1, 1, 1]


@given(st.sampled_from(["CEL", "FAH", "KEL", "KMH", "HM", "MTS", "KWH", "3B", "GQ", "GP"]), st.floats(-1e6, 1e6))
def test_units_lead_there_and_back(unit: str, value: float) -> None:
    quantity = next(group for group in units.UNITS.values() if unit in group)
    for other in quantity:
        there, back = units.conversion(unit, other), units.conversion(other, unit)
        if there is not None and back is not None:
            assert back(there(value)) == pytest.approx(value, rel=1e-9, abs=1e-6)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2050, 1, 1)))  # noqa: DTZ001 - a local time
def test_local_times_are_placed_or_refused(local: datetime) -> None:
    zone = ZoneInfo("Europe/Ljubljana")
    read = moments.reader("%Y-%m-%d %H:%M:%S", zone)
    text = local.replace(microsecond=0)
    try:
        at = at_micros(read(str(text)))
    except ValueError:
        first, second = (text.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        assert first.utcoffset() != second.utcoffset()
    else:
        assert at.astimezone(zone).replace(tzinfo=None) == text


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        ("seconds", 1756728000),
        ("seconds", "1756728000"),
        ("milliseconds", 1756728000000),
        ("nanoseconds", 1756728000000000000),
        ("iso", "2025-09-01T12:00:00.000000000Z"),
        ("iso", "2025-09-01T14:00:00+02:00"),
    ],
)
def test_the_same_instant_in_each_form(form: str, raw: Any) -> None:
    assert at_micros(moments.reader(form, None)(raw)) == datetime(2025, 9, 1, 12, tzinfo=UTC)
