"""What topics and payloads mean, and who may subscribe to what."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.grants import EVERYTHING, Grant
from simos.hub.mqtt.topics import destination_of, may_see_all, may_subscribe, writes_of
from simos.hub.topic_filters import is_filter, matches
from simos.hub.values import Mode, Write
from simos.kernel.errors import Problem

SPOT = "urn:ngsi-ld:ParkingSpot:7"


def writes(topic: str, content: Any) -> list[Write]:
    destination = destination_of(topic)
    assert destination is not None
    return writes_of(destination, content if isinstance(content, bytes) else orjson.dumps(content))


def test_plain_values_of_one_entity_are_an_upsert_of_the_type_that_the_id_names() -> None:
    (write,) = writes(f"gorica/entities/{SPOT}", {"status": "free", "distance": 21})
    assert (write.tenant, write.id, write.mode) == ("gorica", SPOT, Mode.UPSERT)
    assert write.types == (CORE.expand("ParkingSpot"),)
    assert write.attributes[CORE.expand("status")] == [{"type": "Property", "value": "free"}]
    assert write.attributes[CORE.expand("distance")] == [{"type": "Property", "value": 21}]


def test_a_type_in_the_payload_wins_over_the_one_in_the_id() -> None:
    (write,) = writes(f"gorica/entities/{SPOT}", {"type": "OnStreetParking", "status": "free"})
    assert write.types == (CORE.expand("OnStreetParking"),)


def test_an_array_keeps_its_order_and_the_default_tenant_has_a_name() -> None:
    found = writes("default/entities", [{"id": f"urn:ngsi-ld:A:{n}", "type": "A", "x": n} for n in range(3)])
    assert [write.id for write in found] == ["urn:ngsi-ld:A:0", "urn:ngsi-ld:A:1", "urn:ngsi-ld:A:2"]
    assert {write.tenant for write in found} == {""}


@pytest.mark.parametrize(
    ("topic", "content", "said"),
    [
        ("gorica/entities", b"{bad", "not JSON"),
        ("gorica/entities", [], "empty"),
        ("gorica/entities", 7, "JSON object"),
        ("gorica/entities", {"id": SPOT}, "type"),
        ("gorica/entities", [{"id": SPOT, "type": "A"}, {"id": "no uri", "type": "A"}], "Entity 2"),
        ("gorica/entities", [{"id": SPOT, "type": "A", "x": {"type": "Nonsense"}}], "x"),
        ("gorica/entities", {"id": SPOT, "type": "A", "@context": {"x": "https://example.org/x"}}, "@context"),
        (f"gorica/entities/{SPOT}", [], "JSON object"),
        (f"gorica/entities/{SPOT}", {"id": "urn:ngsi-ld:ParkingSpot:8", "x": 1}, "the topic names"),
        ("gorica/entities/https://example.org/7", {"x": 1}, "type"),
        ("gorica/entities/urn:ngsi-ld:Spot", {"x": 1}, "type"),
        ("gorica/entities/", {"type": "A", "x": 1}, "id"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_what_is_wrong(topic: str, content: Any, said: str) -> None:
    with pytest.raises(Problem) as refused:
        writes(topic, content)
    assert said in refused.value.detail


def test_too_long_an_array_is_refused() -> None:
    with pytest.raises(Problem, match="10000"):
        writes("gorica/entities", [{}] * 10_001)


@given(
    st.binary(max_size=80)
    | st.recursive(st.none() | st.booleans() | st.text() | st.floats(), st.lists).map(orjson.dumps)
)
def test_whatever_is_sent_is_understood_or_refused(payload: bytes) -> None:
    for topic in ("gorica/entities", f"gorica/entities/{SPOT}"):
        try:
            writes(topic, payload)
        except Problem:
            continue


@pytest.mark.parametrize("topic", ["gorica", "gorica/panels/3", "gorica/entitiesx", "entities", "a/b/entities"])
def test_other_topics_are_not_ours(topic: str) -> None:
    assert destination_of(topic) is None


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/", True),
        ("+/+", "/b", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "ab", False),
        ("#", "a/b", True),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("A/b", "a/b", False),
    ],
)
def test_filters_match_as_the_standard_says(topic_filter: str, topic: str, expected: bool) -> None:
    assert matches(topic_filter, topic) is expected


@pytest.mark.parametrize("text", ["", "a/#/b", "a#", "a/b+", "#/a"])
def test_what_is_no_filter(text: str) -> None:
    assert not is_filter(text)


GORICA = Grant(name="g", tenants=frozenset({"gorica"}), types=frozenset({"T"}))


@pytest.mark.parametrize("topic_filter", ["#", "+/entities", "koper/#", "+", "default/#", "$SYS/#", "gorica+/x", "/#"])
def test_a_grant_of_one_tenant_opens_no_other(topic_filter: str) -> None:
    assert not may_subscribe(GORICA, topic_filter)


def test_a_grant_opens_its_own_tenant() -> None:
    assert may_subscribe(GORICA, "gorica/#")
    assert may_subscribe(GORICA, "gorica")
    assert may_subscribe(EVERYTHING, "#")
    assert may_subscribe(Grant(name="d", tenants=frozenset({""}), types=frozenset()), "default/#")


def test_a_message_is_shown_whole_or_not_at_all() -> None:
    assert may_see_all(GORICA, ["T"])
    assert may_see_all(GORICA, [])
    assert not may_see_all(GORICA, ["T", "U"])
    assert may_see_all(EVERYTHING, ["U"])
