"""JSON-LD names at the edge: short terms to full IRIs and back, as NGSI-LD has it (ETSI GS CIM 009, 5.5.7).

The core terms win over everybody's; what nobody defines lies in the default vocabulary. Nothing here fetches.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

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

    def __init__(self, sources: tuple[Any, ...], terms: Mapping[str, str], vocab: str) -> None:
        self._sources = sources
        self._terms = {**PREFIXES, **terms, **CORE_TERMS}
        self._vocab = vocab
        self._prefixes = sorted(
            ((iri, term) for term, iri in {**PREFIXES, **terms}.items() if iri[-1:] in ":/?#[]@"),
            key=lambda pair: (-len(pair[0]), len(pair[1]), pair[1]),
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
            return self._vocab + term
        base = self._terms.get(prefix)
        return base + suffix if base is not None and not suffix.startswith("//") else term

    def _compact(self, iri: str) -> str:
        if iri in self._shortest:
            return self._shortest[iri]
        if iri.startswith(self._vocab) and len(iri) > len(self._vocab):
            suffix = iri[len(self._vocab) :]
            if ":" not in suffix and suffix not in self._terms:
                return suffix
        short = [f"{term}:{iri[len(base) :]}" for base, term in self._prefixes if iri.startswith(base) and iri != base]
        usable = [each for each in short if each not in self._terms and self._expand(each) == iri]
        return min(usable, key=lambda each: (len(each), each), default=iri)

    @property
    def url(self) -> str | None:
        """One address that says all of this context, if there is one: for the Link header."""
        return CORE_URL if not self._sources else None

    def as_json(self) -> Any:
        """What to put under `@context` in a body."""
        return [*self._sources, CORE_URL] if self._sources else CORE_URL

    def link(self) -> str | None:
        """The Link header (RFC 8288) that names this context, where one address does."""
        return f'<{self.url}>; rel="{LINK_REL}"; type="application/ld+json"' if self.url else None


def _kept(cache: dict[str, str], key: str, value: str) -> str:
    if len(cache) < _CACHED_NAMES:
        cache[key] = value
    return value


CORE: Final = Context((), {}, DEFAULT_VOCAB)
"""The core context alone."""


def context_of(source: object) -> Context:
    """The context that an `@context` (or the address in a Link header) means.

    None and the core's own addresses: CORE. BadRequestData where it is malformed, LdContextNotAvailable where it names
    an address that we cannot follow.
    """
    if source is None or source == []:
        return CORE
    if isinstance(source, str) and _CORE_ADDRESS.fullmatch(source):
        return CORE
    try:
        return _read(orjson.dumps(source))
    except TypeError:
        raise BadRequestData("@context is an address, an object, or a list of these") from None


@lru_cache(maxsize=512)
def _read(source: bytes) -> Context:
    parts: list[Any] = []
    _collect(orjson.loads(source), parts, depth=0)
    if not parts:
        return CORE
    raw: dict[str, str | None] = {}
    vocab = DEFAULT_VOCAB
    for part in parts:
        vocab = _merge_definitions(part, raw, vocab)
    terms = {term: _resolved(term, raw, vocab, ()) for term, meant in raw.items() if meant is not None}
    return Context(tuple(parts), terms, vocab)


def _collect(source: Any, parts: list[Any], *, depth: int) -> None:
    if depth > 8 or len(parts) > 100:
        raise BadRequestData("@context: too many or too deep")
    if isinstance(source, list):
        for each in source:
            _collect(each, parts, depth=depth + 1)
    elif isinstance(source, str):
        if not _CORE_ADDRESS.fullmatch(source):
            _collect(context_at(source), parts, depth=depth + 1)
    elif isinstance(source, dict):
        if "@context" in source:
            _collect(source["@context"], parts, depth=depth + 1)
        elif source:
            parts.append(source)
    elif source is not None:
        raise BadRequestData("@context is an address, an object, or a list of these")


def context_at(address: str) -> Any:
    """The content of the context at an address. The one place that is to fetch, keep and host them."""
    if not re.fullmatch(r"https?://[^\s]+", address):
        raise BadRequestData(f"@context: {address[:200]!r} is not an address")
    raise LdContextNotAvailable(f"the context {address[:200]} cannot be fetched: only the core context is known here")


def _merge_definitions(part: dict[str, Any], raw: dict[str, str | None], vocab: str) -> str:
    for term, meant in part.items():
        if term == "@vocab":
            if meant is not None and not (isinstance(meant, str) and _ABSOLUTE.fullmatch(meant)):
                raise BadRequestData("@context: @vocab is an IRI")
            vocab = meant or DEFAULT_VOCAB
        elif term == "@import":
            _collect(context_at(meant if isinstance(meant, str) else ""), [], depth=0)
        elif not term or (term.startswith("@") and term not in _KEYWORDS_WITHOUT_WEIGHT):
            raise BadRequestData(f"@context: {term!r} cannot be defined")
        elif not term.startswith("@") and term not in _ALIASES:
            raw[term] = _meaning(term, meant)
    return vocab


def _meaning(term: str, meant: Any) -> str | None:
    if isinstance(meant, dict):
        meant = meant.get("@id", term)
    if meant is not None and not (isinstance(meant, str) and meant):
        raise BadRequestData(f"@context: {term!r} is defined by an IRI, or by an object with @id")
    return meant


def _resolved(term: str, raw: Mapping[str, str | None], vocab: str, seen: tuple[str, ...]) -> str:
    meant = raw.get(term)
    if term in seen or len(seen) > 50:
        raise BadRequestData(f"@context: {' -> '.join((*seen[:5], term))} goes round in a circle")
    if term in CORE_TERMS or term in PREFIXES:
        return CORE_TERMS.get(term) or PREFIXES[term]
    if meant is None or meant.startswith("@"):
        return meant or vocab + term
    prefix, colon, suffix = meant.partition(":")
    if not colon:
        known = meant != term and (meant in raw or meant in CORE_TERMS)
        return _resolved(meant, raw, vocab, (*seen, term)) if known else vocab + meant
    if suffix.startswith("//") or (raw.get(prefix) is None and prefix not in PREFIXES):
        return meant
    return _resolved(prefix, raw, vocab, (*seen, term)) + suffix
