"""Names at the edge: the core terms are those published, and every name leads there and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE, CORE_URL, context_of
from simos.hub.core_terms import CORE_TERMS, PREFIXES
from simos.hub.problems import BadRequestData, LdContextNotAvailable

META_MODEL = ("value", "object", "observedAt", "unitCode", "datasetId", "location", "Property", "Relationship")


def published(folder: Path, level: str) -> dict[str, str]:
    """The terms of the published context of a level, with their IRIs."""
    content: Any = json.loads((folder / "standards/ngsi-ld" / f"ngsi-ld-core-context-v{level}.jsonld").read_text())
    content = content["@context"]
    terms = content if isinstance(content, dict) else next(part for part in content if isinstance(part, dict))
    found = {}
    for term, meant in terms.items():
        iri = meant if isinstance(meant, str) else meant.get("@id") if isinstance(meant, dict) else None
        if term.startswith("@") or term in PREFIXES or not iri or iri.startswith("@"):
            continue
        prefix, _, rest = iri.partition(":")
        found[term] = PREFIXES[prefix] + rest if prefix in PREFIXES else iri
    return found


@pytest.mark.data
def test_our_table_is_the_published_core_context(shared_data: Path) -> None:
    assert published(shared_data, "1.9") == CORE_TERMS


@pytest.mark.data
@pytest.mark.parametrize("level", ["1.0", "1.3", "1.4"])
def test_the_meta_model_is_the_same_since_the_first_level(shared_data: Path, level: str) -> None:
    terms = published(shared_data, level)
    for term in META_MODEL:
        assert terms[term] == CORE_TERMS[term]


OWN = {"ex": "https://example.org/", "spot": "ex:spot", "speed": {"@id": "https://o.org/v#speed", "@type": "@id"}}


@pytest.mark.parametrize(
    ("term", "iri"),
    [
        ("spot", "https://example.org/spot"),
        ("speed", "https://o.org/v#speed"),
        ("ex:other", "https://example.org/other"),
        ("unknown", "https://uri.etsi.org/ngsi-ld/default-context/unknown"),
        ("location", "https://uri.etsi.org/ngsi-ld/location"),
        ("description", "http://purl.org/dc/terms/description"),
        ("https://elsewhere.org/x", "https://elsewhere.org/x"),
        ("urn:foo:bar", "urn:foo:bar"),
    ],
)
def test_a_term_leads_to_its_iri_and_back(term: str, iri: str) -> None:
    context = context_of([OWN, CORE_URL])
    assert context.expand(term) == iri
    assert context.compact(iri) == term


def test_the_core_terms_cannot_be_taken_over() -> None:
    context = context_of({"location": "https://example.org/mine", "Property": "https://example.org/P"})
    assert context.expand("location") == "https://uri.etsi.org/ngsi-ld/location"
    assert context.expand("Property") == "https://uri.etsi.org/ngsi-ld/Property"
    assert context.compact("https://example.org/mine") == "https://example.org/mine"


def test_the_core_stands_last_so_that_its_vocabulary_wins_over_ones_own() -> None:
    """4.4; in definitions of its own context a vocabulary counts."""
    context = context_of({"@vocab": "https://example.org/v/", "short": "long"})
    assert context.expand("foo") == "https://uri.etsi.org/ngsi-ld/default-context/foo"
    assert context.expand("short") == "https://example.org/v/long"


def test_a_scoped_context_is_refused() -> None:
    with pytest.raises(BadRequestData, match="of its own"):
        context_of({"Vehicle": {"@id": "https://example.org/V", "@context": {"speed": "https://example.org/s"}}})


def test_the_later_of_two_contexts_wins() -> None:
    context = context_of([{"a": "https://one.org/a"}, [{"a": "https://two.org/a"}]])
    assert context.expand("a") == "https://two.org/a"


@pytest.mark.parametrize("source", [None, [], CORE_URL, [CORE_URL], CORE_URL.replace("https", "http"), {}, [None]])
def test_nothing_and_the_core_addresses_mean_the_core(source: Any) -> None:
    assert context_of(source) is CORE


def test_what_we_put_into_bodies_reads_back() -> None:
    context = context_of([OWN])
    assert context_of(context.as_json()).expand("spot") == "https://example.org/spot"
    assert context.as_json()[-1] == CORE_URL
    assert CORE.as_json() == CORE_URL
    assert CORE.link() == f'<{CORE_URL}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    assert context.link() is None


@pytest.mark.parametrize(
    "source",
    [
        5,
        "not an address",
        [{"a": 5}],
        {"a": "b", "b": "a"},
        {"a": "b:x", "b": "a:y"},
        {"@vocab": 3},
        {"@id": "x"},
        {"a": {"@id": 1}},
    ],
)
def test_a_malformed_context_is_refused(source: Any) -> None:
    with pytest.raises(BadRequestData, match="@context"):
        context_of(source)


@pytest.mark.parametrize("source", ["https://example.org/c.jsonld", [OWN, "https://example.org/c.jsonld"]])
def test_an_address_that_we_cannot_follow_is_named(source: Any) -> None:
    with pytest.raises(LdContextNotAvailable, match=r"example\.org/c\.jsonld") as refused:
        context_of(source)
    assert refused.value.status == 504


@pytest.mark.parametrize(
    "name", ["", "2nd", "a b", "a<b", "a=b", "a(b)", "a:b:c d", "a.b", "-a", "a'b", "_a", "a" * 2000]
)
def test_forbidden_names_are_refused(name: str) -> None:
    with pytest.raises(BadRequestData, match="cannot be a name"):
        CORE.name(name)


iris = st.sampled_from(
    ["https://example.org/", "https://example.org/v/", "https://uri.etsi.org/ngsi-ld/", "urn:x:", "https://o.org/v#"]
)
names = st.text("abv:/#", max_size=4)


@given(
    st.dictionaries(
        st.text("abex", min_size=1, max_size=2),
        st.builds(str.__add__, iris, names) | st.sampled_from(["ex:a", "a", "b:v"]),
        max_size=5,
    ),
    st.none() | iris,
    st.builds(str.__add__, iris, names),
)
def test_a_shortened_name_always_leads_back(terms: dict[str, str], vocab: str | None, iri: str) -> None:
    try:
        context = context_of({**terms, **({"@vocab": vocab} if vocab else {})})
    except BadRequestData:
        return
    assert context.expand(context.compact(iri)) == iri
