"""Aggregated history (ETSI GS CIM 009, 4.5.19), and times and aggregates against an oracle in plain Python."""

import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.ngsild.asking import Client, fresh_tenant

START = datetime(2025, 9, 1, 12, tzinfo=UTC)
BUS = "urn:bus:1"
METHODS = "totalCount,distinctCount,sum,avg,min,max,stddev,sumsq"


def text(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def speeds(*pairs: tuple[Any, float], kind: str = "Property", member: str = "value") -> list[dict[str, Any]]:
    return [{"type": kind, member: value, "observedAt": text(at)} for value, at in pairs]


def made(hub: Client, *pairs: tuple[Any, float], **how: str) -> None:
    hub.done("POST", "/temporal/entities", {"id": BUS, "type": "Bus", "speed": speeds(*pairs, **how)})


def told(hub: Client, parameters: str, methods: str = METHODS) -> Any:
    path = f"/temporal/entities/{BUS}?options=aggregatedValues&aggrMethods={methods}&{parameters}"
    return hub.done("GET", path).body


def test_each_method_by_period(hub: Client) -> None:
    made(hub, (10, 0), (20, 600), (20, 1800), (40, 3600), (1, 9000))
    window = f"timerel=between&timeAt={text(0)}&endTimeAt={text(9000)}&aggrPeriodDuration=PT1H"
    shown = told(hub, window)
    first, second = [text(0), text(3600)], [text(3600), text(7200)]
    assert shown == {
        "id": BUS,
        "type": "Bus",
        "speed": {
            "type": "Property",
            "totalCount": [[3, *first], [1, *second]],
            "distinctCount": [[2, *first], [1, *second]],
            "sum": [[50, *first], [40, *second]],
            "avg": [[pytest.approx(50 / 3), *first], [40, *second]],
            "min": [[10, *first], [40, *second]],
            "max": [[20, *first], [40, *second]],
            "stddev": [[pytest.approx(statistics.stdev([10, 20, 20])), *first], [0, *second]],
            "sumsq": [[900, *first], [1600, *second]],
        },
    }
    (found,) = hub.done("GET", f"/temporal/entities?type=Bus&options=aggregatedValues&aggrMethods=sum&{window}").body
    assert found["speed"] == {"type": "Property", "sum": [[50, *first], [40, *second]]}


def test_without_a_period_all_is_one(hub: Client) -> None:
    made(hub, (10, 0), (20, 600))
    for duration in ("", "&aggrPeriodDuration=PT0S"):
        between = told(hub, f"timerel=between&timeAt={text(-60)}&endTimeAt={text(3600)}{duration}", "sum")
        assert between["speed"]["sum"] == [[30, text(-60), text(3600)]]
    assert told(hub, f"timerel=before&timeAt={text(900)}", "sum")["speed"]["sum"] == [[30, text(0), text(900)]]
    assert told(hub, f"timerel=after&timeAt={text(-1)}", "sum")["speed"]["sum"] == [[30, text(-1), text(600)]]


def test_months_are_as_long_as_they_are(hub: Client) -> None:
    day = 86_400
    made(hub, (1, 0), (2, 29 * day), (4, 30 * day), (8, 61 * day))
    shown = told(hub, f"timerel=after&timeAt={text(-1)}&aggrPeriodDuration=P1M", "sum")["speed"]["sum"]
    assert [value for value, _, _ in shown] == [3, 4, 8]
    assert [start for _, start, _ in shown] == [text(-1), text(30 * day - 1), text(61 * day - 1)]


@pytest.mark.parametrize(
    ("values", "how", "expected"),
    [
        (["b", "a", "b"], {}, {"totalCount": 3, "distinctCount": 2, "min": "a", "max": "b"}),
        ([True, False, True], {}, {"totalCount": 3, "distinctCount": 2}),
        ([[1], [2], [1]], {}, {"totalCount": 3, "distinctCount": 2}),
        (
            ["urn:a", "urn:b", "urn:a"],
            {"kind": "Relationship", "member": "object"},
            {"totalCount": 3, "distinctCount": 2},
        ),
    ],
)
def test_what_applies_to_other_values(hub: Client, values: list[Any], how: Any, expected: dict[str, Any]) -> None:
    made(hub, *((value, at * 60) for at, value in enumerate(values)), **how)
    shown = told(hub, f"timerel=after&timeAt={text(-1)}")["speed"]
    assert {name: periods[0][0] for name, periods in shown.items() if name != "type"} == expected


PAIRS = st.lists(
    st.tuples(st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6)), st.integers(0, 40_000)),
    min_size=1,
    max_size=30,
    unique_by=lambda pair: pair[1],
)
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(
    PAIRS,
    st.sampled_from(["before", "after", "between"]),
    st.integers(-10, 40_010),
    st.integers(0, 40_000),
    st.one_of(st.none(), st.integers(1, 30)),
)
@SOME
def test_times_agree_with_plain_python(
    hub_address: str, pairs: Any, relation: str, first: int, span: int, last: int | None
) -> None:
    hub = Client(hub_address, fresh_tenant())
    made(hub, *pairs)
    fits = {
        "before": lambda at: at < first,
        "after": lambda at: at > first,
        "between": lambda at: first <= at < first + span,
    }[relation]
    expected = [value for value, at in sorted(pairs, key=lambda pair: pair[1]) if fits(at)]
    expected = expected[-last:] if last else expected
    end = f"&endTimeAt={text(first + span)}" if relation == "between" else ""
    lastly = f"&lastN={last}" if last else ""
    answer = hub.done("GET", f"/temporal/entities/{BUS}?timerel={relation}&timeAt={text(first)}{end}{lastly}")
    assert [each["value"] for each in answer.body.get("speed", [])] == expected
    found = hub.done("GET", f"/temporal/entities?type=Bus&timerel={relation}&timeAt={text(first)}{end}").body
    assert bool(found) == bool(expected)


@given(PAIRS, st.integers(1, 20_000), st.integers(0, 40_000))
@SOME
def test_aggregates_agree_with_plain_python(hub_address: str, pairs: Any, width: int, first: int) -> None:
    hub = Client(hub_address, fresh_tenant())
    made(hub, *pairs)
    periods: dict[int, list[float]] = {}
    for value, at in pairs:
        if at > first:
            periods.setdefault((at - first) // width, []).append(value)
    shown = told(hub, f"timerel=after&timeAt={text(first)}&aggrPeriodDuration=PT{width}S").get("speed", {})
    starts = [text(first + number * width) for number in sorted(periods)]
    for method, of in (
        ("totalCount", len),
        ("distinctCount", lambda values: len(set(values))),
        ("sum", sum),
        ("avg", statistics.fmean),
        ("min", min),
        ("max", max),
        ("sumsq", lambda values: sum(value * value for value in values)),
        ("stddev", lambda values: statistics.stdev(values) if len(values) > 1 else 0),
    ):
        if not periods:
            assert shown == {}
            return
        assert [start for _, start, _ in shown[method]] == starts
        expected = [of(periods[number]) for number in sorted(periods)]
        scale = max(abs(value) for values in periods.values() for value in values) or 1
        tolerance = 1e-6 * scale * (scale if method == "sumsq" else 1)
        assert [value for value, _, _ in shown[method]] == pytest.approx(expected, rel=1e-6, abs=tolerance), method
