"""Made-up entities, in the hub's form, for property tests."""

from typing import Any

from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Attributes, Entity, Instance

MINUTE = 60_000_000
START = 1_756_684_800_000_000
"""2025-09-01T00:00:00Z in microseconds."""

TERMS = ("temperature", "availableSpotNumber", "name", "reliability", "č", "speed_2")
SIGNS = "abcčŠ 09.:;|()[]{}'\"\\-_/"

texts = st.text(SIGNS, max_size=8)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32)
scalars = numbers | st.booleans() | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "type"]), inner, max_size=3),
    max_leaves=4,
)
uris = st.builds(lambda part: f"urn:ngsi-ld:Thing:{part}", st.text("abc019-", min_size=1, max_size=5))
instants = st.integers(START, START + 10**6 * MINUTE) | st.integers(0, 10_000).map(lambda n: START + n * MINUTE)
positions = st.tuples(st.integers(-180, 180), st.integers(-90, 90)).map(list)
geometries = positions.map(lambda place: {"type": "Point", "coordinates": place}) | st.lists(
    positions, min_size=2, max_size=4
).map(lambda places: {"type": "LineString", "coordinates": places})

_OF_KIND: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "Property": ("value", values),
    "Relationship": ("object", uris | st.lists(uris, min_size=1, max_size=3)),
    "GeoProperty": ("value", geometries),
    "LanguageProperty": (
        "languageMap",
        st.dictionaries(st.sampled_from(["sl", "it", "en-GB", "@none"]), texts, min_size=1),
    ),
    "VocabProperty": ("vocab", st.sampled_from(TERMS).map(CORE.expand)),
    "JsonProperty": ("json", st.dictionaries(st.sampled_from(["a", "b"]), values, max_size=3)),
    "ListProperty": ("valueList", st.lists(values, max_size=3)),
    "ListRelationship": ("objectList", st.lists(uris, max_size=3)),
}


@st.composite
def instances(draw: st.DrawFn, *, depth: int = 1) -> Instance:
    kind = draw(st.sampled_from(sorted(_OF_KIND)))
    member, inner = _OF_KIND[kind]
    instance: Instance = {"type": kind, member: draw(inner)}
    if draw(st.booleans()):
        instance["observedAt"] = text_of_micros(draw(instants))
    if kind in ("Property", "ListProperty") and draw(st.booleans()):
        instance["unitCode"] = "CEL"
    if depth:
        for term in draw(st.lists(st.sampled_from(TERMS), max_size=2, unique=True)):
            instance[CORE.expand(term)] = [draw(instances(depth=depth - 1))]
    return instance


@st.composite
def attributes(draw: st.DrawFn) -> Attributes:
    made: Attributes = {}
    for term in draw(st.lists(st.sampled_from(TERMS), max_size=3, unique=True)):
        several = draw(st.lists(instances(), min_size=1, max_size=2))
        for number, instance in enumerate(several[1:]):
            instance["datasetId"] = f"urn:ngsi-ld:Dataset:{number}"
        made[CORE.expand(term)] = several
    return made


def entity_with(made: Attributes, **members: Any) -> Entity:
    return Entity(
        **{
            "tenant": "",
            "id": "urn:ngsi-ld:Thing:1",
            "types": (CORE.expand("Thing"),),
            "attributes": made,
            "created_at": START,
            "modified_at": START,
            **members,
        }
    )
