"""The query language: text to condition, and condition to yes or no, against a plain reading of the standard."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE, context_of
from simos.hub.ngsild import parse_entity
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query import (
    And,
    Compare,
    Condition,
    Exists,
    Literal,
    Op,
    Or,
    Path,
    Range,
    Sort,
    holds,
    linked_depth,
    parse_q,
)
from simos.hub.values import Entity
from simos.kernel.errors import Problem
from tests.hub.documents import MINUTE, START, entity_with

NAME = CORE.expand("name")
CAR_PARK = {
    "id": "urn:ngsi-ld:OffStreetParking:1",
    "type": "OffStreetParking",
    "free": {
        "value": 12,
        "observedAt": "2025-09-01T12:00:00.5Z",
        "unitCode": "C62",
        "reliability": {"value": 0.7, "by": {"object": "urn:ngsi-ld:Person:1"}},
    },
    "name": {"languageMap": {"sl": "Glazija", "it": ["Piazza", "Foro"]}},
    "address": {"value": {"street": "Ljubljanska", "geo": {"floor": 2}, "a key": 1}},
    "owner": {"object": ["urn:ngsi-ld:Org:1", "urn:ngsi-ld:Org:2"]},
    "status": {"vocab": "open"},
    "tags": {"value": ["covered", "guarded", 7]},
    "open": True,
    "since": {"type": "Property", "value": {"@type": "DateTime", "@value": "2020-01-01T00:00:00Z"}},
    "day": "2020-02-29",
    "hour": "08:30:00Z",
    "levels": {"valueList": [1, 2, 3]},
    "extra": {"json": {"a": {"b": "deep"}}},
    "tariff": [{"value": 1, "datasetId": "urn:d:day"}, {"value": 3, "datasetId": "urn:d:night"}],
    "location": {"type": "Point", "coordinates": [15.26, 46.23]},
    "quoted": 'say "hi"; (now)',
}


@pytest.fixture(scope="module")
def car_park() -> Entity:
    parsed = parse_entity(CAR_PARK, CORE)
    return entity_with(parsed.attributes, created_at=START, modified_at=START + MINUTE)


@pytest.mark.parametrize(
    "q",
    [
        "free",
        "free==12",
        "free==12.0",
        "free!=13",
        "free>11;free<13;free>=12;free<=12",
        "free==10..15",
        "free!=13..20",
        "free==1,12,13",
        "free!=1,2",
        "free.reliability>0.5",
        "free.reliability.by==urn:ngsi-ld:Person:1",
        "free.observedAt==2025-09-01T12:00:00.500Z",
        "free.observedAt>2025-09-01T12:00:00Z",
        "free.observedAt==2025-09-01T00:00:00Z..2025-09-02T00:00:00Z",
        'free.unitCode=="C62"',
        'name[sl]=="Glazija"',
        'name[it]=="Foro"',
        'name[*]=="Foro"',
        'name=="Piazza"',
        'name[sl]~="^Gla"',
        'address[street]=="Ljubljanska"',
        "address[geo.floor]==2",
        "address[a key]==1",
        "owner==urn:ngsi-ld:Org:2",
        'owner=="urn:ngsi-ld:Org:2"',
        "owner!=urn:ngsi-ld:Org:3",
        'tags=="covered"',
        "tags==7",
        'tags!="open"',
        'tags=="nothing","guarded"',
        "open==true",
        "open!=false",
        "since<2021-01-01T00:00:00Z",
        "since==2020-01-01T00:00:00.000Z",
        "day==2020-02-29",
        "day==2020-01-01..2020-12-31",
        "hour>=08:00:00Z",
        "hour==08:30:00",
        "levels==2",
        'extra[a.b]=="deep"',
        "tariff==3",
        "tariff==1;tariff==3",
        "tariff!=3",
        "location",
        f"createdAt=={'2025-09-01T00:00:00Z'}",
        "modifiedAt>2025-09-01T00:00:00Z",
        "nothing|free",
        "nothing;free|free",
        "free;(nothing|open==true)",
        "((free))",
        r'quoted=="say \"hi\"; (now)"',
        "quoted~=(now|then)",
        'quoted~="; .now"',
        "quoted!~=^now",
        r"free.observedAt~=^2025-09-\d\d",
        "https://uri.etsi.org/ngsi-ld/default-context/free==12",
        'free=="12"|free==12',
        'free!="12"',
        'free!="word"',
    ],
)
def test_what_holds(car_park: Entity, q: str) -> None:
    assert holds(parse_q(q, CORE), car_park)


@pytest.mark.parametrize(
    "q",
    [
        "nothing",
        "nothing!=5",
        "nothing==5",
        "nothing!~=x",
        "free==13",
        'free=="12"',
        "free==true",
        "free!=12",
        "free!=10..15",
        "free!=1,12",
        "free>12",
        'free>"11"',
        "free[key]==12",
        "free.nothing",
        "free.nothing!=1",
        'name[hu]!="x"',
        "address[street.number]==1",
        'owner>"urn"',
        "open>0",
        "open==1",
        "tags!=7",
        "since==2020-01-01",
        "day<2020-01-01",
        "free;nothing",
        "free==13|nothing",
        "free;(nothing|open==false)",
        "name~=^lazija",
        "quoted!~=hi",
        "free~=1",
        "tariff==2",
        "createdAt==2025",
    ],
)
def test_what_does_not_hold(car_park: Entity, q: str) -> None:
    assert not holds(parse_q(q, CORE), car_park)


def test_a_word_of_the_vocabulary_is_expanded_where_told(car_park: Entity) -> None:
    status = CORE.expand("status")
    assert holds(parse_q('status=="open"', CORE, expand_values=[status]), car_park)
    assert not holds(parse_q('status=="open"', CORE), car_park)


def test_names_are_those_of_the_context(car_park: Entity) -> None:
    context = context_of({"frei": CORE.expand("free"), "v": "https://uri.etsi.org/ngsi-ld/default-context/"})
    assert holds(parse_q("frei==12;v:open==true", context), car_park)
    assert not holds(parse_q("frei==12", CORE), car_park)


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", "sign 1 .*name of an attribute.*the end"),
        ("free==", "sign 7 .*a value"),
        ("free==-word", "string in double quotes"),
        ("free>true", "one number, string"),
        ("free>1,2", "one number, string"),
        ("free>1..2", "one number, string"),
        ("free=1", "; or |"),
        ("free;", "name of an attribute"),
        ("(free", r"a \)"),
        ("free)", "; or |"),
        ("free==1 2", "a value"),
        ('free=="open', "a value"),
        ("free[", "a key"),
        ("free[a", "a ]"),
        ("free.5", "name of an attribute"),
        ("value==5", "is a word of NGSI-LD itself"),
        ("free~=", "a regular expression"),
        ("free~=(a", r"\) is missing"),
        ("free~=(?=a)", "look-around"),
        ("day==2020-02-30", "a value"),
        ("free==2025-09-01T25:00:00Z", "a value"),
        ("free==1..x", "a value"),
        ('free==1.."x"', "a value"),
    ],
)
def test_what_is_wrong_is_said(q: str, words: str) -> None:
    with pytest.raises(BadRequestData, match=words):
        parse_q(q, CORE)


def test_a_path_goes_on_in_linked_entities() -> None:
    owner = entity_with({NAME: [{"type": "Property", "value": "Ana"}]}, id="urn:o:1", types=(CORE.expand("Person"),))
    house = entity_with({CORE.expand("owner"): [{"type": "Relationship", "object": "urn:o:1"}]})
    found = {"urn:o:1": owner}.get
    for q, met in (
        ('owner{name}=="Ana"', True),
        ('owner{name}=="Bor"', False),
        ("owner{age}", False),
        ("owner{Person:name}", True),
        ("owner{Robot,Person:name}", True),
        ("owner{Robot:name}", False),
        ('name{name}=="Ana"', False),
    ):
        assert holds(parse_q(q, CORE), house, found) is met, q
    assert linked_depth(parse_q("a;owner{works{name}}", CORE)) == 2
    for wrong in ("owner{name", "owner{}", "owner{{name}}"):
        with pytest.raises(BadRequestData):
            parse_q(wrong, CORE)


@pytest.mark.parametrize(
    "q", ["(" * 200 + "a" + ")" * 200, ";".join(["a"] * 500), "a" * 9000, "a==" + ",".join(["1"] * 500), 'a~="a{9999}"']
)
def test_a_query_has_its_bounds(q: str) -> None:
    with pytest.raises(TooComplexQuery):
        parse_q(q, CORE)


NAMES = ("p", "q1", "r")
SUB = "s"
numbers = st.integers(-3, 3) | st.sampled_from([0.5, -1.5, 1e3])
literals = (
    numbers.map(lambda n: Literal(Sort.NUMBER, n))
    | st.booleans().map(lambda b: Literal(Sort.BOOLEAN, b))
    | st.text('ab";|(),.', max_size=3).map(lambda t: Literal(Sort.STRING, t))
    | st.integers(0, 3).map(lambda n: Literal(Sort.INSTANT, START + n * MINUTE))
    | st.sampled_from(["urn:x:1", "https://example.org/y"]).map(lambda u: Literal(Sort.URI, u))
)
ordered = literals.filter(lambda each: each.sort not in (Sort.BOOLEAN, Sort.URI))
ranges = st.builds(Range, ordered, ordered).filter(lambda each: each.low.sort is each.high.sort)
paths = st.builds(
    lambda name, sub: Path((CORE.expand(name), *([CORE.expand(SUB)] if sub else []))),
    st.sampled_from(NAMES),
    st.booleans(),
)
comparisons = st.builds(
    lambda path, op, many: Compare(path, op, tuple(many)),
    paths,
    st.sampled_from([Op.EQUAL, Op.UNEQUAL]),
    st.lists(literals | ranges, min_size=1, max_size=3),
) | st.builds(
    lambda path, op, one: Compare(path, op, (one,)),
    paths,
    st.sampled_from([Op.LESS, Op.LESS_OR_EQUAL, Op.MORE, Op.MORE_OR_EQUAL]),
    ordered,
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Exists, paths, st.booleans()) | comparisons,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: And(tuple(terms)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda terms: Or(tuple(terms)))
    ),
    max_leaves=6,
)


def text_of_literal(literal: Literal) -> str:
    if literal.sort is Sort.INSTANT:
        return f"2025-09-01T00:0{(int(literal.value) - START) // MINUTE}:00Z"
    return str(literal.value) if literal.sort is Sort.URI else json.dumps(literal.value)


def text_of(condition: Condition) -> str:
    """The condition as the standard writes it, every group in brackets."""
    if isinstance(condition, And | Or):
        return f"({(';' if isinstance(condition, And) else '|').join(map(text_of, condition.terms))})"
    path = ".".join(CORE.compact(name) for name in condition.path.names)
    if isinstance(condition, Exists):
        return path if condition.there else f"!{path}"
    operands = (
        f"{text_of_literal(each.low)}..{text_of_literal(each.high)}"
        if isinstance(each, Range)
        else text_of_literal(each)
        for each in condition.operands
    )
    return f"{path}{condition.op}{','.join(operands)}"


@given(conditions)
def test_a_condition_is_read_back_from_its_text(condition: Condition) -> None:
    assert parse_q(text_of(condition), CORE) == condition


@given(st.lists(st.sampled_from(["p", "q1", "r"]), min_size=2, max_size=6), st.data())
def test_and_binds_closer_than_or(names: list[str], data: st.DataObject) -> None:
    signs = [data.draw(st.sampled_from(";|")) for _ in names[1:]]
    q = names[0] + "".join(sign + name for sign, name in zip(signs, names[1:], strict=True))
    present = data.draw(st.sets(st.sampled_from(names)))
    entity = entity_with({CORE.expand(name): [{"type": "Property", "value": 1}] for name in present})
    expected = any(all(name in present for name in part.split(";")) for part in q.split("|"))
    assert holds(parse_q(q, CORE), entity) == expected


plain = numbers | st.booleans() | st.sampled_from(["", "a", "b", "urn:x:1", "2025-09-01T00:01:00Z"])
things = st.dictionaries(st.sampled_from(NAMES), st.tuples(plain | st.lists(plain, max_size=2), st.none() | plain))


def oracle(condition: Condition, thing: dict[str, tuple[Any, Any]]) -> bool:
    """A plain reading of 4.9 for Properties of one instance."""
    if isinstance(condition, And):
        return all(oracle(term, thing) for term in condition.terms)
    if isinstance(condition, Or):
        return any(oracle(term, thing) for term in condition.terms)
    names = [CORE.compact(name) for name in condition.path.names]
    there = names[0] in thing and (len(names) == 1 or thing[names[0]][1] is not None)
    if isinstance(condition, Exists):
        return there == condition.there
    if not there:
        return False
    value = thing[names[0]][1 if len(names) == 2 else 0]
    elements = value if isinstance(value, list) else [value]
    if condition.op in (Op.EQUAL, Op.UNEQUAL):
        same = any(is_one(element, operand) for element in elements for operand in condition.operands)
        return same == (condition.op is Op.EQUAL)
    (literal,) = condition.operands
    assert isinstance(literal, Literal)
    compared = [compare(element, literal) for element in elements]
    wanted = {Op.LESS: (-1,), Op.LESS_OR_EQUAL: (-1, 0), Op.MORE: (1,), Op.MORE_OR_EQUAL: (0, 1)}[condition.op]
    return any(each in wanted for each in compared)


def compare(value: Any, literal: Literal) -> int | None:
    """-1, 0, 1 where the value is less, equal, more; None where they do not compare."""
    if literal.sort is Sort.INSTANT:
        if value != "2025-09-01T00:01:00Z":
            return None
        value = START + MINUTE
    elif literal.sort is Sort.NUMBER:
        if isinstance(value, bool | str):
            return None
    elif literal.sort is Sort.BOOLEAN:
        if not isinstance(value, bool):
            return None
    elif not isinstance(value, str):
        return None
    other: Any = literal.value
    return (value > other) - (value < other)


def is_one(value: Any, operand: Literal | Range) -> bool:
    if isinstance(operand, Range):
        return compare(value, operand.low) in (0, 1) and compare(value, operand.high) in (-1, 0)
    return compare(value, operand) == 0


@given(conditions, things)
def test_the_meaning_is_that_of_a_plain_reading(condition: Condition, thing: dict[str, tuple[Any, Any]]) -> None:
    made: Any = {}
    for name, (value, sub) in thing.items():
        instance: Any = {"type": "Property", "value": value}
        if sub is not None:
            instance[CORE.expand(SUB)] = [{"type": "Property", "value": sub}]
        made[CORE.expand(name)] = [instance]
    assert holds(condition, entity_with(made)) == oracle(condition, thing)


@given(st.text('pq.[]()"\\;|=!<>~*+?{}0123-:TZ, ', max_size=30))
def test_any_text_is_a_query_or_is_refused(q: str) -> None:
    try:
        condition = parse_q(q, CORE)
    except Problem:
        return
    holds(condition, entity_with({CORE.expand("p"): [{"type": "Property", "value": "x"}]}))
