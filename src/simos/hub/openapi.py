"""The hub's addresses as an OpenAPI 3.1 document, made from the table of routes and what their code says of them.

What the parameters mean, their standards say in full.
"""

import inspect
import re
from collections.abc import Mapping
from typing import Any

from simos.hub.faces import ROUTES
from simos.hub.server.parameters import ALLOWED, FLAGS, NUMBERS, VALUES
from simos.kernel.errors import MEDIA_TYPE

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
STANDARDS: Mapping[str, dict[str, str]] = {
    "/ngsi-ld/": {"description": "ETSI GS CIM 009", "url": "https://cim.etsi.org/NGSI-LD/official/0--1.html"},
    "/sensorthings/": {"description": "OGC 18-088", "url": "https://docs.ogc.org/is/18-088/18-088.html"},
    "/ogc/": {"description": "OGC 17-069r4", "url": "https://docs.ogc.org/is/17-069r4/17-069r4.html"},
}
TAGS: tuple[tuple[str, str, str], ...] = (
    ("/ngsi-ld/v1/entities", "NGSI-LD entities", "Things and their attributes, now."),
    ("/ngsi-ld/v1/entityOperations", "NGSI-LD batches", "Many entities at a time."),
    ("/ngsi-ld/v1/temporal", "NGSI-LD temporal", "Things and their attributes over time."),
    ("/ngsi-ld/v1/subscriptions", "NGSI-LD subscriptions", "Being told of changes."),
    ("/ngsi-ld/v1/jsonldContexts", "NGSI-LD contexts", "Names of one's own."),
    ("/ngsi-ld/v1", "NGSI-LD discovery", "Which types and attributes there are."),
    ("/ogc", "OGC API - Features", "Things for maps, by city."),
    ("/sensorthings", "SensorThings", "Observations for sensor clients, by city."),
    ("/hub", "Hub", "Live stream, change log, devices and tokens."),
)
"""Beginning of an address, its group, and what that is; the first that fits counts."""


def hub_document() -> Mapping[str, Any]:
    """`tags`, `paths` and `components` of the hub, as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    for method, address, endpoint, writing in ROUTES:
        tag = next(name for start, name, _ in TAGS if address.startswith(start))
        used.add(tag)
        plain = _PARAMETER.sub(r"{\1}", address)
        paths.setdefault(plain, {})[method.lower()] = _operation(method, address, endpoint, writing=writing, tag=tag)
    return {
        "tags": [{"name": name, "description": said} for _, name, said in TAGS if name in used],
        "paths": paths,
        "components": {"schemas": {"ProblemDetails": _PROBLEM}},
    }


def _operation(method: str, address: str, endpoint: Any, *, writing: bool, tag: str) -> dict[str, Any]:
    said = inspect.getdoc(endpoint) or ""
    summary, _, more = said.partition("\n\n")
    named = [_path_parameter(name) for name in _PARAMETER.findall(address)]
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()}{_PARAMETER.sub('', address).replace('/', '_').replace('-', '_')}"
        + "".join(f"_by_{name}" for name in _PARAMETER.findall(address)),
        "tags": [tag],
        "summary": " ".join(summary.split()) or endpoint.__name__.replace("_", " "),
        "description": " ".join(more.split()),
        "parameters": [*named, *_query_parameters(method, address), *([] if "{tenant}" in address else [_TENANT])],
        "responses": {
            "200" if not writing else "2XX": {"description": "Done, as the standard says."},
            "default": _REFUSED,
        },
    }
    for start, document in STANDARDS.items():
        if address.startswith(start):
            operation["externalDocs"] = document
    if method in ("POST", "PUT", "PATCH"):
        content = {
            kind: {"schema": {"type": ["object", "array"]}} for kind in ("application/json", "application/ld+json")
        }
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _query_parameters(method: str, address: str) -> list[dict[str, Any]]:
    """Those that the address knows, where it knows no others."""
    known = ALLOWED.get((method, address), frozenset())
    return [{"name": name, "in": "query", "required": False, "schema": _schema(name)} for name in sorted(known)]


def _schema(name: str) -> dict[str, Any]:
    if name in FLAGS:
        return {"type": "boolean"}
    if name in NUMBERS:
        return {"type": "integer", "minimum": 0}
    listed = VALUES.get(name)
    return {"type": "string", "enum": sorted(listed)} if listed else {"type": "string"}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


_TENANT = {
    "name": "NGSILD-Tenant",
    "in": "header",
    "required": False,
    "description": "The city's code; without it the default tenant is meant.",
    "schema": {"type": "string"},
}
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457) of a kind that ETSI GS CIM 009, clause 5.5.2 names.",
    "required": ["type", "title"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_REFUSED = {
    "description": "Refused; the body says why.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
}
