"""The index of subscriptions leaves out nobody whom a change concerns; types and scopes mean what they say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query.scopes import parse_scopes
from simos.hub.query.types import parse_types, selects
from simos.hub.subscriptions.matching import Index, Matcher
from simos.hub.values import Change, ChangeKind, Entity, Subscription

NAMES = st.sampled_from("ABC")
SOME = st.lists(NAMES, min_size=1, max_size=3, unique=True)
IDS = st.sampled_from(["urn:x:1", "urn:x:2", "urn:y:1"])
SELECTORS = st.one_of(
    st.builds(lambda types: {"type": types}, st.sampled_from(["A", "A,B", "A;B", "(A;B),C", "*"])),
    st.builds(lambda types, found: {"type": types, "id": found}, st.sampled_from(["A", "*"]), IDS),
    st.builds(lambda types: {"type": types, "idPattern": "x:"}, st.sampled_from(["B", "*"])),
)
TRIGGERS = [
    "entityCreated",
    "entityUpdated",
    "entityDeleted",
    "attributeCreated",
    "attributeUpdated",
    "attributeDeleted",
]


def expanded(names: list[str]) -> list[str]:
    return [CORE.expand(each) for each in names]


@st.composite
def subscriptions(draw: st.DrawFn) -> Subscription:
    document: dict[str, Any] = {"notificationTrigger": draw(st.lists(st.sampled_from(TRIGGERS), min_size=1))}
    if draw(st.booleans()):
        document["entities"] = [
            {**each, "type": _expanded_selection(each["type"])}
            for each in draw(st.lists(SELECTORS, min_size=1, max_size=3))
        ]
    if "entities" not in document or draw(st.booleans()):
        document["watchedAttributes"] = expanded(draw(SOME))
    return Subscription(
        tenant=draw(st.sampled_from(["", "koper"])),
        id=f"urn:s:{draw(st.integers(0, 10**9))}",
        document=document,
        context=None,
        types=draw(st.one_of(st.none(), st.frozensets(NAMES.map(CORE.expand)))),
        since=0,
        created_at=0,
        modified_at=0,
    )


def _expanded_selection(text: str) -> str:
    return "".join(CORE.expand(sign) if sign in "ABC" else sign for sign in text)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    entity = Entity(
        tenant=draw(st.sampled_from(["", "koper"])),
        id=draw(IDS),
        types=tuple(sorted(expanded(draw(SOME)))),
        attributes={name: [{"type": "Property", "value": 1}] for name in expanded(draw(SOME))},
        created_at=0,
        modified_at=0,
    )
    kind = draw(st.sampled_from([ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.DELETED]))
    touched = expanded(draw(SOME)) if kind is ChangeKind.UPDATED else list(entity.attributes)
    now = {name: entity.attributes.get(name, []) if kind is not ChangeKind.DELETED else [] for name in touched}
    was: dict[str, Any] = {name: draw(st.sampled_from([[], [{"type": "Property", "value": 0}]])) for name in touched}
    if kind is ChangeKind.CREATED:
        was = {}
    return Change(
        tenant=entity.tenant,
        entity=entity.id,
        types=entity.types,
        kind=kind,
        attributes=now,
        at=1,
        former=was,
        whole=entity,
    )


@given(st.lists(subscriptions(), max_size=12, unique_by=lambda each: each.key), changes(), st.data())
def test_whoever_a_change_fits_is_found(made: list[Subscription], change: Change, data: st.DataObject) -> None:
    index, matchers = Index(), [Matcher(each, CORE) for each in made]
    for each in matchers:
        index.add(each)
    gone = data.draw(st.lists(st.sampled_from(made), unique_by=lambda each: each.key)) if made else []
    for subscription in gone:
        index.discard(subscription.key)
    left = [each for each in matchers if each.key not in {every.key for every in gone}]
    assert len(index) == len(left)
    assert change.whole is not None
    found = index.concerned(change)
    assert len({each.key for each in found}) == len(found), "each once"
    fitting = {each.key for each in left if each.key[0] == change.tenant and each.fits(change, change.whole)}
    assert fitting <= {each.key for each in found} <= {each.key for each in left if each.key[0] == change.tenant}


def test_one_that_concerns_one_looks_at_one() -> None:
    index = Index()
    for number in range(1000):
        document = {"entities": [{"type": CORE.expand("A"), "id": f"urn:x:{number}"}], "notificationTrigger": TRIGGERS}
        wanted = Subscription(
            tenant="",
            id=f"urn:s:{number}",
            document=document,
            context=None,
            types=None,
            since=0,
            created_at=0,
            modified_at=0,
        )
        index.add(Matcher(wanted, CORE))
    change = Change(
        tenant="", entity="urn:x:7", types=(CORE.expand("A"),), kind=ChangeKind.CREATED, attributes={}, at=1
    )
    assert [each.key[1] for each in index.concerned(change)] == ["urn:s:7"]


def selections() -> st.SearchStrategy[Any]:
    """Trees of (sign, parts); a name is a leaf."""
    return st.recursive(NAMES, lambda inner: st.tuples(st.sampled_from(",|;"), st.lists(inner, min_size=1, max_size=3)))


def text_of(tree: Any) -> str:
    return tree if isinstance(tree, str) else "(" + tree[0].join(map(text_of, tree[1])) + ")"


def meant(tree: Any, borne: set[str]) -> bool:
    if isinstance(tree, str):
        return tree in borne
    found = [meant(each, borne) for each in tree[1]]
    return all(found) if tree[0] == ";" else any(found)


@given(selections(), st.sets(NAMES))
def test_a_selection_of_types_means_what_it_says(tree: Any, borne: set[str]) -> None:
    try:
        selection = parse_types(text_of(tree), CORE)
    except TooComplexQuery:
        return
    assert selects(selection, expanded(sorted(borne))) == meant(tree, borne)


@pytest.mark.parametrize("wrong", ["", "A,", ",A", "(A", "A)", "A;;B", "A B", "()", "A,(B"])
def test_what_is_no_selection_of_types(wrong: str) -> None:
    with pytest.raises(BadRequestData):
        parse_types(wrong, CORE)


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        ("/Gorica", ["/Gorica"], ["/Gorica/Centre"]),
        ("/Gorica/+", ["/Gorica/Centre"], ["/Gorica", "/Gorica/Centre/Square"]),
        ("/Gorica/#", ["/Gorica", "/Gorica/Centre/Square"], ["/Goricanes", "/Celje/Gorica"]),
        ("/#", ["/anything/at/all"], []),
        ("/+/Centre", ["/Gorica/Centre", "/Celje/Centre"], ["/Centre"]),
        ("/a.b", ["/a.b"], ["/axb"]),
        ("/Gorica|/Celje", ["/Celje"], ["/Koper"]),
    ],
)
def test_scopes(text: str, fitting: list[str], other: list[str]) -> None:
    condition = parse_scopes(text)
    assert all(condition([each]) for each in fitting)
    assert not any(condition([each]) for each in other)
    assert not condition([])


def test_scopes_together() -> None:
    condition = parse_scopes("(/Gorica;/Sensors)|/Celje/#")
    assert condition(["/Gorica", "/Sensors"])
    assert condition(["/Celje/North"])
    assert not condition(["/Gorica"])
    for wrong in ("", "/a;", "/a//b", "(/a", "/#/a", "/a#"):
        with pytest.raises(BadRequestData):
            parse_scopes(wrong)
