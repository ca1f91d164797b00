"""A city's features described in OpenAPI 3.0, as OGC 17-069r4 (clause 9) wants it: a plain value."""

from typing import Any

from simos.hub.features.asked import LIMIT, MOST
from simos.hub.server.negotiation import GEO_JSON, JSON
from simos.kernel.errors import MEDIA_TYPE

_TEXT = {"type": "string"}
_OBJECT: dict[str, Any] = {"type": "object"}


def _parameter(name: str, said: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "required": False, "schema": schema, **more}


def _in_path(name: str, said: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "description": said, "required": True, "schema": _TEXT}


_PARAMETERS = {
    "bbox": _parameter(
        "bbox",
        "Only features whose geometry meets this box: west,south,east,north in degrees (WGS 84).",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        style="form",
        explode=False,
    ),
    "datetime": _parameter(
        "datetime", "Only features last observed then: a time, a day, or an interval (with .. for an open end).", _TEXT
    ),
    "limit": _parameter(
        "limit",
        "Features on a page at most.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        style="form",
        explode=False,
    ),
    "offset": _parameter("offset", "Features passed over.", {"type": "integer", "minimum": 0, "default": 0}),
    "f": _parameter("f", "The form of the answer.", {"type": "string", "enum": ["json", "geojson"]}),
    "properties": _parameter(
        "properties",
        "Any property of the collection by its name: only features that have this value.",
        {"type": "object", "additionalProperties": _TEXT},
        style="form",
        explode=True,
    ),
    "collectionId": _in_path("collectionId", "A collection, as listed under /collections."),
    "featureId": _in_path("featureId", "The identifier of a feature."),
}
_ITEMS = ("bbox", "datetime", "limit", "offset", "f", "properties")


def _operation(said: str, name: str, media_type: str, *parameters: str) -> dict[str, Any]:
    refused = {"$ref": "#/components/responses/Refused"}
    return {
        "get": {
            "operationId": name,
            "tags": ["Features"],
            "summary": said,
            "parameters": [{"$ref": f"#/components/parameters/{each}"} for each in parameters],
            "responses": {
                "200": {"description": said, "content": {media_type: {"schema": _OBJECT}}},
                **dict.fromkeys(("400", "401", "403", "404", "406", "500"), refused),
            },
        }
    }


def document(base: str, tenant: str) -> dict[str, Any]:
    """The whole description of the features at `base`."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"SiMOS: features of {tenant or 'default'}",
            "version": "1.0",
            "license": {"name": "See the licence of each collection"},
        },
        "servers": [{"url": base}],
        "tags": [{"name": "Features", "description": "OGC API - Features, Part 1: Core"}],
        "paths": {
            "/": _operation("The first page", "landing", JSON, "f"),
            "/api": _operation("This description", "api", "application/vnd.oai.openapi+json;version=3.0", "f"),
            "/conformance": _operation("The standards that this conforms to", "conformance", JSON, "f"),
            "/collections": _operation("The collections: one for each type of thing", "collections", JSON, "f"),
            "/collections/{collectionId}": _operation("One collection", "collection", JSON, "collectionId", "f"),
            "/collections/{collectionId}/queryables": _operation(
                "The properties by which features can be asked for",
                "queryables",
                "application/schema+json",
                *("collectionId", "f"),
            ),
            "/collections/{collectionId}/items": _operation(
                "Features as they are now", "items", GEO_JSON, "collectionId", *_ITEMS
            ),
            "/collections/{collectionId}/items/{featureId}": _operation(
                "One feature as it is now", "item", GEO_JSON, "collectionId", "featureId", "f"
            ),
        },
        "components": {
            "parameters": _PARAMETERS,
            "responses": {
                "Refused": {
                    "description": "Refused; the body says why (RFC 9457).",
                    "content": {MEDIA_TYPE: {"schema": _OBJECT}},
                }
            },
        },
    }
