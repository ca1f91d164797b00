"""JSON-LD names at the edge: short terms to full IRIs and back, as NGSI-LD has it (ETSI GS CIM 009, 5.5.7).

The core is read as if it stood last (4.4): its terms and its vocabulary win over everybody's. Nothing here fetches.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urljoin

import orjson

from simos.hub.core_terms import CORE_TERMS, DEFAULT_VOCAB, PREFIXES
from simos.hub.problems import BadRequestData, LdContextNotAvailable

CORE_URL = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
"""Under which name we hand the core context out."""

LINK_REL = "http://www.w3.org/ns/json-ld#context"

_CORE_ADDRESS = re.compile(
    r"https?://uri\.etsi\.org/ngsi-ld/(v1/)?ngsi-ld-core-context(-v[0-9]+(\.[0-9]+){1,2})?\.jsonld"
)
_NAME = re.compile(r"[^\W\d_]\w*(:[^\W\d_]\w*)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_CACHED_NAMES = 10_000

_KEYWORDS_WITHOUT_WEIGHT = frozenset({"@version", "@protected", "@propagate", "@base", "@language", "@direction"})
_ALIASES = {"id": "@id", "type": "@type"}


class Context:
    """The names that hold in one request. Equal contexts are one object where `context_of` made them."""

    def __init__(self, sources: tuple[Any, ...], terms: Mapping[str, str], prefixes: Mapping[str, str]) -> None:
        """`sources`: what it was read from, addresses and objects, the core left out. `prefixes`: those of the terms
        that may stand before a colon."""
        self.sources = sources
        self._bases = {**prefixes, **PREFIXES}
        self._terms = {**PREFIXES, **terms, **CORE_TERMS}
        self._prefixes = sorted(
            ((iri, term) for term, iri in self._bases.items()), key=lambda pair: (-len(pair[0]), len(pair[1]), pair[1])
        )
        self._expanded: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._compacted: dict[str, str] = {}
        self._shortest: dict[str, str] = {}
        for term in sorted(self._terms, key=lambda each: (each not in CORE_TERMS, len(each), each)):
            self._shortest.setdefault(self._terms[term], term)

    def expand(self, term: str) -> str:
        """The full IRI of a term, a prefixed name or an IRI."""
        iri = self._expanded.get(term)
        return iri if iri is not None else _kept(self._expanded, term, self._expand(term))

    def name(self, term: str) -> str:
        """As `expand`, for the name of an attribute or a type; BadRequestData where the standard forbids it (4.6.2)."""
        iri = self._names.get(term)
        if iri is not None:
            return iri
        if not (_NAME.fullmatch(term) or _ABSOLUTE.fullmatch(term)) or len(term) > 1024:
            raise BadRequestData(
                f"{term[:100]!r} cannot be a name: letters, digits and _ after a letter, perhaps with a prefix and a "
                "colon before it, or a full IRI"
            )
        return _kept(self._names, term, self._expand(term))

    def compact(self, iri: str) -> str:
        """The shortest name that `expand` leads back to `iri`."""
        term = self._compacted.get(iri)
        return term if term is not None else _kept(self._compacted, iri, self._compact(iri))

    def _expand(self, term: str) -> str:
        if term in self._terms:
            return self._terms[term]
        if term.startswith("@"):
            return term
        prefix, colon, suffix = term.partition(":")
        if not colon:
            return DEFAULT_VOCAB + term
        base = self._bases.get(prefix)
        return base + suffix if base is not None and not suffix.startswith("//") else term

    def _compact(self, iri: str) -> str:
        if iri in self._shortest:
            return self._shortest[iri]
        if iri.startswith(DEFAULT_VOCAB) and len(iri) > len(DEFAULT_VOCAB):
            suffix = iri[len(DEFAULT_VOCAB) :]
            if ":" not in suffix and suffix not in self._terms:
                return suffix
        short = [f"{term}:{iri[len(base) :]}" for base, term in self._prefixes if iri.startswith(base) and iri != base]
        usable = [each for each in short if each not in self._terms and self._expand(each) == iri]
        return min(usable, key=lambda each: (len(each), each), default=iri)

    @property
    def url(self) -> str | None:
        """One address that says all of this context, if there is one: for the Link header."""
        if not self.sources:
            return CORE_URL
        one = self.sources[0]
        return one if len(self.sources) == 1 and isinstance(one, str) else None

    def as_json(self) -> Any:
        """What to put under `@context` in a body."""
        return [*self.sources, CORE_URL] if self.sources else CORE_URL

    def link(self) -> str | None:
        """The Link header (RFC 8288) that names this context, where one address does."""
        return link_to(self.url) if self.url else None


def link_to(address: str) -> str:
    return f'<{address}>; rel="{LINK_REL}"; type="application/ld+json"'


def _kept(cache: dict[str, str], key: str, value: str) -> str:
    if len(cache) < _CACHED_NAMES:
        cache[key] = value
    return value


CORE: Final = Context((), {}, {})
"""The core context alone."""

Documents = Callable[[str], Any]
"""Given an address, the `@context` that lies there; LdContextNotAvailable where it is not at hand."""


def nothing_at_hand(address: str) -> Any:
    raise LdContextNotAvailable(f"the context {address[:200]} cannot be had: only the core context is known here")


def is_core(address: str) -> bool:
    """Whether this is one of the addresses of the core context."""
    return _CORE_ADDRESS.fullmatch(address) is not None


def context_of(source: object, documents: Documents = nothing_at_hand) -> Context:
    """The context that an `@context` (or the address in a Link header) means.

    None and the core's own addresses: CORE. BadRequestData where it is malformed, LdContextNotAvailable where it names
    an address that is not at hand.
    """
    if source is None or source == [] or (isinstance(source, str) and is_core(source)):
        return CORE
    if documents is nothing_at_hand:
        return _read_alone(canonical(source))
    return read(source, documents)


def canonical(source: object) -> bytes:
    """One text for one `@context`; BadRequestData where it is no JSON."""
    try:
        return orjson.dumps(source)
    except TypeError:
        raise BadRequestData("@context is an address, an object, or a list of these") from None


@lru_cache(maxsize=512)
def _read_alone(source: bytes) -> Context:
    return read(orjson.loads(source), nothing_at_hand)


def read(source: Any, documents: Documents) -> Context:
    parts: list[dict[str, Any]] = []
    _collect(source, "", documents, parts, depth=0)
    sources = tuple(_without_core(source))
    if not parts:
        return CORE
    terms: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    vocab = DEFAULT_VOCAB
    for part in parts:
        vocab = _define(part, terms, prefixes, vocab)
    return Context(sources, terms, prefixes)


def _without_core(source: Any) -> list[Any]:
    if isinstance(source, dict) and set(source) == {"@context"}:
        return _without_core(source["@context"])
    listed = source if isinstance(source, list) else [source]
    found: list[Any] = []
    for each in listed:
        if isinstance(each, list):
            found += _without_core(each)
        elif each and not (isinstance(each, str) and is_core(each)):
            found.append(each)
    return found


def addresses_in(source: Any, base: str = "", depth: int = 0) -> list[str]:
    """The addresses that an `@context` names, but the core's; BadRequestData where one is none."""
    if depth > 8:
        raise BadRequestData("@context: too many or too deep")
    if isinstance(source, str):
        return [] if is_core(source) else [_address(source, base)]
    if isinstance(source, list):
        return [found for each in source for found in addresses_in(each, base, depth + 1)]
    if isinstance(source, dict):
        inner = source.get("@context"), source.get("@import")
        return [found for each in inner if each for found in addresses_in(each, base, depth + 1)]
    return []


