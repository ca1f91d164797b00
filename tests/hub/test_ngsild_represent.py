"""Documents that go out: they read back as the same, in every form that can say all."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE, context_of
from simos.hub.ngsild import (
    correction_change,
    parse_entity,
    parse_temporal,
    represent,
    represent_attributes,
    represent_history,
)
from simos.hub.values import Attributes, ChangeKind, Correction, Entity, Instance, Point
from tests.hub.documents import START, attributes, entity_with

SHORT = context_of({"th": "https://uri.etsi.org/ngsi-ld/default-context/", "temp": "th:temperature"})


@given(attributes(), st.sampled_from(["normalized", "concise"]), st.sampled_from([CORE, SHORT]), st.booleans())
def test_what_is_shown_reads_back_as_it_was(made: Attributes, form: Any, context: Any, sys_attrs: bool) -> None:
    entity = entity_with(made, scopes=("/a", "/b/c"), types=(CORE.expand("A"), CORE.expand("B")))
    document = orjson.loads(orjson.dumps(represent(entity, context, form=form, sys_attrs=sys_attrs)))
    back = parse_entity(document, context)
    assert back.attributes == made
    assert (back.id, back.types, back.scopes) == (entity.id, entity.types, entity.scopes)


def shown(instance: Instance, **how: Any) -> Any:
    return represent_attributes({CORE.expand("a"): [instance]}, CORE, **how)["a"]


@pytest.mark.parametrize(
    ("instance", "concise", "simplified"),
    [
        ({"type": "Property", "value": 5}, 5, 5),
        ({"type": "Property", "value": [5]}, {"value": [5]}, [5]),
        ({"type": "Property", "value": 5, "unitCode": "CEL"}, {"value": 5, "unitCode": "CEL"}, 5),
        ({"type": "Relationship", "object": "urn:x:1"}, {"object": "urn:x:1"}, "urn:x:1"),
        ({"type": "VocabProperty", "vocab": CORE.expand("open")}, {"vocab": "open"}, {"vocab": "open"}),
        ({"type": "LanguageProperty", "languageMap": {"sl": "x"}}, *[{"languageMap": {"sl": "x"}}] * 2),
        ({"type": "ListProperty", "valueList": [1]}, {"valueList": [1]}, [1]),
        (
            {"type": "ListRelationship", "objectList": ["urn:x:1"]},
            {"objectList": [{"object": "urn:x:1"}]},
            ["urn:x:1"],
        ),
    ],
)
def test_short_forms(instance: Instance, concise: Any, simplified: Any) -> None:
    assert shown(instance, form="concise") == concise
    assert shown(instance, form="simplified") == simplified


def test_simplified_keeps_datasets_apart() -> None:
    several = [{"type": "Property", "value": 1}, {"type": "Property", "value": 2, "datasetId": "urn:d:1"}]
    made = represent_attributes({CORE.expand("a"): several}, CORE, form="simplified")
    assert made == {"a": {"dataset": {"@none": 1, "urn:d:1": 2}}}


def test_only_the_attributes_asked_for() -> None:
    made: Attributes = {CORE.expand(each): [{"type": "Property", "value": 1}] for each in "abc"}
    asked = tuple(map(CORE.expand, "cax"))
    assert list(represent(entity_with(made), CORE, attrs=asked)) == ["id", "type", "c", "a"]


def test_system_attributes_only_when_asked_for() -> None:
    stamps = {"createdAt": "2025-09-01T00:00:00Z", "modifiedAt": "2025-09-02T00:00:00Z"}
    entity = entity_with({CORE.expand("a"): [{"type": "Property", "value": 1, **stamps}]})
    with_them = represent(entity, CORE, sys_attrs=True)
    assert with_them["createdAt"] == "2025-09-01T00:00:00Z"
    assert with_them["a"] == {"type": "Property", "value": 1, **stamps}
    assert represent(entity, CORE)["a"] == {"type": "Property", "value": 1}


WORDS = {"sl": "trg", "it": "piazza", "en-GB": "square", "@none": "place"}


@pytest.mark.parametrize(
    ("lang", "words", "language"),
    [
        ("it", "piazza", "it"),
        ("hu,it;q=0.3,sl;q=0.9", "trg", "sl"),
        ("sl;q=0,it", "piazza", "it"),
        ("IT", "piazza", "it"),
        ("it-CH", "piazza", "it"),
        ("en", "square", "en-GB"),
        ("hu", "place", None),
        ("*", "place", None),
        ("", "place", None),
    ],
)
def test_words_in_the_language_that_somebody_reads(lang: str, words: str, language: str | None) -> None:
    made = shown({"type": "LanguageProperty", "languageMap": WORDS}, lang=lang)
    assert made == {"type": "Property", "value": words, **({"lang": language} if language else {})}


def point(instance: Instance, minute: int, dataset: str = "") -> Point:
    return Point(
        tenant="",
        entity="urn:ngsi-ld:Thing:1",
        attribute=CORE.expand("a"),
        dataset=dataset,
        at=START + minute * 60_000_000,
        instance=orjson.dumps(instance),
        number=None,
    )


def observed(value: Any, minute: int, **members: Any) -> Point:
    instance = {"type": "Property", "value": value, "observedAt": f"2025-09-01T00:0{minute}:00Z", **members}
    return point(instance, minute, members.get("datasetId", ""))


def test_history_shows_every_instance_and_reads_back() -> None:
    points = [observed(1, 0), observed(2, 1), observed(3, 1, datasetId="urn:d:1")]
    document = represent_history("urn:ngsi-ld:Thing:1", (CORE.expand("Thing"),), points, CORE)
    back = parse_temporal(document, CORE)
    assert back.attributes[CORE.expand("a")] == [orjson.loads(each.instance) for each in points]


def test_history_as_values_and_times() -> None:
    points = [observed(1, 0), observed(2, 1), observed(3, 1, datasetId="urn:d:1")]
    document = represent_history("urn:x:1", (CORE.expand("Thing"),), points, CORE, form="temporalValues")
    assert document["a"] == [
        {"type": "Property", "values": [[1, "2025-09-01T00:00:00Z"], [2, "2025-09-01T00:01:00Z"]]},
        {"type": "Property", "values": [[3, "2025-09-01T00:01:00Z"]], "datasetId": "urn:d:1"},
    ]


@pytest.mark.parametrize(
    ("instance", "plural", "value"),
    [
        ({"type": "Relationship", "object": "urn:x:1"}, "objects", "urn:x:1"),
        ({"type": "LanguageProperty", "languageMap": {"sl": "x"}}, "languageMaps", {"sl": "x"}),
        ({"type": "VocabProperty", "vocab": CORE.expand("open")}, "vocabs", "open"),
        ({"type": "JsonProperty", "json": [1]}, "jsons", [1]),
        ({"type": "ListProperty", "valueList": [1]}, "valueLists", [1]),
        ({"type": "ListRelationship", "objectList": ["urn:x:1"]}, "objectLists", ["urn:x:1"]),
    ],
)
def test_history_as_values_for_each_kind(instance: Instance, plural: str, value: Any) -> None:
    document = represent_history("urn:x:1", (), [point(instance, 1)], CORE, form="temporalValues")
    assert document["a"] == {"type": instance["type"], plural: [[value, "2025-09-01T00:01:00Z"]]}


def test_what_bears_no_time_says_when_it_came_if_asked() -> None:
    points = [point({"type": "Property", "value": 1}, 2)]
    assert represent_history("urn:x:1", (), points, CORE)["a"] == [{"type": "Property", "value": 1}]
    with_time = represent_history("urn:x:1", (), points, CORE, sys_attrs=True)
    assert with_time["a"][0]["modifiedAt"] == "2025-09-01T00:02:00Z"


def test_a_correction_shows_both_values() -> None:
    before = {"type": "VocabProperty", "vocab": CORE.expand("open")}
    now = {"type": "VocabProperty", "vocab": CORE.expand("shut")}
    correction = Correction(point=point(now, 1), before=orjson.dumps(before))
    change = correction_change(correction, ["T"])
    assert (change.kind, change.types, change.entity) == (ChangeKind.CORRECTED, ("T",), "urn:ngsi-ld:Thing:1")
    made = represent_attributes(change.attributes, CORE)
    assert made["a"] == {
        "type": "VocabProperty",
        "vocab": "shut",
        "previous": {"type": "VocabProperty", "vocab": "open"},
    }


def test_a_deleted_attribute_is_null_in_a_change() -> None:
    assert represent_attributes({CORE.expand("a"): []}, CORE) == {"a": None}


def test_one_scope_is_a_string_and_one_type_too() -> None:
    entity: Entity = replace(entity_with({}), scopes=("/a",))
    assert represent(entity, CORE) == {"id": entity.id, "type": "Thing", "scope": "/a"}
