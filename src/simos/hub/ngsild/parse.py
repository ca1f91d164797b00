"""NGSI-LD documents into the hub's form: normalized and concise always, simplified where told (ETSI GS CIM 009, 4.5).

Either all of a document is right, or BadRequestData names the attribute and what is wrong. Nothing is stored here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simos.hub.contexts import CORE, Context
from simos.hub.ngsild.kinds import NULL, SCOPE, SYSTEM_MEMBERS
from simos.hub.ngsild.parse_attribute import AttributeReader
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.ngsild.times import instant, micros_of_text, text_of_micros
from simos.hub.problems import BadRequestData
from simos.hub.values import NEVER, Attributes, Instance, Mode, Write
from simos.kernel.errors import Problem

_NOT_ATTRIBUTES = frozenset(
    {"id", "@id", "type", "@type", "@context", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt"}
)
_SCOPE = re.compile(r"/?[^\W\d_]\w*(/[^\W\d_]\w*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntity:
    """What a document says, names expanded. `id` is "" and `types` is () in a fragment that does not give them;
    `scopes` and `expires_at` are None where it says nothing of them."""

    id: str
    types: tuple[str, ...]
    attributes: Attributes
    scopes: tuple[str, ...] | None = None
    expires_at: int | None = None

    def write(self, tenant: str, mode: Mode, *, entity_id: str = "", granted: frozenset[str] | None = None) -> Write:
        """This as a write of `mode`, to `entity_id` where one is given, else to the entity that it names."""
        return Write(
            tenant=tenant,
            id=entity_id or self.id,
            mode=mode,
            types=self.types,
            attributes=self.attributes,
            scopes=self.scopes,
            expires_at=self.expires_at,
            granted=granted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """A document of a batch that is wrong. `id` is "" where it has none to go by."""

    id: str
    problem: Problem


def parse_entity(document: Any, context: Context, *, simplified: bool = False) -> ParsedEntity:
    """A whole entity: `id` and `type` must be there, NGSI-LD Null must not."""
    return _parse(document, context, AttributeReader(context, simplified=simplified), whole=True)


def parse_fragment(
    document: Any,
    context: Context,
    *,
    partial: bool = False,
    nulls: bool = False,
    simplified: bool = False,
    merging: bool = False,
) -> ParsedEntity:
    """Part of an entity. `nulls`: NGSI-LD Null may stand for 'delete this' (merge, update, partial update).

    `partial`: each attribute may be without kind and value, some of its members are enough; implies `nulls`.
    `merging`: Null may stand inside of values too (5.5.12).
    """
    reader = AttributeReader(
        context, simplified=simplified, nulls=nulls or partial, partial=partial or merging, merging=merging
    )
    return _parse(document, context, reader, whole=False)


def parse_attribute(term: str, content: Any, context: Context, *, partial: bool) -> list[Instance]:
    """The instances of one attribute. `partial`: some of its members are enough, and NGSI-LD Null may delete them."""
    return AttributeReader(context, partial=partial, nulls=partial).instances(term, content)


def parse_temporal(document: Any, context: Context) -> ParsedEntity:
    """The temporal form of an entity: each attribute an array of instances, as many of a dataset as there are times.
    NGSI-LD Null says that there was none then (4.5.7). Scopes become the instances of an attribute SCOPE (4.5.6);
    `scopes` are those that were last."""
    reader = AttributeReader(context, many=True, nulls=True)
    if not isinstance(document, dict) or "scope" not in document:
        return _parse(document, context, reader, whole=True)
    parsed = _parse({name: inner for name, inner in document.items() if name != "scope"}, context, reader, whole=True)
    instances = _scope_instances(document["scope"])
    parsed.attributes[SCOPE] = instances
    last = max(instances, key=lambda each: each.get("observedAt", ""))["value"]
    return replace(parsed, scopes=() if last == NULL else tuple(last) if isinstance(last, list) else (last,))


_OF_A_SCOPE = frozenset({"type", "@type", "value", "observedAt", *SYSTEM_MEMBERS})


def _scope_instances(given: Any) -> list[Instance]:
    """What a temporal document says of its scopes: scopes, or instances of a Property whose values are scopes."""
    listed = given if isinstance(given, list) else [given]
    if not any(isinstance(each, dict) for each in listed):
        return [scope_instance(_scopes_of(given, nulls=True))]
    found = []
    for each in listed:
        if not isinstance(each, dict) or each.get("type", each.get("@type", "Property")) != "Property":
            raise BadRequestData("scope: its instances are Properties")
        if unknown := sorted(each.keys() - _OF_A_SCOPE):
            raise BadRequestData(f"scope: has no {unknown[0][:60]!r}, only a value and observedAt")
        instance = scope_instance(_scopes_of(each.get("value"), nulls=True))
        if "observedAt" in each:
            instance["observedAt"] = text_of_micros(instant(each["observedAt"], "scope: observedAt"))
        found.append(instance)
    return found


def scope_instance(scopes: tuple[str, ...], observed: str | None = None) -> Instance:
    """How the scopes of an entity stand in its history; none at all as NGSI-LD Null."""
    value: Any = list(scopes) if len(scopes) > 1 else scopes[0] if scopes else NULL
    return {"type": "Property", "value": value} | ({"observedAt": observed} if observed else {})


def parse_batch(
    documents: Sequence[Any],
    context: Context,
    *,
    nulls: bool = False,
    merging: bool = False,
    simplified: bool = False,
    understand: Callable[[Any], Context] | None = None,
) -> Iterator[ParsedEntity | Unparsed]:
    """Each document of a batch by itself, in order.

    `understand`: given the `@context` that each brings along (JSON-LD), its meaning; None where none may.
    """
    reader = AttributeReader(context, simplified=simplified, nulls=nulls or merging, partial=merging, merging=merging)
    for document in documents:
        try:
            if not isinstance(document, dict) or ("@context" in document) != (understand is not None):
                _refuse_context(document)
            if understand is None:
                yield _parse(document, context, reader, whole=True, typed=not merging)
            else:
                own = understand(document["@context"])
                own_reader = reader if own is context else reader.speaking(own)
                yield _parse(document, own, own_reader, whole=True, typed=not merging)
        except Problem as problem:
            named = document.get("id", document.get("@id")) if isinstance(document, dict) else None
            yield Unparsed(id=named if isinstance(named, str) else "", problem=problem)


def _refuse_context(document: Any) -> None:
    if not isinstance(document, dict):
        raise BadRequestData("an entity is a JSON object")
    if "@context" in document:
        raise BadRequestData("'@context' stands in a body of application/ld+json only; else in a Link header")
    raise BadRequestData("in a body of application/ld+json every entity has an '@context'")


def _parse(
    document: Any, context: Context, reader: AttributeReader, *, whole: bool, typed: bool = True
) -> ParsedEntity:
    if not isinstance(document, dict):
        raise BadRequestData("an entity is a JSON object")
    entity_id = _id_of(document, needed=whole)
    types = _types_of(document, context, needed=whole and typed)
    scopes = _scopes_of(document["scope"], nulls=reader.nulls) if "scope" in document else None
    expires_at = _expiry_of(document["expiresAt"], nulls=reader.nulls) if "expiresAt" in document else None
    attributes: Attributes = {}
    for term, content in document.items():
        if term in _NOT_ATTRIBUTES:
            continue
        name = reader.name(term)
        if name in attributes:
            raise BadRequestData(f"{term}: the attribute is there twice, under two names")
        attributes[name] = reader.instances(term, content)
    return ParsedEntity(id=entity_id, types=types, attributes=attributes, scopes=scopes, expires_at=expires_at)


def _expiry_of(given: Any, *, nulls: bool) -> int:
    if given == NULL and nulls:
        return NEVER
    try:
        return micros_of_text(str(given))
    except ValueError as error:
        raise BadRequestData(f"expiresAt: {error}") from None


def _id_of(document: dict[str, Any], *, needed: bool) -> str:
    entity_id = document.get("id", document.get("@id"))
    if entity_id is None and not needed:
        return ""
    if entity_id is None:
        raise BadRequestData("id: an entity needs one")
    if not is_uri(entity_id) or entity_id == NULL:
        raise BadRequestData(f"id: must be a URI such as urn:ngsi-ld:Sensor:1, not {str(entity_id)[:100]!r}")
    return str(entity_id)


def _types_of(document: dict[str, Any], context: Context, *, needed: bool) -> tuple[str, ...]:
    given = document.get("type", document.get("@type"))
    if given is None and not needed:
        return ()
    names: list[Any] = given if isinstance(given, list) else [given]
    if not names or NULL in names or not all(isinstance(name, str) and name for name in names):
        raise BadRequestData("type: an entity needs one, a string or an array of strings")
    return tuple(sorted({context.name(name) for name in names}))


def _scopes_of(given: Any, *, nulls: bool) -> tuple[str, ...]:
    scopes = given if isinstance(given, list) else [given]
    if scopes == [NULL] and nulls:
        return ()
    if not scopes:
        raise BadRequestData("scope: is missing in an empty array")
    for scope in scopes:
        if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
            raise BadRequestData(f"scope: looks like /Gorica/Centre, not {str(scope)[:100]!r}")
    return tuple(dict.fromkeys(scope if scope.startswith("/") else f"/{scope}" for scope in scopes))


def attribute_name(term: str, context: Context = CORE) -> str:
    """The expanded name of an attribute that a path or a parameter names; BadRequestData where it cannot be one."""
    return AttributeReader(context).name(term)