def _address(text: str, base: str) -> str:
    address = urljoin(base, text) if base else text
    if len(address) > 2048 or not re.fullmatch(r"https?://[^\s<>\"]+", address):
        raise BadRequestData(f"@context: {text[:200]!r} is not an address")
    return address


def _collect(source: Any, base: str, documents: Documents, parts: list[dict[str, Any]], *, depth: int) -> None:
    if depth > 8 or len(parts) > 100:
        raise BadRequestData("@context: too many or too deep")
    if isinstance(source, list):
        for each in source:
            _collect(each, base, documents, parts, depth=depth + 1)
    elif isinstance(source, str):
        if not is_core(source):
            address = _address(source, base)
            _collect(documents(address), address, documents, parts, depth=depth + 1)
    elif isinstance(source, dict):
        if "@context" in source:
            _collect(source["@context"], base, documents, parts, depth=depth + 1)
            return
        if "@import" in source:
            _collect(source["@import"], base, documents, parts, depth=depth + 1)
        if own := {name: meant for name, meant in source.items() if name != "@import"}:
            parts.append(own)
    elif source is not None:
        raise BadRequestData("@context is an address, an object, or a list of these")


def _define(part: dict[str, Any], terms: dict[str, str], prefixes: dict[str, str], vocab: str) -> str:
    """Puts the definitions of one context over those before it; the vocabulary that holds from here on."""
    if "@vocab" in part:
        meant = part["@vocab"]
        if meant is not None and not (isinstance(meant, str) and (_ABSOLUTE.fullmatch(meant) or meant == "")):
            raise BadRequestData("@context: @vocab is an IRI")
        vocab = meant or DEFAULT_VOCAB
    raw: dict[str, str | None] = {}
    for term, meant in part.items():
        if term == "@vocab":
            continue
        if not term or (term.startswith("@") and term not in _KEYWORDS_WITHOUT_WEIGHT):
            raise BadRequestData(f"@context: {term!r} cannot be defined")
        if not term.startswith("@") and term not in _ALIASES:
            raw[term] = _meaning(term, meant)
    simple = frozenset(term for term in raw if _may_be_prefix(part[term]))
    reading = _Reading(raw, simple, terms, prefixes, vocab)
    defined = {term: reading.iri_of(term, ()) for term, meant in raw.items() if meant is not None}
    for term in raw:
        terms.pop(term, None)
        prefixes.pop(term, None)
    terms.update(defined)
    prefixes.update({term: iri for term, iri in defined.items() if term in simple and iri[-1:] in GEN_DELIMS})
    return vocab


