"""The kinds of attribute that NGSI-LD has (ETSI GS CIM 009, 4.5), as a table, and the members that instances may have.

Everything that treats kinds differently asks this table.
"""

from dataclasses import dataclass

from simos.hub.core_terms import NGSI_LD

NULL = "urn:ngsi-ld:null"
"""NGSI-LD Null: in a merge or an update it stands for 'delete this'."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`member` holds the value; `plural` is its name where temporal values are listed."""

    name: str
    member: str
    plural: str
    has_unit: bool = False


_KINDS = (
    Kind("Property", "value", "values", has_unit=True),
    Kind("Relationship", "object", "objects"),
    Kind("GeoProperty", "value", "values"),
    Kind("LanguageProperty", "languageMap", "languageMaps"),
    Kind("VocabProperty", "vocab", "vocabs"),
    Kind("JsonProperty", "json", "jsons"),
    Kind("ListProperty", "valueList", "valueLists", has_unit=True),
    Kind("ListRelationship", "objectList", "objectLists"),
)

KINDS = {kind.name: kind for kind in _KINDS}
MEMBER = {kind.name: kind.member for kind in _KINDS}
"""The member that holds the value, by name of the kind."""

KIND_OF_MEMBER = {kind.member: kind.name for kind in _KINDS if kind.name != "GeoProperty"}
"""What a concise instance is, by the member it has; `value` with a geometry in it is a GeoProperty."""

GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})

SCOPE = NGSI_LD + "scope"
"""Under which name the scopes of an entity have a history, as if they were a Property (4.5.6)."""

PLAIN_MEMBERS = frozenset({"observedAt", "unitCode", "datasetId", "objectType", "valueType", "expiresAt"})
"""Members beside the value, under which no sub-attribute can be."""

SYSTEM_MEMBERS = frozenset({"createdAt", "modifiedAt", "deletedAt", "instanceId"})
"""The hub's own: ignored where users send them."""

SHOWN_ON_DEMAND = SYSTEM_MEMBERS | {"expiresAt"}
"""Members that are shown with `sysAttrs` only (6.3.11)."""

GEO_TERMS = frozenset({"location", "observationSpace", "operationSpace"})
"""Names of the core that are GeoProperties and nothing else (4.7.1)."""

SEALS = frozenset({"entityIdSealed", "entityTypeSealed"})
"""Members of `ngsildproof` alone, bare strings (4.5.2.2)."""

OUTPUT_MEMBERS = frozenset(
    {
        "entity",
        "entityList",
        "previousValue",
        "previousObject",
        "previousLanguageMap",
        "previousVocab",
        "previousJson",
        "previousValueList",
        "previousObjectList",
    }
)
"""Members that only answers may have."""

RESERVED = frozenset({*KIND_OF_MEMBER, *PLAIN_MEMBERS, *OUTPUT_MEMBERS, "dataset"})
"""Terms that belong to the inside of an attribute and cannot name one."""


def looks_like_geometry(value: object) -> bool:
    if not isinstance(value, dict) or "coordinates" not in value:
        return False
    kind = value.get("type")
    return isinstance(kind, str) and kind in GEOMETRIES
