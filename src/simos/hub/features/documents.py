"""What is answered at the addresses of OGC API - Features, as plain values. Reads nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from simos.hub.contexts import CORE
from simos.hub.features.asked import seen_at
from simos.hub.ngsild import represent, text_of_micros
from simos.hub.ngsild.kinds import looks_like_geometry
from simos.hub.ngsild.languages import preferences
from simos.hub.server.negotiation import GEO_JSON, JSON
from simos.hub.short_names import short_name
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity
from simos.kernel.module import Attribute, EntityType
from simos.kernel.text import Text

OPENAPI = "application/vnd.oai.openapi+json"
OPENAPI_3 = f"{OPENAPI};version=3.0"
SCHEMA_JSON = "application/schema+json"

_SPEC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    f"{_SPEC}/core",
    f"{_SPEC}/oas30",
    f"{_SPEC}/geojson",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_ABOUT = (
    "Open data of the city as features, live: what sensors and offices say now. Over time: NGSI-LD and SensorThings."
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The things of one type. `id`: its short name. `declared`: what a module says of it, if one does."""

    id: str
    type: str
    declared: EntityType | None


def link(address: str, rel: str, media_type: str, title: str = "") -> Document:
    return {"href": address, "rel": rel, "type": media_type} | ({"title": title} if title else {})


def landing(base: str, tenant: str) -> Document:
    """The first page of a city's features; `base` is its address without a slash at the end."""
    return {
        "title": f"SiMOS: {tenant or 'default'}",
        "description": _ABOUT,
        "links": [
            link(base, "self", JSON, "This document"),
            link(f"{base}/api", "service-desc", OPENAPI_3, "The API, as OpenAPI 3.0"),
            link(f"{base}/conformance", "conformance", JSON, "The standards that it conforms to"),
            link(f"{base}/collections", "data", JSON, "The collections"),
        ],
    }


def conformance() -> Document:
    return {"conformsTo": list(CONFORMS)}


def collections(base: str, found: Iterable[Collection], lang: str) -> Document:
    address = f"{base}/collections"
    return {
        "links": [link(address, "self", JSON, "This document")],
        "collections": [collection_shown(base, each, lang) for each in found],
    }


def collection_shown(base: str, it: Collection, lang: str) -> Document:
    address = f"{base}/collections/{quote(it.id)}"
    title = in_words(it.declared.title, lang) if it.declared else it.id
    links = [
        link(address, "self", JSON, "This document"),
        link(f"{address}/items", "items", GEO_JSON, title),
        link(f"{address}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA_JSON, "Properties"),
    ]
    if it.declared and it.declared.licence:
        links.append(link(licence_address(it.declared.licence), "license", "text/html", it.declared.licence))
    if it.declared and it.declared.source:
        links.append(link(it.declared.source, "describedby", "text/html", "The data model"))
    return {"id": it.id, "title": title, "description": f"{title} ({it.id})", "itemType": "feature"} | {
        "crs": [CRS84],
        "links": links,
    }


def licence_address(name: str) -> str:
    """Where the text of a licence stands: an address as it is, an SPDX name at SPDX."""
    return name if "://" in name else f"https://spdx.org/licenses/{name}.html"


def queryables(base: str, it: Collection, names: Mapping[str, str], lang: str) -> Document:
    """The properties by which features can be asked for, as a JSON schema. `names`: full names by short ones."""
    said: Mapping[str, Attribute] = {each.name: each for each in it.declared.attributes} if it.declared else {}
    properties = {
        short: {"title": in_words(said[short].title, lang) if short in said else short} for short in sorted(names)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}/collections/{quote(it.id)}/queryables",
        "type": "object",
        "title": in_words(it.declared.title, lang) if it.declared else it.id,
        "properties": properties,
        "additionalProperties": False,
    }


def in_words(text: Text, lang: str) -> str:
    """The text in the first language that is wanted and there."""
    there = set(text.languages())
    wanted = (each.split("-")[0].lower() for each in preferences(lang))
    return text.in_(next((each for each in wanted if each in there), "sl"))


def feature(entity: Entity, shown: Document) -> Document:
    """`shown`: the entity as GeoJSON of NGSI-LD, simplified, its names expanded. Here properties have short names."""
    properties = {"observedAt": text_of_micros(seen_at(entity))}
    for name, value in shown["properties"].items():
        if name in ("type", "location"):
            continue
        short = short_name(name) if ":" in name else name
        properties[name if short in properties else short] = value
    return {"type": "Feature", "id": entity.id, "geometry": shown["geometry"], "properties": properties}


def plain_feature(entity: Entity, lang: str) -> Document:
    """As `feature`, of the entity alone: for files and tables."""
    location = entity.attributes.get(LOCATION, ())
    geometry = next((one["value"] for one in location if looks_like_geometry(one.get("value"))), None)
    shown = represent(entity, CORE, form="simplified", lang=lang)
    return feature(entity, {"geometry": geometry, "properties": {n: v for n, v in shown.items() if n != "id"}})


def one_feature(base: str, it: Collection, found: Document) -> Document:
    address = f"{base}/collections/{quote(it.id)}"
    links = [
        link(f"{address}/items/{quote(found['id'], safe=':')}", "self", GEO_JSON),
        link(address, "collection", JSON),
    ]
    return found | {"links": links}


def page(
    base: str,
    it: Collection,
    features: Sequence[Document],
    *,
    given: Sequence[tuple[str, str]],
    offset: int,
    matched: int,
    at: str,
) -> Document:
    """One page of features with the way to its neighbours. `given`: the parameters of the request."""
    address = f"{base}/collections/{quote(it.id)}/items"
    kept = [(name, value) for name, value in given if name != "offset"]
    limit = int(dict(given).get("limit", 0)) or len(features)
    links = [
        link(_with(address, given), "self", GEO_JSON),
        link(f"{base}/collections/{quote(it.id)}", "collection", JSON),
    ]
    if (after := offset + len(features)) < matched and features:
        links.append(link(_with(address, [*kept, ("offset", str(after))]), "next", GEO_JSON))
    if offset:
        links.append(link(_with(address, [*kept, ("offset", str(max(0, offset - limit)))]), "prev", GEO_JSON))
    return {
        "type": "FeatureCollection",
        "timeStamp": at,
        "numberMatched": matched,
        "numberReturned": len(features),
        "links": links,
        "features": list(features),
    }


def _with(address: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters, safe=':,/')}" if parameters else address
