"""One attribute of a document into its instances: kind, value, members, sub-attributes (ETSI GS CIM 009, 4.5).

Runs for every attribute of every measurement: written lean.
"""

from typing import Any, NoReturn

from simos.hub.contexts import Context
from simos.hub.ngsild.kinds import (
    GEO_TERMS,
    GEOMETRIES,
    KIND_OF_MEMBER,
    KINDS,
    MEMBER,
    NULL,
    OUTPUT_MEMBERS,
    PLAIN_MEMBERS,
    RESERVED,
    SEALS,
    SYSTEM_MEMBERS,
    looks_like_geometry,
)
from simos.hub.ngsild.parse_value import READ, is_null, is_uri
from simos.hub.ngsild.times import canonical
from simos.hub.problems import BadRequestData
from simos.hub.values import Instance

_DEPTH = 10
_PASSED_OVER = SYSTEM_MEMBERS | {"type", "@type", "entity", "entityList", "lang"}
_FORBIDDEN = (OUTPUT_MEMBERS - {"entity", "entityList"}) | {"@context"}
_PROOF = "ngsildproof"


def _refuse(term: str, what: str) -> NoReturn:
    raise BadRequestData(f"{term}: {what}", attribute=term)


class AttributeReader:
    """How the attributes of one request are to be read.

    `simplified`: keys and values only. `nulls`: NGSI-LD Null is allowed. `partial`: kind and value may be missing.
    `many`: an attribute may have several instances of one dataset (at several times). `merging`: Null may stand inside
    of a value, at any depth.
    """

    def __init__(
        self,
        context: Context,
        *,
        simplified: bool = False,
        nulls: bool = False,
        partial: bool = False,
        many: bool = False,
        merging: bool = False,
    ) -> None:
        self._context = context
        self._simplified = simplified
        self.nulls = nulls
        self._merging = merging
        self._partial = partial
        self._many = many

    def speaking(self, context: Context) -> "AttributeReader":
        """The same in other words."""
        return AttributeReader(
            context,
            simplified=self._simplified,
            nulls=self.nulls,
            partial=self._partial,
            many=self._many,
            merging=self._merging,
        )

    def name(self, term: str) -> str:
        """The expanded name of an attribute; BadRequestData where `term` cannot be one."""
        if term in RESERVED or term in SYSTEM_MEMBERS or term.startswith("@"):
            _refuse(term, "is a word of NGSI-LD itself and cannot name an attribute")
        return self._context.name(term)

    def instances(self, term: str, content: Any, depth: int = 0) -> list[Instance]:
        """The instances of the attribute `term`, one for each `datasetId` (or more, where `many`)."""
        if self._simplified and depth == 0:
            return self._simplified_instances(term, content)
        if self._many and content == []:
            _refuse(term, "has no instance")
        if not isinstance(content, list) or not self._is_multi(content):
            return [self._instance(term, content, depth)]
        found = [self._instance(term, each, depth) for each in content]
        if not self._many or depth:
            _refuse_twins(term, found)
        return found

    def _is_multi(self, content: list[Any]) -> bool:
        """Whether an array holds instances, rather than being a concise Property's value."""
        return bool(content) and (self._many or all(map(_is_described, content)))

    def _instance(self, term: str, content: Any, depth: int) -> Instance:
        if depth > _DEPTH:
            _refuse(term, f"sub-attributes lie more than {_DEPTH} deep")
        if not isinstance(content, dict):
            return self._bare(term, content)
        if not _FORBIDDEN.isdisjoint(content):
            _refuse(term, f"has {min(_FORBIDDEN.intersection(content))}, which does not stand in a request")
        kind = content.get("type", content.get("@type"))
        if kind is not None and not isinstance(kind, str):
            kind = str(kind)
        if kind in GEOMETRIES:
            return self._finished(term, "GeoProperty", content)
        if "@value" in content and "value" not in content:
            return self._finished(term, "Property", content)
        if kind is None:
            kind = self._kind_by_member(term, content)
        elif kind not in KINDS:
            _refuse(term, f"there is no kind of attribute {kind[:60]!r}; the kinds are {', '.join(KINDS)}")
        instance: Instance = {"type": kind} if kind else {}
        if kind:
            self._take_value(term, kind, content, instance)
        for member, inner in content.items():
            if member in PLAIN_MEMBERS:
                self._take_member(term, member, inner, instance)
            elif member in SEALS:
                instance[member] = self._seal(term, member, inner)
            elif member not in _PASSED_OVER and member not in KIND_OF_MEMBER:
                instance[self.name(member)] = self.instances(f"{term}.{member}", inner, depth + 1)
        if "unitCode" in instance and kind and not KINDS[kind].has_unit:
            _refuse(term, f"a {kind} has no unitCode")
        return instance

    def _seal(self, term: str, member: str, inner: Any) -> str:
        if term != _PROOF:
            _refuse(term, f"{member} stands in {_PROOF} only")
        if not isinstance(inner, str) or not inner:
            _refuse(term, f"{member}: must be a string")
        return self._context.expand(inner) if member == "entityTypeSealed" else inner

    def _bare(self, term: str, content: Any) -> Instance:
        if content is None:
            _refuse(term, "is null: an attribute has a value" + (f"; to delete it send {NULL}" if self.nulls else ""))
        return self._finished(term, "Property", content)

    def _finished(self, term: str, kind: str, value: Any) -> Instance:
        instance: Instance = {"type": kind}
        self._take_value(term, kind, {MEMBER[kind]: value}, instance)
        return instance

    def _kind_by_member(self, term: str, content: dict[str, Any]) -> str:
        members = [member for member in KIND_OF_MEMBER if member in content]
        if len(members) > 1:
            _refuse(term, f"has {' and '.join(members)}, where one says its value")
        if not members:
            if self._partial:
                return ""
            _refuse(term, f"says neither its type ({', '.join(KINDS)}) nor a value ({', '.join(KIND_OF_MEMBER)})")
        kind = KIND_OF_MEMBER[members[0]]
        return "GeoProperty" if kind == "Property" and looks_like_geometry(content["value"]) else kind

    def _take_value(self, term: str, kind: str, content: dict[str, Any], instance: Instance) -> None:
        member = MEMBER[kind]
        value = content.get(member)
        if kind != "GeoProperty" and term in GEO_TERMS and not (value == NULL and self.nulls):
            _refuse(term, f"is a GeoProperty, not a {kind}")
        for other in KIND_OF_MEMBER:
            if other in content and other != member:
                _refuse(term, f"a {kind} has no {other}; its value stands in {member}")
        if value is None:
            if self._partial and member not in content:
                return
            _refuse(term, f"a {kind} needs its {member}, and that is not null")
        if is_null(value):
            if not self.nulls:
                _refuse(term, f"{NULL} stands only in an update or a merge")
            instance[member] = NULL
            return
        if not self._merging and isinstance(value, dict | list) and _holds_null(value):
            _refuse(term, f"{NULL} stands inside of a value only in a merge")
        if term == _PROOF and not isinstance(value, dict):
            _refuse(term, "has a proof, which is an object")
        try:
            instance[member] = READ[kind](value, self._context)
        except ValueError as error:
            _refuse(term, f"a {kind} {error}")

    def _take_member(self, term: str, member: str, inner: Any, instance: Instance) -> None:
        if inner == NULL and self.nulls and member != "datasetId":
            instance[member] = NULL
        elif member in ("observedAt", "expiresAt"):
            try:
                instance[member] = canonical(inner if isinstance(inner, str) else str(inner))
            except ValueError as error:
                _refuse(term, f"{member}: {error}")
        elif member == "datasetId":
            if inner == "@none":
                return
            if not is_uri(inner) or inner == NULL:
                _refuse(term, f"datasetId: must be a URI, not {str(inner)[:100]!r}")
            instance[member] = inner
        elif member == "unitCode":
            if not isinstance(inner, str) or not inner:
                _refuse(term, "unitCode: must be a string (a UN/CEFACT code, such as CEL)")
            instance[member] = inner
        else:
            listed = inner if isinstance(inner, list) else [inner]
            if not listed or not all(isinstance(each, str) and each for each in listed):
                _refuse(term, f"{member}: must be a type's name, or an array of them")
            if member == "valueType" and instance.get("type") == "LanguageProperty" and listed != ["langString"]:
                _refuse(term, "valueType: that of a LanguageProperty is langString")
            named = [self._context.name(each) for each in listed]
            instance[member] = named if isinstance(inner, list) else named[0]

    def _simplified_instances(self, term: str, content: Any) -> list[Instance]:
        if isinstance(content, dict) and set(content) == {"dataset"} and isinstance(content["dataset"], dict):
            if not content["dataset"]:
                _refuse(term, "dataset: must not be empty")
            found = []
            for dataset, inner in content["dataset"].items():
                instance = self._simplified_instance(term, inner)
                self._take_member(term, "datasetId", dataset, instance)
                found.append(instance)
            return found
        return [self._simplified_instance(term, content)]

    def _simplified_instance(self, term: str, content: Any) -> Instance:
        if isinstance(content, dict) and len(content) == 1:
            (member,) = content
            if member in _SIMPLIFIED_MEMBERS:
                return self._finished(term, KIND_OF_MEMBER[member], content[member])
        if looks_like_geometry(content):
            return self._finished(term, "GeoProperty", content)
        return self._bare(term, content)


def _holds_null(value: Any) -> bool:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif each == NULL:
            return True
    return False


_DESCRIBING = frozenset({*KIND_OF_MEMBER, *PLAIN_MEMBERS, "type"})
_SIMPLIFIED_MEMBERS = frozenset(KIND_OF_MEMBER) - {"value", "object"}


def _is_described(content: Any) -> bool:
    return isinstance(content, dict) and not _DESCRIBING.isdisjoint(content)


def _refuse_twins(term: str, instances: list[Instance]) -> None:
    seen = set()
    for instance in instances:
        dataset = instance.get("datasetId", "")
        if dataset in seen:
            _refuse(term, f"has two instances {'of dataset ' + dataset if dataset else 'without datasetId'}")
        seen.add(dataset)
