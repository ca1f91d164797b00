"""Documents that come in: what is understood, and what is refused with which words."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE, context_of
from simos.hub.ngsild import ParsedEntity, Unparsed, parse_batch, parse_entity, parse_fragment, parse_temporal
from simos.hub.problems import BadRequestData, LdContextNotAvailable
from simos.hub.values import NEVER, Instance, Mode
from simos.kernel.errors import Problem

POINT = {"type": "Point", "coordinates": [13.64, 45.95]}
NULL = "urn:ngsi-ld:null"


def entity(**attributes: Any) -> dict[str, Any]:
    return {"id": "urn:ngsi-ld:Thing:1", "type": "Thing", **attributes}


def instances(content: Any, **how: Any) -> list[Instance]:
    """What the attribute `a` comes to."""
    return parse_entity(entity(a=content), CORE, **how).attributes[CORE.expand("a")]


@pytest.mark.parametrize(
    ("content", "instance"),
    [
        ({"type": "Property", "value": 5}, {"type": "Property", "value": 5}),
        ({"value": 5, "unitCode": "CEL"}, {"type": "Property", "value": 5, "unitCode": "CEL"}),
        (5, {"type": "Property", "value": 5}),
        (False, {"type": "Property", "value": False}),
        ("word", {"type": "Property", "value": "word"}),
        ([1, 2], {"type": "Property", "value": [1, 2]}),
        ({"value": {"street": "x"}}, {"type": "Property", "value": {"street": "x"}}),
        ({"type": "Property", "value": POINT}, {"type": "Property", "value": POINT}),
        ({"type": "GeoProperty", "value": POINT}, {"type": "GeoProperty", "value": POINT}),
        ({"value": POINT}, {"type": "GeoProperty", "value": POINT}),
        (POINT, {"type": "GeoProperty", "value": POINT}),
        ({"type": "Relationship", "object": "urn:x:1"}, {"type": "Relationship", "object": "urn:x:1"}),
        ({"object": ["urn:x:1", "urn:x:2"]}, {"type": "Relationship", "object": ["urn:x:1", "urn:x:2"]}),
        ({"languageMap": {"sl": "trg"}}, {"type": "LanguageProperty", "languageMap": {"sl": "trg"}}),
        ({"vocab": "open"}, {"type": "VocabProperty", "vocab": CORE.expand("open")}),
        ({"json": {"id": 1, "@x": None}}, {"type": "JsonProperty", "json": {"id": 1, "@x": None}}),
        ({"valueList": [1, [2]]}, {"type": "ListProperty", "valueList": [1, [2]]}),
        (
            {"type": "ListRelationship", "objectList": [{"object": "urn:x:1"}, "urn:x:2"]},
            {"type": "ListRelationship", "objectList": ["urn:x:1", "urn:x:2"]},
        ),
        (
            {"object": "urn:x:1", "objectType": "Person"},
            {"type": "Relationship", "object": "urn:x:1", "objectType": CORE.expand("Person")},
        ),
        (
            {"@type": "DateTime", "@value": "2025-09-01T12:00:00Z"},
            {"type": "Property", "value": {"@type": "DateTime", "@value": "2025-09-01T12:00:00Z"}},
        ),
        ({"value": 1, "datasetId": "@none"}, {"type": "Property", "value": 1}),
        (
            {"value": 1, "createdAt": "2025-01-01T00:00:00Z", "modifiedAt": "x", "instanceId": "y"},
            {"type": "Property", "value": 1},
        ),
    ],
)
def test_each_kind_is_understood_in_long_and_in_short(content: Any, instance: Instance) -> None:
    assert instances(content) == [instance]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2025-09-01T12:00:00Z", "2025-09-01T12:00:00Z"),
        ("2025-09-01T12:00:00.000Z", "2025-09-01T12:00:00Z"),
        ("2025-09-01T12:00:00.5Z", "2025-09-01T12:00:00.500000Z"),
        ("2025-09-01T12:00:00,123456Z", "2025-09-01T12:00:00.123456Z"),
        ("2025-09-01T12:00:00.123456789Z", "2025-09-01T12:00:00.123456Z"),
    ],
)
def test_times_have_one_spelling(given: str, kept: str) -> None:
    assert instances({"value": 1, "observedAt": given})[0]["observedAt"] == kept


def test_sub_attributes_are_read_like_attributes_at_every_depth() -> None:
    (found,) = instances({"value": 1, "accuracy": {"value": 0.5, "by": {"object": "urn:x:1"}}})
    accuracy = found[CORE.expand("accuracy")]
    by = {"type": "Relationship", "object": "urn:x:1"}
    assert accuracy == [{"type": "Property", "value": 0.5, CORE.expand("by"): [by]}]


def test_an_attribute_may_have_an_instance_of_each_dataset() -> None:
    found = instances([{"value": 1}, {"value": 2, "datasetId": "urn:d:1"}])
    assert [each.get("datasetId") for each in found] == [None, "urn:d:1"]


def test_an_entity_has_types_and_scopes() -> None:
    parsed = parse_entity(entity(type=["B", "A", "B"], scope=["/Gorica/Centre", "Park"]), CORE)
    assert parsed.types == (CORE.expand("A"), CORE.expand("B"))
    assert parsed.scopes == ("/Gorica/Centre", "/Park")
    write = parsed.write("gorica", Mode.UPSERT)
    assert (write.tenant, write.id, write.types, write.scopes) == ("gorica", parsed.id, parsed.types, parsed.scopes)


def test_names_are_those_of_the_context() -> None:
    context = context_of({"a": "https://example.org/a", "Thing": "https://example.org/Thing"})
    parsed = parse_entity(entity(a=1), context)
    assert parsed.types == ("https://example.org/Thing",)
    assert list(parsed.attributes) == ["https://example.org/a"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "Proprety", "value": 1}, "a: there is no kind.*'Proprety'.*Property, Relationship, GeoProperty"),
        ({"type": ["Property"], "value": 1}, "a: there is no kind"),
        ({"type": "Property"}, "a: a Property needs its value"),
        ({"type": "Property", "value": None}, "a: a Property needs its value"),
        ({"type": "Relationship", "value": "urn:x:1"}, "a: a Relationship has no value; .*object"),
        ({"type": "Relationship", "object": "no uri"}, "a: a Relationship points to a URI"),
        ({"type": "Relationship", "object": []}, "a: a Relationship points to one URI or more"),
        ({"type": "Relationship", "object": 5}, "a: a Relationship points to a URI"),
        ({"type": "GeoProperty", "value": 5}, "a: a GeoProperty .*object"),
        ({"type": "GeoProperty", "value": {"type": "Point", "coordinates": [200, 0]}}, "a: a GeoProperty longitude"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0]]]}, "a: a GeoProperty a polygon's ring"),
        ({"languageMap": {"sl": 5}}, "a: a LanguageProperty has a string"),
        ({"languageMap": {"not a language": "x"}}, "a: a LanguageProperty has languages"),
        ({"languageMap": {}}, "a: a LanguageProperty has a languageMap"),
        ({"vocab": 5}, "a: a VocabProperty has a vocab"),
        ({"valueList": 5}, "a: a ListProperty has a valueList that is an array"),
        ({"objectList": [{"object": "x y"}]}, "a: a ListRelationship points to a URI"),
        ({"json": None}, "a: a JsonProperty needs its json"),
        ({"value": 1, "object": "urn:x:1"}, "a: has value and object"),
        ({"observedAt": "2025-09-01T12:00:00Z"}, "a: says neither its type .* nor a value"),
        ({}, "a: says neither"),
        (None, "a: is null"),
        ({"value": 1, "observedAt": "2025-09-01T12:00:00+02:00"}, "a: observedAt: a DateTime looks like"),
        ({"value": 1, "observedAt": "2025-13-01T12:00:00Z"}, "a: observedAt: month"),
        ({"value": 1, "observedAt": "yesterday"}, "a: observedAt"),
        ({"value": 1, "observedAt": 1756684800}, "a: observedAt"),
        ({"value": 1, "observedAt": NULL}, "a: observedAt"),
        ({"value": 1, "datasetId": "not a uri"}, "a: datasetId: must be a URI"),
        ({"value": 1, "unitCode": 5}, "a: unitCode"),
        ({"object": "urn:x:1", "unitCode": "CEL"}, "a: a Relationship has no unitCode"),
        ([{"value": 1}, {"value": 2}], "a: has two instances without datasetId"),
        ([{"value": 1, "datasetId": "urn:d:1"}] * 2, "a: has two instances of dataset urn:d:1"),
        ({"value": 1, "sub": {"type": "Nonsense"}}, r"a\.sub: there is no kind"),
        ({"value": 1, "a b": 5}, "'a b' cannot be a name"),
        ({"value": NULL}, "a: urn:ngsi-ld:null stands only"),
        (NULL, "a: urn:ngsi-ld:null stands only"),
        ({"languageMap": {"@none": NULL}}, "a: urn:ngsi-ld:null stands only"),
    ],
)
def test_what_is_wrong_with_an_attribute_is_said(content: Any, words: str) -> None:
    with pytest.raises(BadRequestData, match=words):
        instances(content)


def test_the_refusal_names_the_attribute_for_programs_too() -> None:
    with pytest.raises(BadRequestData) as refused:
        instances({"type": "Nonsense"})
    problem = refused.value.as_dict()
    assert problem["attribute"] == "a"
    assert problem["type"] == "https://uri.etsi.org/ngsi-ld/errors/BadRequestData"
    assert problem["status"] == 400


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "JSON object"),
        ({"type": "Thing"}, "id: an entity needs one"),
        ({"id": "1", "type": "Thing"}, "id: must be a URI"),
        ({"id": 5, "type": "Thing"}, "id: must be a URI"),
        ({"id": "urn:a b", "type": "Thing"}, "id: must be a URI"),
        ({"id": "urn:x:" + "1" * 2000, "type": "Thing"}, "id: must be a URI"),
        ({"id": "urn:x:1"}, "type: an entity needs one"),
        ({"id": "urn:x:1", "type": []}, "type: an entity needs one"),
        ({"id": "urn:x:1", "type": [5]}, "type: an entity needs one"),
        ({"id": "urn:x:1", "type": "A Thing"}, "'A Thing' cannot be a name"),
        (entity(scope="/a b"), "scope: looks like"),
        (entity(value=5), "value: is a word of NGSI-LD itself"),
        (entity(observedAt="2025-09-01T12:00:00Z"), "observedAt: is a word"),
        (entity(**{"@graph": []}), "@graph: is a word"),
        (entity(**{"a<b": 5}), "cannot be a name"),
        (entity(a=1, **{"https://uri.etsi.org/ngsi-ld/default-context/a": 2}), "twice, under two names"),
    ],
)
def test_what_is_wrong_with_an_entity_is_said(document: Any, words: str) -> None:
    with pytest.raises(BadRequestData, match=words):
        parse_entity(document, CORE)


def test_sub_attributes_without_end_are_refused() -> None:
    content: Any = 1
    for _ in range(50):
        content = {"value": 1, "deeper": content}
    with pytest.raises(BadRequestData, match="deep"):
        instances(content)


def test_an_entity_says_when_it_is_over() -> None:
    assert parse_entity(entity(expiresAt="1970-01-01T00:00:01Z"), CORE).expires_at == 1_000_000
    assert parse_entity(entity(), CORE).expires_at is None
    assert parse_fragment({"expiresAt": NULL}, CORE, nulls=True).expires_at == NEVER
    for wrong in ("tomorrow", 5, NULL, None):
        with pytest.raises(BadRequestData, match="expiresAt"):
            parse_entity(entity(expiresAt=wrong), CORE)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a", {"value": 1, "previousValue": 2}, "does not stand in a request"),
        ("a", {"value": 1, "@context": {}}, "does not stand in a request"),
        ("a", {"value": 1, "entityIdSealed": "urn:x:1"}, "stands in ngsildproof only"),
        ("ngsildproof", {"value": "no object"}, "a proof, which is an object"),
        ("ngsildproof", {"value": {"a": 1}, "entityTypeSealed": 42}, "must be a string"),
        ("location", {"type": "Property", "value": 7}, "is a GeoProperty"),
        ("location", {"type": "GeoProperty", "value": "no geometry"}, "JSON in a string"),
        ("a", {"value": {"b": [{"c": NULL}]}}, "only in a merge"),
        ("a", {"json": 5}, "an object, or an array of objects"),
        ("a", {"languageMap": {"en": "x"}, "valueType": "string"}, "is langString"),
    ],
)
def test_what_the_standard_forbids_is_refused(name: str, content: Any, words: str) -> None:
    with pytest.raises(BadRequestData, match=words):
        parse_entity(entity(**{name: content}), CORE)


def test_a_geometry_in_a_string_is_the_geometry() -> None:
    text = '{"type": "Point", "coordinates": [13.6, 45.9]}'
    found = parse_entity(entity(location={"type": "GeoProperty", "value": text}), CORE)
    ((instance,),) = found.attributes.values()
    assert instance == {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [13.6, 45.9]}}


def test_a_fragment_needs_neither_id_nor_type() -> None:
    parsed = parse_fragment({"a": 5, "type": "Thing"}, CORE)
    assert (parsed.id, parsed.types, parsed.scopes) == ("", (CORE.expand("Thing"),), None)
    assert parse_fragment({"a": 5}, CORE).types == ()


@pytest.mark.parametrize(
    "content", [NULL, {"value": NULL}, {"object": NULL}, {"languageMap": {"@none": NULL}}, {"valueList": [NULL]}]
)
def test_null_deletes_where_it_may(content: Any) -> None:
    ((found,),) = parse_fragment({"a": content}, CORE, nulls=True).attributes.values()
    assert NULL in found.values()
    with pytest.raises(BadRequestData, match="stands only"):
        parse_fragment({"a": content}, CORE)


def test_part_of_an_attribute_is_enough_where_it_may() -> None:
    ((found,),) = parse_fragment({"a": {"unitCode": "CEL", "observedAt": NULL}}, CORE, partial=True).attributes.values()
    assert found == {"unitCode": "CEL", "observedAt": NULL}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"street": "x", "type": "anything"}, [{"type": "Property", "value": {"street": "x", "type": "anything"}}]),
        (POINT, [{"type": "GeoProperty", "value": POINT}]),
        ({"languageMap": {"sl": "x"}}, [{"type": "LanguageProperty", "languageMap": {"sl": "x"}}]),
        ([{"value": 1}], [{"type": "Property", "value": [{"value": 1}]}]),
        (
            {"dataset": {"@none": 1, "urn:d:1": 2}},
            [{"type": "Property", "value": 1}, {"type": "Property", "value": 2, "datasetId": "urn:d:1"}],
        ),
    ],
)
def test_keys_and_values_are_read_where_told(content: Any, found: list[Instance]) -> None:
    assert instances(content, simplified=True) == found


def test_a_history_has_many_instances_of_one_dataset() -> None:
    history = [{"type": "Property", "value": n, "observedAt": f"2025-09-01T12:00:0{n}Z"} for n in range(3)]
    parsed = parse_temporal(entity(a=history), CORE)
    assert [each["value"] for each in parsed.attributes[CORE.expand("a")]] == [0, 1, 2]
    with pytest.raises(BadRequestData, match="a: has no instance"):
        parse_temporal(entity(a=[]), CORE)


def test_of_a_batch_the_good_part_is_kept_and_the_bad_part_named() -> None:
    found = list(parse_batch([entity(a=1), {"id": "urn:x:1"}, 5, entity(**{"@context": {}}), entity(a=2)], CORE))
    assert [type(each) for each in found] == [ParsedEntity, Unparsed, Unparsed, Unparsed, ParsedEntity]
    assert [each.id for each in found][:3] == ["urn:ngsi-ld:Thing:1", "urn:x:1", ""]


def test_in_json_ld_each_of_a_batch_brings_its_context() -> None:
    own = entity(a=1, **{"@context": {"a": "https://example.org/a"}})
    foreign = entity(id="urn:x:2", **{"@context": "https://example.org/c.jsonld"})
    found = list(parse_batch([own, foreign, entity(a=2)], CORE, understand=context_of))
    assert [type(each) for each in found] == [ParsedEntity, Unparsed, Unparsed]
    assert isinstance(found[0], ParsedEntity)
    assert list(found[0].attributes) == ["https://example.org/a"]
    assert isinstance(found[1], Unparsed)
    assert isinstance(found[1].problem, LdContextNotAvailable)


WORDS = ["type", "@type", "value", "object", "languageMap", "vocab", "json", "valueList", "objectList", "observedAt"]
MORE_WORDS = ["unitCode", "datasetId", "objectType", "coordinates", "@value", "a", "dataset", "Property", "Point", NULL]
words = st.sampled_from([*WORDS, *MORE_WORDS, "GeoProperty", "ListRelationship", "2025-09-01T12:00:00Z", "urn:x:1"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(anything, st.booleans(), st.booleans(), st.booleans())
def test_whatever_comes_is_understood_or_refused(content: Any, nulls: bool, partial: bool, simplified: bool) -> None:
    documents = [content, entity(a=content), {"id": content, "type": content, "scope": content}, {"a": content}]
    for document in documents:
        for parse in (
            lambda document: parse_entity(document, CORE, simplified=simplified),
            lambda document: parse_fragment(document, CORE, nulls=nulls, partial=partial, simplified=simplified),
            lambda document: parse_temporal(document, CORE),
            lambda document: list(parse_batch([document], CORE)),
            lambda document: context_of(document),
        ):
            with suppress(Problem):
                parse(document)
