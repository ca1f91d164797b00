"""The index of values: whatever is in it, a query finds the same with it and without, on both databases."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.query import parse_q
from simos.hub.store.base import EntityQuery, Store
from simos.hub.store.value_index import number_key, text_key
from simos.hub.values import Attributes
from tests.conformance.things import PARKING, TENANT, entity, put, urn

A, B = CORE.expand("a"), CORE.expand("b")
QUERIES = (
    *("a==5", "a==5,7", "a==2..6", "a!=5", "a>5", "a>=5;a<7", "a<5;a>7", "a<=-1", "a==1e400", "a>0.5;b", "a==5|b==5"),
    *('a=="x"', 'a=="x","č"', 'a>"m"', 'a<"m"', 'a=="b".."y"', 'a~="x"', "a==urn:x:1", "a==true", 'a==""'),
    *("a;b>1;b<3", "(a==5;b==2)|a==7", "a==2020-01-01", 'a[k]=="x"', "a.sub==5", "a==9007199254740993"),
)
VALUES: tuple[Any, ...] = (
    *(5, 7, 2.5, -1, 0, -0.0, 1e308, 2**63 - 1, 9007199254740993, True, "x", "č", "", "urn:x:1", "x" * 200, "x\0y"),
    *("2020-01-01", [5, 7], ["x", 5], [], {"k": "x"}, {"@type": "DateTime", "@value": "2020-01-01"}, [[5]]),
)


def attributes(chance: random.Random) -> Attributes:
    made: Attributes = {}
    for name in (A, B):
        several = [{"type": "Property", "value": chance.choice(VALUES)} for _ in range(chance.choice((0, 1, 1, 1, 2)))]
        for number, instance in enumerate(several[1:]):
            instance["datasetId"] = f"urn:d:{number}"
        if several:
            made[name] = several
    kind = chance.choice(("Property", "Relationship", "LanguageProperty"))
    if kind == "Relationship":
        made[A] = [{"type": kind, "object": chance.choice(("urn:x:1", ["urn:x:1", "urn:x:2"]))}]
    elif kind == "LanguageProperty":
        made[A] = [{"type": kind, "languageMap": {"sl": "x", "en": ["č", "m"]}}]
    return made


def found(store: Store, q: str) -> list[str]:
    query = EntityQuery(tenant=TENANT, types=(PARKING,), q=parse_q(q, CORE), limit=1000, count=True)
    page = store.reader.entities(query)
    assert page.total == len(page.entities)
    return [each.id for each in page.entities]


def index(store: Store, attribute: str) -> None:
    after: str | None = ""
    while after is not None:
        with store.transaction() as transaction:
            after = transaction.index_values(TENANT, attribute, after=after)


def test_a_query_finds_the_same_with_the_index_and_without(store: Store) -> None:
    chance = random.Random(7)
    put(store, *(entity(f"{number:03d}", attributes(chance)) for number in range(300)))
    before = {q: found(store, q) for q in QUERIES}
    assert sum(map(bool, before.values())) > 15
    index(store, A)
    index(store, B)
    assert {q: found(store, q) for q in QUERIES} == before


def test_the_index_follows_what_is_written(store: Store) -> None:
    chance = random.Random(8)
    index(store, A)
    for round_ in range(4):
        put(store, *(entity(f"{n:03d}", attributes(chance)) for n in range(120) if chance.random() < 0.7))
        with store.transaction() as transaction:
            transaction.delete([(TENANT, urn(f"{n:03d}")) for n in range(round_, 120, 9)])
        there = {each.id for each in store.reader.entities(EntityQuery(tenant=TENANT, limit=1000)).entities}
        for q in QUERIES:
            with_index = found(store, q)
            assert with_index == sorted(with_index)
            assert set(with_index) <= there
        plain = {q: found(store, f"({q})|c") for q in QUERIES}  # of an Or nothing is looked for by value
        assert {q: found(store, q) for q in QUERIES} == plain


def test_an_attribute_comes_into_the_index_while_it_is_written(store: Store) -> None:
    put(store, *(entity(f"{n:04d}", {A: [{"type": "Property", "value": n % 10}]}) for n in range(1500)))
    with store.transaction() as transaction:
        transaction.entities([(TENANT, urn("0005"))])
        after = transaction.index_values(TENANT, A)
        transaction.put([entity("0005", {A: [{"type": "Property", "value": 77}]})])
    assert after == urn("0999")
    put(store, entity("1499", {A: [{"type": "Property", "value": 77}]}))
    assert found(store, "a==77") == [urn("0005"), urn("1499")]
    with store.transaction() as transaction:
        assert transaction.index_values(TENANT, A, after=after) is None
    assert found(store, "a==77") == [urn("0005"), urn("1499")]
    assert len(found(store, "a==5")) == 149


def test_who_looks_at_much_wishes_for_an_index(store: Store) -> None:
    put(store, *(entity(f"{n:04d}", {A: [{"type": "Property", "value": n}]}) for n in range(2100)))
    query = EntityQuery(tenant=TENANT, q=parse_q("a==5", CORE))
    assert store.reader.entities(query).wished == (A,)
    index(store, A)
    assert store.reader.entities(query).wished == ()


numbers = st.integers() | st.floats(allow_nan=False) | st.just(10**400) | st.just(-(10**400))


@given(numbers, numbers)
def test_keys_of_numbers_sort_like_numbers(one: float, other: float) -> None:
    if one <= other:
        assert number_key(one) <= number_key(other)
    if one == other:
        assert number_key(one) == number_key(other)
    if one < other and max(abs(one), abs(other)) < 2**53:
        assert number_key(one) < number_key(other)


@given(st.text(max_size=150), st.text(max_size=150))
def test_keys_of_strings_sort_like_strings(one: str, other: str) -> None:
    if one <= other:
        assert text_key(one) <= text_key(other) or "\0" in one + other
