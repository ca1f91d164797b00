"""Names expanded and compacted as PyLD does it, which is an implementation of JSON-LD 1.1 that others wrote.

The core context is read from the published file, in the last place, as the standard has it (4.4).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from simos.hub.contexts import context_of
from simos.hub.core_terms import CORE_TERMS
from simos.hub.problems import BadRequestData

pytestmark = pytest.mark.data

Speaker = Callable[[Any], "Oracle"]


class Oracle:
    """What PyLD makes of names in `context` and the core after it."""

    def __init__(self, context: Any, core: dict[str, Any]) -> None:
        self._context = [context, core] if context else [core]

    def expand(self, term: str) -> str | None:
        document = {"@context": self._context, "@id": "urn:x:1", "@type": [term]}
        (found,) = jsonld.expand(document, _OFFLINE) or [{}]
        return next(iter(found.get("@type", ())), None)

    def compact(self, iri: str) -> str:
        found = jsonld.compact([{"@id": "urn:x:1", "@type": [iri]}], self._context, _OFFLINE)
        return str(found["type"])


def _refuse(address: str, _options: Any) -> Any:
    raise AssertionError(f"{address} was asked for, where nothing is to be fetched")


_OFFLINE = {"documentLoader": _refuse}


@pytest.fixture(scope="module")
def oracle(shared_data: Path) -> Speaker:
    core = json.loads((shared_data / "standards/ngsi-ld/ngsi-ld-core-context-v1.9.jsonld").read_text())["@context"]
    local = {name: meant for name, meant in core.items() if name != "@protected"}
    local["ngsildproof"] = local["ngsildproof"]["@id"]  # its own context lies elsewhere
    return lambda context: Oracle(context, local)


terms = st.sampled_from(["speed", "Vehicle", "ex", "other", "name", "short"])
iris = st.builds(
    str.__add__,
    st.sampled_from(["https://example.org/", "https://example.org/v#", "urn:x:", "https://o.org/a/"]),
    st.sampled_from(["speed", "Vehicle", "x", "a_b", "name"]),
)
meanings = (
    iris
    | st.sampled_from(["https://example.org/", "https://example.org/v#", "ex:speed", "ex:Vehicle", "speed"])
    | st.builds(lambda iri, kind: {"@id": iri, "@type": kind}, iris, st.sampled_from(["@id", "@vocab"]))
)
contexts = st.dictionaries(terms, meanings, max_size=5)
asked = terms | iris | st.sampled_from(["ex:speed", "ex:other", "location", "Property", "ngsi-ld:location", "unknown"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(contexts, asked)
def test_names_are_expanded_as_pyld_does_it(oracle: Speaker, context: dict[str, Any], term: str) -> None:
    try:
        theirs = oracle(context).expand(term)
    except jsonld.JsonLdError:
        return  # a definition by a bare word, which we take for one of the default vocabulary
    assert context_of(context).expand(term) == theirs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(contexts, iris | st.sampled_from(sorted(CORE_TERMS.values())))
def test_names_are_compacted_so_that_pyld_reads_them_back(oracle: Speaker, context: dict[str, Any], iri: str) -> None:
    try:
        assert oracle(context).expand(context_of(context).compact(iri)) == iri
    except (jsonld.JsonLdError, BadRequestData):
        return


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(terms, iris, max_size=4), iris)
def test_a_term_of_ones_own_is_chosen_as_pyld_chooses_it(oracle: Speaker, context: dict[str, str], iri: str) -> None:
    assert context_of(context).compact(iri) == oracle(context).compact(iri)