def _meaning(term: str, meant: Any) -> str | None:
    if isinstance(meant, dict):
        if "@context" in meant:
            raise BadRequestData(f"@context: {term!r} has a context of its own, which NGSI-LD forbids (5.5.7)")
        meant = meant.get("@id", term)
    if meant is not None and not (isinstance(meant, str) and meant):
        raise BadRequestData(f"@context: {term!r} is defined by an IRI, or by an object with @id")
    return meant


GEN_DELIMS = ":/?#[]@"
"""A simple term whose IRI ends with one of these may stand before a colon (JSON-LD 1.1, 4.1.5)."""


def _may_be_prefix(meant: Any) -> bool:
    return isinstance(meant, str) or (isinstance(meant, dict) and meant.get("@prefix") is True)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The definitions of one context while they are resolved. `simple`: terms that may be prefixes; `before`,
    `prefixes`: what earlier contexts defined."""

    raw: Mapping[str, str | None]
    simple: frozenset[str]
    before: Mapping[str, str]
    prefixes: Mapping[str, str]
    vocab: str

    def iri_of(self, term: str, seen: tuple[str, ...]) -> str:
        meant = self.raw.get(term)
        if term in seen or len(seen) > 50:
            raise BadRequestData(f"@context: {' -> '.join((*seen[:5], term))} goes round in a circle")
        if term in CORE_TERMS or term in PREFIXES:
            return CORE_TERMS.get(term) or PREFIXES[term]
        if meant is None:
            return self.before.get(term) or self.vocab + term
        if meant.startswith("@"):
            return meant
        prefix, colon, suffix = meant.partition(":")
        if not colon:
            known = meant != term and (meant in self.raw or meant in self.before or meant in CORE_TERMS)
            return self.iri_of(meant, (*seen, term)) if known else self.vocab + meant
        if suffix.startswith("//"):
            return meant
        base = self._base(prefix, (*seen, term))
        return meant if base is None else base + suffix

    def _base(self, prefix: str, seen: tuple[str, ...]) -> str | None:
        """What a prefix stands for; None where it is none."""
        if prefix in PREFIXES:
            return PREFIXES[prefix]
        if self.raw.get(prefix) is None:
            return self.prefixes.get(prefix)
        iri = self.iri_of(prefix, seen)
        return iri if prefix in self.simple and iri[-1:] in GEN_DELIMS else None
